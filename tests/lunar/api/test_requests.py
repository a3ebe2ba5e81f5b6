"""How the API answers: problems in words, limits, caching, reading from other sites."""

import itertools
import time

import pytest
from django.core.cache import cache
from django.test import Client

from lunar.api import limits
from lunar.desk.history import Way, recording
from tests.factories import make_mission

pytestmark = pytest.mark.django_db

PROBLEM = "application/problem+json"


def wrong(response, status=400):
    """Return the names of the wrong parameters that an answer tells of."""
    assert (response.status_code, response["Content-Type"]) == (status, PROBLEM), response.content
    problem = response.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert all(one["message"] for one in problem["parameters"])
    return [one["name"] for one in problem["parameters"]]


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=10001",
        "page=-1",
        "page=x",
        "page=²",
        "page=1.0",
        "page=" + "9" * 5000,
        "per_page=501",
        "per_page=0",
        "per_page=%00",
        "fields=name,colour",
        "fields=name,+page",
        "sources=all",
        "updated_since=yesterday",
        "updated_since=2026-02-30",
        "updated_since=0000-01-01",
        "updated_since=2026-11-01T12:00:00%2B05:00",
        "updated_since=2026-11-01T25:00Z",
        "sort=colour",
        "sort=%1E",
        "sort=+",
        "country=XX",
        "outcome=%00",
        "q=%00",
        "q=luna%0716",
        "from=yesterday",
        "q=" + "x" * 201,
        "colour=red",
        "format=json",
        "country=CN&country=FR",
        "%F0%9F%8C%95=1",
    ],
)
def test_a_bad_parameter_is_named(client, query):
    name = query.partition("=")[0].replace("%F0%9F%8C%95", "🌕")

    assert wrong(client.get(f"/api/v1/missions/?{query}")) == [name]


@pytest.mark.parametrize(
    "query",
    [
        "q=%ED%A0%80",
        "q=+luna+",
        "q=%E2%80%AE",
        "per_page=",
        "page=&q=&sort=&fields=",
        "fields=name,",
        "page=0001",
    ],
)
def test_odd_but_harmless_parameters_are_accepted(client, query):
    assert client.get(f"/api/v1/missions/?{query}").status_code == 200


def test_all_wrong_parameters_of_the_api_are_told_at_once(client):
    assert wrong(client.get("/api/v1/missions/?page=x&per_page=y")) == ["page", "per_page"]


def test_a_page_beyond_the_last_is_not_there(client):
    assert wrong(client.get("/api/v1/missions/?page=2"), status=404) == ["page"]


def test_more_parameters_than_are_read_are_refused(client):
    response = client.get("/api/v1/missions/?" + "&".join("q=1" for _ in range(4001)))

    assert (response.status_code, response["Content-Type"]) == (400, PROBLEM)


@pytest.mark.parametrize(
    "path",
    [
        "colours/",
        "missions/no-such/",
        "missions/%00/",
        "missions/%ED%A0%80/",
        "missions/" + "x" * 3000 + "/",
        "missions/a/b/",
        "missions/luna 2/",
        "%00/",
        "nothing.json",
        "//",
    ],
)
def test_an_unknown_address_is_told_so(client, path):
    response = client.get(f"/api/v1/{path}")

    assert (response.status_code, response["Content-Type"]) == (404, PROBLEM)
    assert response["Access-Control-Allow-Origin"] == "*"


def test_the_type_of_a_problem_is_explained_on_the_page_about_the_api(client):
    page = client.get("/api/v1/docs/").content.decode()

    for path in ("missions/?page=0", "colours/"):
        address, _, place = client.get(f"/api/v1/{path}").json()["type"].partition("#")
        assert address == "http://testserver/api/v1/docs/"
        assert f'id="{place}"' in page


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("path", ["", "missions/", "missions/luna-2/", "openapi.json", "nothing"])
def test_nothing_but_reading_is_allowed(method, path):
    client = Client(enforce_csrf_checks=True)

    response = getattr(client, method)(f"/api/v1/{path}")

    assert (response.status_code, response["Content-Type"]) == (405, PROBLEM)
    assert response["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", ["", "missions/", "missions/luna-2/", "nothing/at/all"])
def test_scripts_of_any_site_may_read(client, path):
    make_mission(slug="luna-2")

    asked = client.options(f"/api/v1/{path}")
    answer = client.get(f"/api/v1/{path}", headers={"Origin": "https://elsewhere.example"})

    assert (asked.status_code, asked.content) == (204, b"")
    assert "If-None-Match" in asked["Access-Control-Allow-Headers"]
    for response in (asked, answer):
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response


