"""How much of the record one answer gives: pages, some values only, sources in full."""

import pytest

from tests.factories import (
    cite,
    make_country,
    make_landing,
    make_mission,
    make_person,
    make_source,
    make_transfer,
)

pytestmark = pytest.mark.django_db


def test_a_record_without_history_says_so(client):
    make_mission(slug="luna-2")

    found = client.get("/api/v1/missions/luna-2/").json()

    assert (found["revision"], found["changed"]) == (None, None)


def test_sources_come_in_full_if_asked_for(client):
    landing = make_landing(make_mission(slug="luna-2"))
    cite(landing, "date", source=make_source(slug="tass", title="Luna 2 landed"))

    def cited(query):
        found = client.get(f"/api/v1/missions/luna-2/{query}").json()
        return found["landings"][0]["citations"][0]["source"]

    assert set(cited("")) == set(cited("?sources=linked")) == {"id", "name", "page"}
    assert cited("?sources=included") == client.get("/api/v1/sources/tass/").json()


def test_only_the_values_asked_for_come(client):
    make_mission(slug="luna-2", name="Luna 2", launch="1959-09-12")

    [found] = client.get("/api/v1/missions/?fields=name,launch").json()["results"]

    assert found == {"type": "mission", "id": "luna-2", "name": "Luna 2", "launch": "1959-09-12"}
    alone = client.get("/api/v1/missions/luna-2/?fields=changed").json()
    assert alone == {"type": "mission", "id": "luna-2", "changed": None}


def test_pages_follow_each_other_without_gap_or_double(client):
    for number in range(7):
        make_person(slug=f"person-{number}", name="Same Name")

    found, address = [], "/api/v1/people/?per_page=3&sort=name"
    while address:
        response = client.get(address)
        found += [one["id"] for one in response.json()["results"]]
        following = response.json()["next"]
        assert (f'<{following}>; rel="next"' in response["Link"]) == bool(following)
        address = following and following.removeprefix("http://testserver")

    assert found == sorted(found)
    assert len(found) == response.json()["count"] == 7
    assert response.json()["pages"] == 3
    assert response.json()["previous"].endswith("page=2")
    assert 'rel="first"' in response["Link"]
    assert 'rel="prev"' in response["Link"]


def test_a_key_in_the_wrong_case_leads_to_the_right_one(client):
    make_country(code="CN")

    response = client.get("/api/v1/countries/cn/?fields=name")

    assert (response.status_code, response["Location"]) == (
        301,
        "/api/v1/countries/CN/?fields=name",
    )


def test_an_address_without_its_last_slash_leads_on(client):
    response = client.get("/api/v1/missions?country=CN")

    assert (response.status_code, response["Location"]) == (301, "/api/v1/missions/?country=CN")
    assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("query", ["", "?sources=included", "?updated_since=2020-01-01"])
def test_a_list_takes_as_many_queries_however_many_records_it_has(client, queries_of, query):
    def make():
        transfer = make_transfer(giver=make_country(), missions=[make_mission()])
        cite(transfer, "giver")

    def ask():
        assert client.get(f"/api/v1/transfers/{query}").status_code == 200

    make()
    ask()
    one = queries_of(ask)
    for _ in range(4):
        make()

    assert queries_of(ask) == one
