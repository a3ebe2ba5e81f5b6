"""What the database itself holds of programmes and missions, whoever writes."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError

from missions.models import Mission, MissionType, Programme
from tests import factories as make

pytestmark = pytest.mark.django_db


def refuses(constraint):
    return pytest.raises(IntegrityError, match=constraint)


@pytest.mark.parametrize("make_one", [make.make_programme, make.make_mission_type])
def test_a_slug_belongs_to_one_row(make_one):
    make_one(slug="luna")

    with refuses("slug"):
        make_one(slug="luna")


def test_a_slug_belongs_to_one_mission():
    make.make_mission(slug="luna-16")

    with refuses("slug"):
        make.make_mission(slug="luna-16")


def test_a_cospar_id_belongs_to_one_mission():
    make.make_mission(cospar_id="1970-072A")

    with refuses("cospar_id"):
        make.make_mission(cospar_id="1970-072A")


def test_many_missions_have_no_cospar_id():
    make.make_mission(cospar_id=None)
    make.make_mission(cospar_id=None)


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("mission_cospar_or_reason", {"no_cospar_reason": ""}),
        ("mission_cospar_or_reason", {"cospar_id": "1970-072A"}),
        ("mission_cospar_not_blank", {"cospar_id": "", "no_cospar_reason": ""}),
        (
            "mission_planned_has_no_cospar",
            {"cospar_id": "1970-072A", "no_cospar_reason": "", "outcome": "planned"},
        ),
        (
            "mission_planned_has_no_cospar",
            {"cospar_id": "1970-072A", "no_cospar_reason": "", "outcome": "cancelled"},
        ),
        ("mission_launch_mass_positive", {"launch_mass_kg": 0}),
        ("mission_launch_mass_positive", {"launch_mass_kg": -1}),
        ("mission_launch_range", {"launch": ""}),
        ("mission_launch_range", {"launch_earliest": None, "launch_latest": None}),
        ("mission_ended_range", {"ended": "1970"}),
        ("mission_ended_range", {"ended_earliest": "1970-01-01"}),
    ],
)
def test_database_refuses_a_mission_that_contradicts_itself(constraint, wrong):
    mission = make.make_mission()

    with refuses(constraint):
        Mission.objects.filter(pk=mission.pk).update(**wrong)


@pytest.mark.parametrize(
    "right",
    [
        {"cospar_id": "1970-072A"},
        {"launch_mass_kg": "0.01"},
        {"outcome": "planned", "no_cospar_reason": "not_launched"},
        {"launch": "", "ended": "../1970"},
    ],
)
def test_database_accepts_a_mission_with_gaps(right):
    make.make_mission(**right)


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("programme_started_range", {"started": "1958"}),
        ("programme_ended_range", {"ended_latest": "1976-12-31"}),
    ],
)
def test_database_refuses_a_programme_whose_dates_do_not_fit(constraint, wrong):
    programme = make.make_programme()

    with refuses(constraint):
        Programme.objects.filter(pk=programme.pk).update(**wrong)


def test_a_programme_with_missions_cannot_be_deleted():
    programme = make.make_programme()
    make.make_mission(programme=programme)

    with pytest.raises(ProtectedError):
        programme.delete()


def test_an_empty_cospar_id_of_a_form_means_none():
    mission = make.make_mission()
    mission.cospar_id = ""

    mission.full_clean()

    assert mission.cospar_id is None


def test_an_editor_is_told_what_the_database_would_refuse():
    mission = make.make_mission()
    mission.no_cospar_reason = ""

    with pytest.raises(ValidationError, match="Give either a COSPAR id or the reason"):
        mission.full_clean()


@pytest.mark.parametrize(
    ("make_one", "model"),
    [
        (make.make_mission, Mission),
        (make.make_programme, Programme),
        (make.make_mission_type, MissionType),
    ],
)
def test_rows_are_found_by_their_natural_key(make_one, model):
    row = make_one()

    assert model.objects.get_by_natural_key(*row.natural_key()) == row


def test_missions_are_in_order_of_launch_those_without_a_date_last():
    unknown = make.make_mission(launch="")
    later = make.make_mission(launch="1970-09-12")
    about = make.make_mission(launch="1970")
    earlier = make.make_mission(launch="../1969")

    assert list(Mission.objects.all()) == [earlier, about, later, unknown]


def test_a_programme_counts_its_public_missions():
    programme = make.make_programme()
    make.make_mission(programme=programme)
    make.make_mission(programme=programme, state="draft")

    assert Programme.objects.with_mission_count().get().mission_count == 1
