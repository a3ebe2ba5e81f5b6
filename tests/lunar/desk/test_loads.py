"""A load of the fixtures is a change like every other: kept, and told apart from editors'."""

import json

import pytest

from lunar.canonical.dumper import dump
from lunar.canonical.loader import load
from lunar.canonical.rows import rows_of
from lunar.desk.history import FOUND_FIRST, Way, recording
from lunar.desk.models import Revision
from missions.models import Mission
from tests.factories import cite, make_act, make_mission, make_transfer

pytestmark = pytest.mark.django_db


@pytest.fixture
def fixtures(tmp_path):
    """A directory with the fixtures of two missions and a transfer with an act."""
    make_mission(slug="luna-16", name="Luna 16")
    make_mission(slug="luna-20", name="Luna 20", aim="To bring back soil.")
    cite(make_act(make_transfer(slug="gift")), "date")
    dump(tmp_path)
    load(tmp_path)
    return tmp_path


def correct(directory, file, slug, **values):
    path = directory / file
    rows = json.loads(path.read_text())
    for row in rows:
        if row["fields"].get("slug") == slug:
            row["fields"] |= values
    path.write_text(json.dumps(rows))


def test_a_first_load_gives_every_record_its_first_revision(fixtures):
    Mission.objects.all().delete()
    load(fixtures, theirs=["missions.mission:luna-16"])

    [revision, *_] = Revision.objects.at("missions.mission", "luna-16")
    assert (revision.way, revision.editor_name) == (Way.LOAD, "Lunar Record")
    assert revision.shown == Revision.Shown.WHOLE
    mission = Mission.objects.get(slug="luna-16")
    assert revision.rows == Revision.entries(rows_of(mission))


def test_a_load_gives_a_revision_to_the_records_that_it_changes_and_to_no_other(fixtures):
    correct(fixtures, "missions.json", "luna-16", name="Luna-16")

    load(fixtures, reason="Name as printed by Lavochkin.")

    assert [(r.key, r.number, r.reason) for r in Revision.objects.order_by("number")] == [
        ("luna-16", 1, FOUND_FIRST),
        ("luna-16", 2, "Name as printed by Lavochkin."),
    ]


def test_a_changed_part_is_a_change_of_its_record(fixtures):
    path = fixtures / "acts.json"
    [act] = json.loads(path.read_text())
    act["fields"]["place"] = "Beijing"
    path.write_text(json.dumps([act]))

    load(fixtures)

    latest = Revision.objects.at("diplomacy.transfer", "gift").first()
    places = [row.fields.get("place") for row in latest.canonical_rows]
    assert "Beijing" in places


def test_a_load_after_an_editor_goes_on_counting(fixtures):
    mission = Mission.objects.get(slug="luna-20")
    with recording(None, "Edited.", Way.FORM):
        mission.aim = "To bring back soil from the highlands."
        mission.save()
    correct(fixtures, "missions.json", "luna-20", aim="Soil.")

    load(fixtures, theirs=["missions.mission:luna-20"])

    latest = Revision.objects.at("missions.mission", "luna-20").first()
    assert (latest.number, latest.way) == (3, Way.LOAD)
    assert latest.canonical_rows[0].fields["aim"] == "Soil."


def test_a_load_that_changes_nothing_and_one_taken_back_leave_no_trace(fixtures):
    load(fixtures)
    correct(fixtures, "missions.json", "luna-16", name="Luna-16")
    load(fixtures, dry_run=True)

    assert not Revision.objects.exists()
