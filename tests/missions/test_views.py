"""The public pages of missions: what a reader sees, and only what is public."""

import pytest
from django.urls import reverse

from lunar.sources.derivation import postponed
from tests import factories as make
from tests.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def chang_e_5():
    programme = make.make_programme(name="Chang'e", slug="chang-e")
    mission = make.make_mission(
        name="Chang'e 5",
        slug="chang-e-5",
        native_name="嫦娥五号",
        native_language="zh-Hans",
        programme=programme,
        launch="2020-11-23",
        result="It brought back 1,731 g of soil.",
    )
    sample = make.make_sample_return(mission, mass_g="1731", side="near")
    make.cite(sample, "mass_g", quote="1,731 grams")
    return mission


def rows(response):
    return [row.record for row in response.context["table"].rows]


def test_mission_list_shows_public_missions_in_order_of_launch(client, chang_e_5):
    older = make.make_mission(launch="1969-07-16")
    make.make_mission(launch="1970", state="draft")
    make.make_mission(launch="1971", cited=False)

    response = client.get(reverse("missions:mission-list"))

    assert rows(response) == [older, chang_e_5]


@pytest.mark.parametrize("words", ["change 5", "Chang’e-5", "CHANG'E 5", "嫦娥五号"])
def test_mission_list_finds_a_name_in_any_spelling(client, chang_e_5, words):
    make.make_mission(name="Luna 16")

    response = client.get(reverse("missions:mission-list"), {"q": words})

    assert rows(response) == [chang_e_5]


def test_mission_page_shows_the_value_with_its_evidence(client, chang_e_5):
    response = client.get(chang_e_5.get_absolute_url())

    page = response.content.decode()
    assert "1,731 g" in page
    assert "<q>1,731 grams</q>" in page
    assert '<span lang="zh-Hans">嫦娥五号</span>' in page


def test_mission_page_shows_what_other_sources_say(client, chang_e_5):
    other = make.make_source(title="Another list", publisher="The Lister")
    make.cite(
        chang_e_5.sample_return, "mass_g", other, stance="disputes", stated_value="2 kilograms"
    )

    page = client.get(chang_e_5.get_absolute_url()).content.decode()

    assert "<strong>2 kilograms</strong>" in page
    assert "disputed" in page


@pytest.mark.parametrize("fields", [{"state": "draft"}, {"cited": False}])
def test_a_mission_that_is_not_public_has_no_page(client, fields):
    mission = make.make_mission(**fields)

    assert client.get(mission.get_absolute_url()).status_code == 404


def test_sample_list_adds_up_the_rows_shown(client, chang_e_5):
    make.make_sample_return(mass_g="101")

    response = client.get(reverse("missions:sample-list"))

    assert "1,832 g" in response.content.decode()


def test_programme_page_lists_its_missions(client, chang_e_5):
    make.make_mission(name="Luna 16")

    response = client.get(chang_e_5.programme.get_absolute_url())

    assert "Chang&#x27;e 5" in response.content.decode()
    assert "Luna 16" not in response.content.decode()


def test_mission_page_leads_to_everything_connected(client, chang_e_5):
    country, body = make.make_country(), make.make_organization()
    chang_e_5.countries.set([country])
    chang_e_5.operators.set([body])
    person = make.make_crew_member(chang_e_5).person
    transfer = make.make_transfer(missions=[chang_e_5])
    hidden = make.make_transfer(missions=[chang_e_5], state="draft")

    links = set(Page(client.get(chang_e_5.get_absolute_url())).links)

    connected = [country, body, person, transfer, chang_e_5.programme]
    assert {record.get_absolute_url() for record in connected} <= links
    assert hidden.get_absolute_url() not in links


def test_mission_page_names_nobody_whose_record_is_a_draft(client, chang_e_5):
    member = make.make_crew_member(chang_e_5, make.make_person(name="Nobody", state="draft"))
    make.cite(member, "role", quote="Nobody was there")

    assert "Nobody" not in client.get(chang_e_5.get_absolute_url()).content.decode()


