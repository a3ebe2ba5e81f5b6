import json
import logging
import sys

import pytest
from django.test import RequestFactory
from django.urls import get_resolver

from lunar.operations.logs import JsonFormatter, TextFormatter, request_id, shown_path

HOSTILE = 'a\n{"level": "ERROR"}\r\x1b[31m\x85\u2028\udcff"}'


def record(message, *arguments, exc_info=None, **extra):
    made = logging.LogRecord("lunar.x", logging.ERROR, "x.py", 1, message, arguments, exc_info)
    vars(made).update(extra)
    return made


def error():
    try:
        raise ValueError(HOSTILE)
    except ValueError:
        return sys.exc_info()


@pytest.mark.parametrize("exc_info", [None, error()])
def test_whatever_is_logged_is_one_line_of_json(exc_info):
    text = JsonFormatter().format(record("no %s", HOSTILE, exc_info=exc_info))

    assert text.isascii()
    assert text.isprintable()
    assert json.loads(text)["message"] == f"no {HOSTILE}"


def test_a_traceback_is_a_value_of_its_record():
    said = json.loads(JsonFormatter().format(record("x", exc_info=error())))

    assert said["level"] == "ERROR"
    assert said["traceback"].startswith("Traceback (most recent call last):\n")
    assert "ValueError: a\n" in said["traceback"]


@pytest.mark.parametrize("formatter", [JsonFormatter(), TextFormatter()])
def test_a_record_says_of_which_request_it_is(formatter):
    token = request_id.set("moon-1234")
    within = formatter.format(record("x"))
    request_id.reset(token)

    assert "moon-1234" in within
    assert "moon-1234" not in formatter.format(record("x"))


def test_text_begins_no_second_line_of_its_own():
    text = TextFormatter().format(record("no %s", HOSTILE, exc_info=error()))

    first, *others = text.split("\n")
    assert first.startswith("ERROR lunar.x: no a\\n")
    assert all(line.startswith("    ") and line.isprintable() for line in [f"    {first}", *others])


@pytest.mark.parametrize("formatter", [JsonFormatter(), TextFormatter()])
def test_a_failure_at_a_secret_address_does_not_tell_it(formatter):
    request = RequestFactory().get("/suggest/s3cret/")
    failed = record("Internal Server Error: %s", request.path, request=request, exc_info=error())

    text = formatter.format(failed)

    assert "Internal Server Error: /suggest/" in text
    assert "s3cret" not in text


def routes(resolver, before=""):
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern, route)
        else:
            yield route


def test_no_address_with_a_token_is_shown_whole():
    secret = [route for route in routes(get_resolver()) if "token" in route]

    assert secret
    for route in secret:
        path = "/" + route.replace("<str:token>", "s3cret")
        assert "s3cret" in path
        assert "s3cret" not in shown_path(path)
        assert "s3cret" not in shown_path(f"{path}more")


@pytest.mark.parametrize("path", ["/", "/suggest/", "/missions/suggest/x/", "/search/suggest/"])
def test_other_addresses_are_shown_as_they_are(path):
    assert shown_path(path) == path
