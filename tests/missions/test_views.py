"""The public pages of missions: what a reader sees, and only what is public."""

import pytest
from django.urls import reverse

from tests import factories as make

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