def test_mission_page_shows_disputes_about_every_part(client, chang_e_5):
    parts = [
        make.make_landing(chang_e_5),
        make.make_spacecraft(chang_e_5),
        make.make_event(chang_e_5),
        make.make_crew_member(chang_e_5),
        chang_e_5.sample_return,
    ]
    for number, part in enumerate(parts):
        for field in part.CITED_FIELDS:
            value = f"other {field} {number}"
            make.cite(part, field, stance="disputes", stated_value=value)

    page = client.get(chang_e_5.get_absolute_url()).content.decode()

    for number, part in enumerate(parts):
        for field in part.CITED_FIELDS:
            assert f"<strong>other {field} {number}</strong>" in page


def test_flights_that_only_passed_the_moon_are_listed_on_demand(client, chang_e_5):
    passing = make.make_mission(types=[make.make_mission_type(slug="gravity-assist")])
    missions = reverse("missions:mission-list")

    assert rows(client.get(missions)) == [chang_e_5]
    assert set(rows(client.get(missions, {"visitors": "yes"}))) == {chang_e_5, passing}
    assert client.get(missions, {"visitors": "no"}).status_code == 400


def test_sample_list_begins_with_the_most_and_adds_up_what_is_filtered(client, chang_e_5):
    far = make.make_sample_return(mass_g="1935.3", side="far")
    make.make_sample_return(make.make_mission(state="draft"), mass_g="1", side="far")
    samples = reverse("missions:sample-list")

    assert rows(client.get(samples)) == [far, chang_e_5.sample_return]
    response = client.get(samples, {"side": "far"})
    assert rows(response) == [far]
    assert "<strong>1,935.3 g</strong> in all" in response.content.decode()


def test_sample_list_shows_totals_with_what_sources_state(client, chang_e_5):
    figure = make.make_figure(slug="total", name="All of it", method="The sum.")
    make.cite(figure, "value", stance="disputes", stated_value="about 380 kg")
    make.make_figure(name="Secret", measure="sample_return_missions", state="draft")

    page = Page(client.get(reverse("missions:sample-list")))

    assert "total" in page.ids
    for text in ("All of it", "The sum.", "about 380 kg"):
        assert text in page.html
    assert "Secret" not in page.html


def test_programme_list_counts_public_missions(client, chang_e_5):
    make.make_mission(programme=chang_e_5.programme, state="draft")

    [programme] = rows(client.get(reverse("missions:programme-list")))

    assert programme.mission_count == 1


@pytest.mark.parametrize("fields", [{"state": "draft"}, {"cited": False}])
def test_a_programme_that_is_not_public_has_no_page(client, fields):
    programme = make.make_programme(**fields)

    assert client.get(programme.get_absolute_url()).status_code == 404


def test_mission_page_takes_the_same_number_of_queries_for_all_its_parts(
    client, queries_of, chang_e_5
):
    def add_parts():
        person = make.make_person()
        craft = make.make_spacecraft(chang_e_5)
        parts = [
            craft,
            make.make_landing(chang_e_5, spacecraft=craft),
            make.make_event(chang_e_5),
            make.make_crew_member(chang_e_5, person),
            chang_e_5,
            chang_e_5.sample_return,
        ]
        for part in parts:
            make.cite(part, "")
            make.cite(part, part.CITED_FIELDS[0], stance="disputes", stated_value="other")
        chang_e_5.countries.add(make.make_country())
        chang_e_5.operators.add(make.make_organization())
        chang_e_5.types.add(make.make_mission_type())
        make.make_transfer(missions=[chang_e_5])

    add_parts()
    few = queries_of(lambda: client.get(chang_e_5.get_absolute_url()))
    with postponed():
        for _ in range(19):
            add_parts()

    assert queries_of(lambda: client.get(chang_e_5.get_absolute_url())) == few


def test_programme_page_takes_the_same_number_of_queries_for_all_missions(
    client, queries_of, chang_e_5
):
    programme = chang_e_5.programme
    chang_e_5.countries.add(make.make_country())
    few = queries_of(lambda: client.get(programme.get_absolute_url()))
    for _ in range(19):
        mission = make.make_mission(programme=programme, countries=[make.make_country()])
        make.make_sample_return(mission)
        make.cite(programme, "name")

    assert queries_of(lambda: client.get(programme.get_absolute_url())) == few
