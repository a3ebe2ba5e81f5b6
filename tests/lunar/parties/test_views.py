"""Pages of people and organisations: who they are, and where they acted."""

import pytest
from django.urls import reverse

from tests import factories as make
from tests.html import Page

pytestmark = pytest.mark.django_db


def connected(client, party):
    """Return {heading: [(record, detail)]} of the party's page."""
    return dict(client.get(party.get_absolute_url()).context["page"].connected)


def test_a_person_s_page_tells_the_part_played_with_its_sources(client):
    person = make.make_person(
        name="Ouyang Ziyuan",
        native_name="欧阳自远",
        native_language="zh",
        country=make.make_country(name="China"),
        known_for="First scientist of the programme",
    )
    make.cite(person, "known_for", quote="father of Chang'e")

    page = client.get(person.get_absolute_url()).content.decode()

    for text in ("Ouyang Ziyuan", '<span lang="zh">欧阳自远</span>', ">China</a>"):
        assert text in page
    assert "First scientist of the programme" in page
    assert "<q>father of Chang&#x27;e</q>" in page


def test_a_person_s_page_leads_to_flights_and_transfers(client):
    person = make.make_person()
    mission = make.make_crew_member(person=person, role="Commander").mission
    given = make.make_transfer(giver_person=person, giver_office="President")
    received = make.make_transfer(recipient_person=person, recipient_office="Premier")
    held = make.make_transfer()
    make.make_act(held, kind="stored", to_person=person, place="Beijing", date="1978-05-22")

    assert connected(client, person) == {
        "Flew on": [(mission, "Commander")],
        "Gave": [(given, "President")],
        "Received": [(received, "Premier")],
        "Holds": [(held, "Beijing")],
        "Took part in": [(held, "Stored, 22 May 1978")],
    }


def test_an_organisation_s_page_leads_to_missions_and_transfers(client):
    body = make.make_organization()
    mission = make.make_mission(operators=[body])
    given = make.make_transfer(giver_organization=body)
    received = make.make_transfer(recipient_organization=body)
    make.make_act(given, kind="offered", from_organization=body, date="")

    assert connected(client, body) == {
        "Missions": [(mission, "")],
        "Gave or lent": [(given, "")],
        "Received or asked for": [(received, "")],
        "Took part in": [(given, "Offered")],
    }


def test_an_act_from_and_to_the_same_party_is_told_once(client):
    body = make.make_organization()
    transfer = make.make_transfer()
    make.make_act(transfer, kind="moved", from_organization=body, to_organization=body, date="")

    assert connected(client, body)["Took part in"] == [(transfer, "Moved")]


@pytest.mark.parametrize("fields", [{"state": "draft"}, {"cited": False}])
def test_what_is_not_public_is_not_connected(client, fields):
    person, body = make.make_person(), make.make_organization()
    mission = make.make_mission(operators=[body], **fields)
    make.make_crew_member(mission, person)
    transfer = make.make_transfer(giver_person=person, giver_organization=body, **fields)
    make.make_act(transfer, kind="given", to_person=person, to_organization=body)

    assert connected(client, person) == connected(client, body) == {}


@pytest.mark.parametrize("make_party", [make.make_person, make.make_organization])
@pytest.mark.parametrize("fields", [{"state": "draft"}, {"cited": False}])
def test_a_party_that_is_not_public_has_no_page(client, make_party, fields):
    party = make_party(**fields)

    assert client.get(party.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("make_party", [make.make_person, make.make_organization])
def test_a_draft_country_is_not_told_of(client, make_party):
    party = make_party(country=make.make_country(name="Nowhere", state="draft"))

    page = client.get(party.get_absolute_url()).content.decode()

    assert "Nowhere" not in page
    assert "Not researched yet" in page


@pytest.mark.parametrize(
    ("make_party", "name"),
    [(make.make_person, "person-list"), (make.make_organization, "organization-list")],
)
def test_lists_show_the_public_by_name(client, make_party, name):
    second, first = make_party(name="Beta"), make_party(name="Alpha")
    make_party(name="Gamma", state="draft")

    response = client.get(reverse(name))

    assert [row.record for row in response.context["table"].rows] == [first, second]


def test_organisations_may_be_listed_by_what_they_hold(client):
    make.make_organization(name="Empty")
    holder = make.make_organization(name="Holder", kind="museum")
    make.make_act(kind="given", to_organization=holder)

    response = client.get(reverse("organization-list"), {"sort": "-held_count"})

    assert [row.record.name for row in response.context["table"].rows] == ["Holder", "Empty"]


@pytest.mark.parametrize("make_party", [make.make_person, make.make_organization])
def test_a_page_takes_the_same_number_of_queries_however_much_is_connected(
    client, queries_of, make_party
):
    party = make_party(country=make.make_country())
    field = "person" if make_party is make.make_person else "organization"

    def connect():
        make.cite(party, "name")
        transfer = make.make_transfer(**{f"giver_{field}": party})
        make.make_act(transfer, kind="given", **{f"to_{field}": party})
        if field == "person":
            make.make_crew_member(person=party)
        else:
            make.make_mission(operators=[party])

    connect()
    few = queries_of(lambda: client.get(party.get_absolute_url()))
    for _ in range(19):
        connect()

    assert queries_of(lambda: client.get(party.get_absolute_url())) == few
    assert Page(client.get(party.get_absolute_url())).problems == []


def test_a_page_with_very_many_transfers_leads_to_the_ledger(client, monkeypatch):
    monkeypatch.setattr("lunar.parties.pages.MOST", 2)
    body = make.make_organization(name="Museum & Dome")
    for _ in range(3):
        make.make_transfer(giver_organization=body)

    page = Page(client.get(body.get_absolute_url()))
    [url] = [link for link in page.links if link.startswith("/diplomacy/transfers/?q=")]

    assert "No more than 2 of each sort" in page.text
    assert len([link for link in page.links if "/diplomacy/transfers/" in link]) == 3
    assert client.get(url).context["count"] == 3
