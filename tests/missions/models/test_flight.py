"""What the database itself holds of a mission's parts, and how parts are numbered and named."""

import pytest
from django.db import IntegrityError
from django.db.models import ProtectedError

from missions.models import CrewMember, Landing, MissionEvent, Spacecraft
from tests import factories as make

pytestmark = pytest.mark.django_db

NUMBERED = [make.make_spacecraft, make.make_landing, make.make_event]


def refuses(constraint):
    return pytest.raises(IntegrityError, match=constraint)


@pytest.mark.parametrize("make_part", NUMBERED)
def test_parts_of_a_mission_get_the_next_number(make_part):
    mission = make.make_mission()

    assert [make_part(mission).number for _ in range(3)] == [1, 2, 3]
    assert make_part().number == 1


@pytest.mark.parametrize("make_part", NUMBERED)
def test_a_number_is_given_once_in_a_mission(make_part):
    part = make_part()
    make_part(number=part.number)

    with refuses("mission_id, .*number"):
        make_part(part.mission, number=part.number)


@pytest.mark.parametrize("make_part", NUMBERED)
def test_a_part_needs_a_number_however_it_is_written(make_part):
    part = make_part()

    with refuses("(?i)(not null .*number|number.* not-null)"):
        type(part).objects.filter(pk=part.pk).update(number=None)


@pytest.mark.parametrize("make_part", [*NUMBERED, make.make_crew_member])
def test_parts_are_found_by_their_natural_key_and_seen_with_their_mission(make_part):
    part = make_part()
    hidden = make_part(make.make_mission(state="draft"))

    assert type(part).objects.get_by_natural_key(*part.natural_key()) == part
    assert list(type(part).objects.public()) == [part]
    assert hidden.owner != part.owner


@pytest.mark.parametrize(
    ("make_part", "anchor"),
    [
        (make.make_spacecraft, "spacecraft-1"),
        (make.make_landing, "landing-1"),
        (make.make_event, "missionevent-1"),
    ],
)
def test_a_part_has_its_place_on_the_page_of_its_mission(make_part, anchor):
    assert make_part().anchor == anchor


@pytest.mark.parametrize(
    "wrong",
    [
        {"latitude": "90.00001"},
        {"latitude": "-90.00001"},
        {"longitude": "180.00001"},
        {"longitude": "-180.00001"},
        {"latitude": None},
        {"longitude": None},
    ],
)
def test_database_refuses_a_position_that_is_not_on_the_moon(wrong):
    landing = make.make_landing()

    with refuses("landing_on_the_moon"):
        Landing.objects.filter(pk=landing.pk).update(**wrong)


@pytest.mark.parametrize(
    ("latitude", "longitude", "side"),
    [
        ("43.05800", "-51.91600", "near"),
        ("0", "0", "near"),
        ("-90", "90", "near"),
        ("90", "-90", "near"),
        ("0", "90.00001", "far"),
        ("-45.44400", "177.59900", "far"),
        ("0", "-180", "far"),
        ("0", "180", "far"),
        (None, None, ""),
    ],
)
def test_the_side_follows_from_the_longitude(latitude, longitude, side):
    landing = make.make_landing(latitude=latitude, longitude=longitude)

    assert landing.side == side
    assert landing.side_label == {"near": "Near side", "far": "Far side", "": ""}[side]


def test_nobody_can_write_the_side():
    landing = make.make_landing(longitude="100")
    landing.side = "near"
    landing.save()

    landing.refresh_from_db()

    assert landing.side == "far"


def test_database_refuses_a_negative_accuracy():
    with refuses("accuracy_m"):
        make.make_landing(accuracy_m=-1)


@pytest.mark.parametrize(
    ("make_part", "constraint"),
    [
        (make.make_landing, "landing_date_range"),
        (make.make_event, "mission_event_date_range"),
    ],
)
def test_database_refuses_a_date_without_its_days(make_part, constraint):
    part = make_part(date="1970-09")

    with refuses(constraint):
        type(part).objects.filter(pk=part.pk).update(date_earliest=None, date_latest=None)


def test_a_person_is_once_in_a_crew():
    member = make.make_crew_member()

    with refuses("mission_id, .*person_id"):
        make.make_crew_member(member.mission, member.person)


def test_a_person_who_flew_cannot_be_deleted():
    member = make.make_crew_member()

    with pytest.raises(ProtectedError):
        member.person.delete()


def test_a_crew_shows_nobody_whose_own_record_is_a_draft():
    make.make_crew_member(person=make.make_person(state="draft"))

    assert not CrewMember.objects.public().exists()


def test_a_landing_stays_when_its_craft_is_deleted():
    mission = make.make_mission()
    craft = make.make_spacecraft(mission)
    landing = make.make_landing(mission, spacecraft=craft)

    craft.delete()

    landing.refresh_from_db()
    assert landing.spacecraft is None


def test_events_are_told_in_order_of_time_and_the_latest_can_come_first():
    mission = make.make_mission()
    later = make.make_event(mission, date="1970-09-20")
    unknown = make.make_event(mission, date="")
    earlier = make.make_event(mission, date="1970-09-12")

    assert list(mission.events.all()) == [earlier, later, unknown]
    assert list(MissionEvent.objects.latest_first()) == [later, earlier, unknown]


def test_parts_name_themselves():
    mission = make.make_mission(name="Luna 16")

    assert str(make.make_spacecraft(mission, name="Lander")) == "Lander"
    assert str(make.make_landing(mission)) == "Soft landing, Luna 16"
    assert str(make.make_event(mission, title="Touch-down")) == "Touch-down"
    member = make.make_crew_member(mission, make.make_person(name="Nobody"), role="Passenger")
    assert str(member) == "Nobody, Passenger"
    assert set(Spacecraft.objects.all()) == set(mission.spacecraft.all())