def test_no_cookie_is_set_or_changes_an_answer(client, editor_client):
    make_mission(slug="draft", state="draft")
    make_mission(slug="luna-2")
    for path in ("", "missions/", "missions/luna-2/", "missions/draft/"):
        own, other = (one.get(f"/api/v1/{path}") for one in (editor_client, client))
        assert own.content == other.content
        assert not own.cookies
        assert "Cookie" not in own.get("Vary", "")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["", "missions/", "missions/luna-2/", "openapi.json"])
def test_what_has_not_changed_is_not_sent_again(client, path):
    mission = make_mission(slug="luna-2")
    first = client.get(f"/api/v1/{path}")
    known = {"If-None-Match": first["ETag"]}

    again = client.get(f"/api/v1/{path}", headers=known)
    with recording(None, "Corrected.", Way.COMMAND):
        mission.aim = "To hit the Moon."
        mission.save()
    changed = client.get(f"/api/v1/{path}", headers=known)

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Access-Control-Allow-Origin"] == "*"
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]
    for response in (first, again, changed):
        assert response["Cache-Control"] == "public, max-age=60"


def test_each_address_has_a_tag_of_its_own(client):
    make_mission(slug="luna-2")
    addresses = ["", "missions/", "missions/?page=1", "missions/luna-2/", "openapi.json"]

    tags = {client.get(f"/api/v1/{address}")["ETag"] for address in addresses}

    assert len(tags) == len(addresses)


def test_a_problem_is_not_kept(client):
    response = client.get("/api/v1/missions/?page=0", headers={"If-None-Match": "*"})

    assert (response.status_code, response["Cache-Control"]) == (400, "no-store")
    assert "ETag" not in response


def test_head_has_the_headers_of_get(client):
    got, head = client.get("/api/v1/missions/"), client.head("/api/v1/missions/")

    assert head.status_code == 200
    assert head.content == b""
    assert head["ETag"] == got["ETag"]


@pytest.fixture
def limit(settings, monkeypatch):
    """Let three requests be sent in a span of ten seconds, which has just begun."""
    settings.API_RATE_LIMIT, settings.API_RATE_SECONDS = 3, 10
    clock = {"now": 1_000_000.0}
    monkeypatch.setattr(time, "time", lambda: clock["now"])
    return clock


def test_a_client_may_send_as_many_requests_as_the_limit_says(client, limit):
    found = [client.get("/api/v1/colours/") for _ in range(5)]

    assert [one.status_code for one in found] == [404, 404, 404, 429, 429]
    assert [one["RateLimit"] for one in found] == [
        f'"client";r={left};t=10' for left in (2, 1, 0, 0, 0)
    ]
    assert {one["RateLimit-Policy"] for one in found} == {'"client";q=3;w=10'}


def test_too_many_requests_are_told_when_to_come_again(client, limit):
    limit["now"] += 4
    *_, response = (client.get("/api/v1/") for _ in range(4))

    assert (response.status_code, response["Content-Type"]) == (429, PROBLEM)
    assert response["Retry-After"] == "6"
    limit["now"] += 6
    assert client.get("/api/v1/").status_code == 200


def test_each_client_has_a_count_of_its_own(client, limit):
    addresses = ["192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8:0:1::1"]
    for address, _ in itertools.product(addresses, range(3)):
        assert client.get("/api/v1/", REMOTE_ADDR=address).status_code == 200
    for address in ("192.0.2.1", "::ffff:192.0.2.1", "2001:db8::2"):  # the network is the client
        assert client.get("/api/v1/", REMOTE_ADDR=address).status_code == 429


def test_where_counting_fails_everybody_is_let_in(client, limit, monkeypatch, caplog):
    class GoneCache:
        def add(self, *args, **kwargs):
            raise ConnectionError

    monkeypatch.setattr(limits, "cache", GoneCache())
    found = [client.get("/api/v1/") for _ in range(5)]

    assert {one.status_code for one in found} == {200}
    assert "RateLimit" not in found[0]
    assert "not being counted" in caplog.text


def test_a_count_lost_on_the_way_lets_the_client_in(client, limit, monkeypatch):
    monkeypatch.setattr(cache, "add", lambda *args, **kwargs: False)

    assert client.get("/api/v1/").status_code == 200
