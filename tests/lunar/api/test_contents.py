"""What the API gives: the records of the pages, in their order, and nothing that is not public."""

import json
from urllib.parse import urlsplit

import pytest
from django.test import RequestFactory

from lunar.api.kinds import kinds
from lunar.data.records import public_records
from missions.models import Mission
from tests.world import SECRET

pytestmark = pytest.mark.django_db

# (kind, its page, query strings)
ASKED = [
    (
        "missions",
        "/missions/",
        ["", "visitors=yes", "country=CN", "outcome=failure", "q=chang&sort=-name", "from=2020"],
    ),
    ("missions", "/missions/", ["q=&programme=&country=CN&sort=&per_page=100", "sort=-mass_g"]),
    ("programmes", "/missions/programmes/", ["", "sort=-mission_count", "country=CN"]),
    (
        "transfers",
        "/diplomacy/transfers/",
        ["", "giver=CN", "by=recipient", "passed=yes", "kind=loan", "holder=FR", "sort=-mass_g"],
    ),
    ("countries", "/diplomacy/countries/", ["", "part=gave", "kind=state", "sort=-given_count"]),
    ("agreements", "/diplomacy/agreements/", ["", "country=FR", "sort=-country_count"]),
    ("people", "/people/", ["", "country=CN", "sort=-name"]),
    ("organizations", "/organizations/", ["", "sort=-held_count", "q=space"]),
    ("sources", "/sources/", ["", "language=fr", "sort=-cited_by", "q=lune"]),
]


def ids(response):
    assert response.status_code == 200, response.content
    return [record["id"] for record in response.json()["results"]]


@pytest.mark.parametrize(
    ("kind", "page", "query"),
    [(kind, page, query) for kind, page, queries in ASKED for query in queries],
)
def test_a_list_has_the_rows_of_its_page_in_their_order(client, world, kind, page, query):
    shown = client.get(f"{page}?{query}")
    found = client.get(f"/api/v1/{kind}/?{query}")

    rows = [record.natural_key()[0] for record in shown.context["table"].records]
    assert ids(found) == rows
    assert found.json()["count"] == shown.context["count"]
    assert rows


def test_the_start_leads_to_every_kind_with_its_number_of_records(client, world):
    start = client.get("/api/v1/").json()

    assert {one["kind"] for one in start["kinds"]} == set(kinds())
    for one in start["kinds"]:
        assert client.get(urlsplit(one["url"]).path).json()["count"] == one["count"] > 0
    for name in ("documentation", "openapi"):
        assert client.get(urlsplit(start[name]).path).status_code == 200


def test_records_are_those_of_the_downloads_with_their_latest_change(client, world):
    absolute = RequestFactory().get("/").build_absolute_uri
    [expected] = public_records(Mission, [world.mission.pk], absolute)

    found = client.get("/api/v1/missions/chang-e-5/").json()

    assert found.pop("revision") > 1
    assert found.pop("changed").endswith("Z")
    assert found == json.loads(json.dumps(expected))
    assert found["page"] == "http://testserver/missions/chang-e-5/"


def test_a_record_in_a_list_is_the_same_as_alone(client, world):
    for kind in kinds():
        listed = client.get(f"/api/v1/{kind}/?per_page=500&sources=included").json()["results"]
        for record in listed[:3]:
            address = f"/api/v1/{kind}/{record['id']}/?sources=included"
            assert client.get(address).json() == record


def test_no_answer_says_a_word_of_a_draft(client, world):
    answers = {"/api/v1/openapi.json", "/api/v1/docs/"}
    for kind in kinds():
        listed = f"/api/v1/{kind}/?per_page=500&sources=included"
        answers |= {listed, f"{listed}&updated_since=2020-01-01", f"/api/v1/{kind}/?q={SECRET[:6]}"}
        answers |= {
            f"/api/v1/{kind}/{record['id']}/?sources=included"
            for record in client.get(listed).json()["results"]
        }
    told = [
        address
        for address in sorted(answers)
        if SECRET in client.get(address).content.decode().lower()
    ]

    assert len(answers) > 50
    assert told == []


@pytest.mark.parametrize("kind", ["missions", "transfers", "people", "series-of-nothing"])
def test_a_draft_is_not_there(client, world, kind):
    response = client.get(f"/api/v1/{kind}/{SECRET}/")

    assert response.status_code == 404
    assert SECRET not in response.content.decode()
