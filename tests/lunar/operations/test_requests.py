import json
import logging

import pytest
from django.http import StreamingHttpResponse
from django.test import Client, RequestFactory

from lunar.operations.logs import JsonFormatter, request_id
from lunar.operations.requests import RequestMiddleware
from lunar.views import ExclusionsView

LINES = "lunar.requests"

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(caplog):
    """The values of each request's line, as they are logged."""
    caplog.set_level(logging.INFO, LINES)
    return lambda: [record.shown for record in caplog.records if record.name == LINES]


def test_a_request_is_told_in_a_line_without_its_query(client, lines):
    response = client.get("/about/?q=private")

    (line,) = lines()
    ms = line.pop("ms")
    assert line == {
        "method": "GET",
        "path": "/about/",
        "status": 200,
        "bytes": len(response.content),
    }
    assert 0 < ms < 60_000


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/no/such/page/", {}, 404),
        ("/about/", {"host": "evil.example\n"}, 400),
        ("/about", {}, 301),
    ],
)
def test_what_is_refused_is_told_like_any_other(client, lines, path, headers, status):
    response = client.get(path, headers=headers)

    assert response.status_code == status
    assert len(response["X-Request-ID"]) == 16
    assert [line["status"] for line in lines()] == [status]


def test_a_failure_and_all_that_is_logged_of_it_has_the_id(monkeypatch, caplog, lines):
    caplog.handler.setFormatter(JsonFormatter())
    monkeypatch.setattr(ExclusionsView, "get_queryset", lambda self: 1 / 0)

    response = Client(raise_request_exception=False).get("/about/exclusions/")

    assert response.status_code == 500
    said = [json.loads(line) for line in caplog.text.splitlines()]
    assert [one["logger"] for one in said] == ["django.request", LINES]
    assert "ZeroDivisionError" in said[0]["traceback"]
    assert {one["request_id"] for one in said} == {response["X-Request-ID"]}
    assert request_id.get() == ""


@pytest.mark.parametrize(
    ("proxies", "given", "kept"),
    [
        (1, "0f9a-moon_1.x", True),
        (1, "12345678", True),
        (1, "x" * 64, True),
        (1, "1234567", False),
        (1, "x" * 65, False),
        (1, "12345678\n", False),
        (1, "1234 5678", False),
        (1, "１２３４５６７８", False),
        (0, "0f9a-moon_1.x", False),
    ],
)
def test_an_id_is_taken_from_proxies_of_our_own_alone(settings, proxies, given, kept):
    settings.PROXIES = proxies
    request = RequestFactory().get("/", headers={"x-request-id": given})

    response = RequestMiddleware(lambda request: StreamingHttpResponse([]))(request)

    assert (response["X-Request-ID"] == given) is kept


def streamed(content=(b"first", b"second")):
    answer = StreamingHttpResponse(content)
    return RequestMiddleware(lambda request: answer)(RequestFactory().get("/data/x.csv"))


def test_a_long_answer_is_told_at_its_end(lines):
    response = streamed()
    assert lines() == []

    assert b"".join(response) == b"firstsecond"

    assert [line["bytes"] for line in lines()] == [11]


def test_an_answer_that_is_not_read_to_its_end_is_told_too(lines):
    response = streamed()

    assert next(iter(response)) == b"first"
    response.close()

    assert [line["bytes"] for line in lines()] == [5]


def test_an_answer_that_is_not_read_at_all_is_told_too(lines):
    streamed().close()

    assert [line["bytes"] for line in lines()] == [0]


def test_an_answer_that_breaks_off_is_told_once(lines):
    def broken():
        yield b"first"
        raise OSError("The disk is gone.")

    response = streamed(broken())

    with pytest.raises(OSError, match="The disk is gone"):
        list(response)
    response.close()

    assert [line["bytes"] for line in lines()] == [5]
