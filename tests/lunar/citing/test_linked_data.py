"""Linked data in pages: true to schema.org, to what is known, and to what is public."""

import json
from urllib.parse import urlsplit

import pytest
from django.urls import resolve

from lunar.citing.linked_data import script
from lunar.data.views import served
from tests import factories as make
from tests.html import DATA, Page
from tests.lunar.test_details import MAKERS, begin
from tests.world import HOSTILE, plant_hostile_texts

pytestmark = pytest.mark.django_db

THING = {"@id", "name", "alternateName", "description", "identifier", "url"}
WORK = THING | {
    "citation",
    "creator",
    "creditText",
    "dateCreated",
    "dateModified",
    "datePublished",
    "inLanguage",
    "isAccessibleForFree",
    "isBasedOn",
    "isPartOf",
    "keywords",
    "license",
    "mainEntity",
    "publisher",
    "spatialCoverage",
    "temporalCoverage",
    "version",
}
EVENT = THING | {
    "about",
    "contributor",
    "endDate",
    "eventStatus",
    "location",
    "organizer",
    "startDate",
    "subEvent",
    "superEvent",
}
PLACE = THING | {"additionalProperty", "address", "containedInPlace"}
ORGANIZATION = THING | {"address"}
ACTION = THING | {"actionStatus", "agent", "object", "participant"}
# What each type may say, of what is said here, with what it has from what it is a kind of.
ALLOWED = {
    "AdministrativeArea": PLACE,
    "Book": WORK,
    "CollegeOrUniversity": ORGANIZATION,
    "Corporation": ORGANIZATION,
    "Country": PLACE,
    "CreativeWork": WORK,
    "DataDownload": WORK | {"contentUrl", "encodingFormat"},
    "Dataset": WORK | {"distribution"},
    "DefinedTerm": THING,
    "Event": EVENT,
    "EventSeries": EVENT,
    "GiveAction": ACTION | {"recipient"},
    "GovernmentOrganization": ORGANIZATION,
    "Legislation": WORK | {"legislationDate"},
    "LendAction": ACTION | {"borrower"},
    "Museum": PLACE | ORGANIZATION,
    "NewsArticle": WORK,
    "OpinionNewsArticle": WORK,
    "Organization": ORGANIZATION,
    "Person": THING,
    "Place": PLACE,
    "PostalAddress": THING | {"addressCountry", "addressLocality"},
    "PropertyValue": THING | {"unitCode", "unitText", "value", "valueReference"},
    "ResearchOrganization": ORGANIZATION,
    "ScholarlyArticle": WORK,
    "SellAction": ACTION | {"buyer"},
    "State": PLACE,
    "Thing": THING,
    "TransferAction": ACTION,
    "WebPage": WORK,
}
# Where another record or object may stand, by the types of it.
OBJECTS = {
    "subEvent": {"Event"},
    "superEvent": {"EventSeries"},
    "organizer": {"Organization"},
    "contributor": {"Person"},
    "location": {"Place"},
    "publisher": {"Organization"},
    "isPartOf": {"Dataset"},
    "distribution": {"DataDownload"},
    "agent": {"Country", "Organization", "Person"},
    "recipient": {"Country", "Organization", "Person"},
    "borrower": {"Country", "Organization", "Person"},
    "additionalProperty": {"PropertyValue"},
    "containedInPlace": {"Country"},
}


def data_of(page):
    [element] = [e for e in page.all("script") if e.get("type") == DATA]
    return json.loads(element.text)


def get(client, record):
    page = Page(client.get(record.get_absolute_url()))
    assert page.problems == []
    return data_of(page)


def problems_of(data, place="page"):
    """Yield what schema.org does not know, or what says nothing."""
    kind = data.get("@type")
    if kind not in ALLOWED:
        yield f"{place} is a {kind}"
        return
    for name, value in data.items():
        if name not in ALLOWED[kind] | {"@type", "@context"}:
            yield f"{place}: a {kind} has no {name}"
        for one in value if isinstance(value, list) else [value]:
            if one in (None, "", {}):
                yield f"{place}.{name} says nothing"
            if isinstance(one, dict):
                if one.get("@type") not in OBJECTS.get(name, ALLOWED):
                    yield f"{place}.{name} is a {one.get('@type')}"
                yield from problems_of(one, f"{place}.{name}")


