"""Facts of a landing that the record computes, and when it does not."""

import pytest

from missions.computed import stay_in_words, sun_in_words
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def landing():
    mission = make.make_mission(ended="1966-12-28")
    make.make_spacecraft(mission, role="lander")
    return make.make_landing(mission, date="1966-12-24", latitude="18.87", longitude="-62.05")


def test_mission_page_marks_what_is_computed(client, landing):
    page = client.get(landing.mission.get_absolute_url()).content.decode()

    assert sun_in_words(landing) in page
    assert "4 days, until the mission ended" in page
    assert page.count('href="/about/method/#computed"') == 3


def test_stay_of_a_lander_ends_with_its_mission(landing):
    assert stay_in_words(landing, landing.mission) == "4 days, until the mission ended"


def test_stay_ends_at_the_lift_off(landing):
    make.make_event(landing.mission, kind="liftoff", date="1966-12-25")

    assert stay_in_words(landing, landing.mission) == "1 day, until lift-off"


@pytest.mark.parametrize("ended", ["", "1966-12", "1966-12-28~"])
def test_stay_is_left_out_without_an_exact_end(landing, ended):
    landing.mission.ended = ended
    landing.mission.save()
    landing.mission.refresh_from_db()

    assert stay_in_words(landing, landing.mission) == ""


@pytest.mark.parametrize("role", ["orbiter", "return_capsule", "crewed_orbiter"])
def test_stay_is_left_out_where_a_craft_could_fly_on(landing, role):
    make.make_spacecraft(landing.mission, role=role)

    assert stay_in_words(landing, landing.mission) == ""


def test_stay_is_left_out_where_there_are_two_landings(landing):
    make.make_landing(landing.mission)

    assert stay_in_words(landing, landing.mission) == ""


def test_a_crash_does_not_stay(landing):
    landing.kind = "crash"

    assert stay_in_words(landing, landing.mission) == ""