@pytest.mark.parametrize("kind", MAKERS)
def test_every_kind_of_record_is_told_in_words_that_schema_org_has(client, kind):
    maker, title = MAKERS[kind]
    record = maker(**{title: "Named"})
    begin(record, "2026-03-01")

    data = get(client, record)

    assert data["@context"] == "https://schema.org"
    assert list(problems_of(data)) == []
    assert data["mainEntity"]["name"] == "Named"
    assert data["url"] == f"http://testserver{record.get_absolute_url()}"
    assert (data["version"], data["dateModified"]) == (1, "2026-03-01T12:00:00+00:00")
    assert data["license"] == "https://creativecommons.org/licenses/by/4.0/"
    [source] = record.citations.all()
    assert [cited["url"] for cited in data["citation"]] == [source.source.url]
    assert data["isBasedOn"] == [source.source.url]


@pytest.fixture
def mission():
    agency = make.make_organization(slug="cnsa", name="CNSA")
    mission = make.make_mission(
        slug="chang-e-5",
        launch="2020-11",
        ended="2020~",
        cospar_id="2020-087A",
        operators=[agency],
        programme=make.make_programme(name="Chang'e"),
        result="It brought back soil.",
    )
    make.make_landing(mission, site_name="Mons Rümker")
    make.make_crew_member(mission, make.make_person(name="Somebody"))
    return mission


def test_a_mission_is_an_event_with_its_landings(client, mission):
    event = get(client, mission)["mainEntity"]

    assert event["@type"] == "Event"
    assert event["startDate"] == "2020-11"
    assert "endDate" not in event
    assert event["identifier"]["value"] == "2020-087A"
    assert [body["name"] for body in event["organizer"]] == ["CNSA"]
    assert [person["name"] for person in event["contributor"]] == ["Somebody"]
    assert event["superEvent"]["name"] == "Chang'e"
    [landing] = event["subEvent"]
    assert landing["startDate"] == "2020-12-01"
    assert landing["location"]["name"] == "Mons Rümker"


def test_a_place_on_the_moon_names_its_body_and_frame_and_is_none_on_earth(client, mission):
    page = Page(client.get(mission.get_absolute_url()))
    [landing] = data_of(page)["mainEntity"]["subEvent"]

    position = landing["location"]["additionalProperty"]

    assert {said["name"]: said["value"] for said in position["valueReference"]} == {
        "body": "Moon",
        "frame": "planetocentric, east positive, mean Earth",
        "latitude": 43.058,
        "longitude": -51.916,
    }
    assert position["value"] == "43.058, -51.916"
    assert "GeoCoordinates" not in page.text


@pytest.mark.parametrize(
    ("launch", "told"),
    [
        ("1970", "1970"),
        ("1970-09", "1970-09"),
        ("1970-09-12", "1970-09-12"),
        ("1970~", None),
        ("1970?", None),
        ("197X", None),
        ("1970-21", None),
        ("1970/1971", None),
        ("../1970-09-12", None),
        ("", None),
    ],
)
def test_a_date_is_told_only_if_it_is_exact(client, launch, told):
    mission = make.make_mission(launch=launch)

    assert get(client, mission)["mainEntity"].get("startDate") == told


@pytest.mark.parametrize(
    ("kind", "acts", "action", "receiver", "status"),
    [
        ("gift", ["given"], "GiveAction", "recipient", "CompletedActionStatus"),
        ("loan", ["requested"], "LendAction", "borrower", "PotentialActionStatus"),
        ("loan", ["requested", "refused"], "LendAction", "borrower", "FailedActionStatus"),
        ("exchange", ["exchanged"], "TransferAction", "participant", "CompletedActionStatus"),
        ("sale", ["sold"], "SellAction", "buyer", "CompletedActionStatus"),
    ],
)
def test_a_transfer_is_an_event_about_an_action(client, kind, acts, action, receiver, status):
    china, france = make.make_country(name="China"), make.make_country(name="France")
    transfer = make.make_transfer(kind=kind, giver=china, recipient=france, mass_g="0.06")
    for number, act in enumerate(acts, 1):
        make.make_act(transfer, kind=act, date=f"2025-0{number}-01", to_country=france)

    data = get(client, transfer)

    assert list(problems_of(data)) == []
    event = data["mainEntity"]
    assert len(event["subEvent"]) == len(acts)
    about = event["about"]
    assert about["@type"] == action
    assert (about["agent"]["name"], about[receiver]["name"]) == ("China", "France")
    assert about["actionStatus"] == f"https://schema.org/{status}"
    assert about["object"]["description"].endswith("60 mg")


@pytest.mark.parametrize(
    ("maker", "fields", "kind"),
    [
        (make.make_country, {"kind": "state"}, "Country"),
        (make.make_country, {"kind": "former_state"}, "Country"),
        (make.make_country, {"kind": "territory"}, "AdministrativeArea"),
        (make.make_country, {"kind": "us_state"}, "State"),
        (make.make_country, {"kind": "intergovernmental"}, "Organization"),
        (make.make_organization, {"kind": "museum", "city": "Paris"}, "Museum"),
        (make.make_organization, {"kind": "university"}, "CollegeOrUniversity"),
        (make.make_organization, {"kind": "other"}, "Organization"),
        (make.make_person, {"known_for": "Flew."}, "Person"),
        (make.make_programme, {"started": "2003"}, "EventSeries"),
        (make.make_agreement, {"kind": "treaty", "opened": "1967-01-27"}, "Legislation"),
        (make.make_agreement, {"kind": "accords", "opened": "2020"}, "CreativeWork"),
        (make.make_practice, {"other_names": "Moon diplomacy"}, "DefinedTerm"),
    ],
)
def test_other_records_are_what_they_are(client, maker, fields, kind):
    data = get(client, maker(**fields))

    assert data["mainEntity"]["@type"] == kind
    assert list(problems_of(data)) == []


@pytest.mark.parametrize("kind", ["official", "paper", "news", "treaty", "book", "reference"])
def test_a_source_is_told_as_what_it_is(client, kind):
    source = make.make_source(kind=kind, authors="Ling Xin", published="2025-02")
    make.cite(make.make_mission(), source=source)

    data = get(client, source)

    assert list(problems_of(data)) == []
    assert data["mainEntity"]["url"] == source.url
    assert data["mainEntity"]["datePublished"] == "2025-02"


@pytest.mark.parametrize("path", ["/", "/data/"])
def test_the_whole_is_a_data_set_with_its_licence_and_files(client, path):
    begin(make.make_mission(), "2026-03-01")

    data = data_of(Page(client.get(path)))

    assert data["@type"] == "Dataset"
    assert list(problems_of(data)) == []
    assert data["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert 50 < len(data["description"]) < 5000  # as search engines ask
    assert data["dateModified"] == "2026-03-01T12:00:00+00:00"
    for file in data["distribution"]:
        named = resolve(urlsplit(file["contentUrl"]).path)
        assert named.kwargs["name"] in served()


def test_drafts_are_not_named(client):
    hidden = {"state": "draft"}
    country = make.make_country(name="Unsayable", **hidden)
    body = make.make_organization(name="Unsayable", **hidden)
    mission = make.make_mission(
        operators=[body], programme=make.make_programme(name="Unsayable", **hidden)
    )
    make.make_crew_member(mission, make.make_person(name="Unsayable", **hidden))
    transfer = make.make_transfer(giver=country, recipient_organization=body)
    for record in (
        mission,
        transfer,
        make.make_organization(country=country),
        make.make_country(part_of=country),
    ):
        assert "Unsayable" not in json.dumps(get(client, record))


def test_no_text_ends_the_element_it_stands_in(client):
    plant_hostile_texts()
    name = "</script><script>x()</script><!-- ]]>&amp;\u2028"
    mission = make.make_mission(name=name, result=HOSTILE)

    response = client.get(mission.get_absolute_url())

    data = data_of(Page(response))
    assert data["mainEntity"]["name"] == "</script><script>x()</script><!-- ]]>&amp;"
    assert data["mainEntity"]["description"] == HOSTILE
    block = response.content.decode().partition('ld+json">')[2].partition("</script>")[0]
    assert not set(block) & set("<>&\u2028\u2029")
    assert json.loads(block) == data


def test_a_text_in_the_middle_of_data_comes_out_as_it_went_in():
    assert json.loads(script({"name": "<!--</script>&\u2029"})) == {
        "@context": "https://schema.org",
        "name": "<!--</script>&\u2029",
    }
