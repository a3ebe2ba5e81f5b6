"""What was changed past the desk becomes revisions by a command."""

import pytest
from django.core.management import CommandError, call_command

from lunar.desk.history import Way, latest_revision, recording
from lunar.desk.models import FormerAddress, Revision
from lunar.sources.models import Source
from missions.models import Mission
from tests.factories import cite, make_landing, make_mission, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def mission():
    """A mission with a landing, all of it recorded."""
    mission = make_mission(slug="luna-16", aim="One")
    cite(make_landing(mission), "date")
    adopt("It was there.")
    return mission


def adopt(reason="Corrected in a shell."):
    call_command("adopt_changes", reason=reason)


def check():
    call_command("adopt_changes", check=True)


def test_nothing_is_recorded_where_nothing_was_changed(mission, capsys):
    number = Revision.objects.count()

    check()
    adopt()

    assert "Nothing to record." in capsys.readouterr().out
    assert Revision.objects.count() == number


def test_a_change_by_hand_is_found_and_recorded_with_its_reason(mission, capsys):
    Mission.objects.update(aim="Two")
    with pytest.raises(CommandError, match="1 record changed without a revision"):
        check()
    assert "changed  missions.mission:luna-16" in capsys.readouterr().out
    assert latest_revision(Mission, "luna-16").number == 1

    adopt()

    latest = latest_revision(Mission, "luna-16")
    assert (latest.number, latest.way, latest.reason) == (2, Way.COMMAND, "Corrected in a shell.")
    assert latest.canonical_rows[0].fields["aim"] == "Two"
    check()


def test_parts_and_evidence_changed_by_hand_belong_to_their_record(mission):
    mission.landings.all().delete()

    adopt()

    rows = latest_revision(Mission, "luna-16").canonical_rows
    assert {row.shape.label for row in rows} == {"missions.mission", "missions.missioncitation"}


def test_what_was_added_and_what_was_deleted_by_hand_is_recorded(mission, capsys):
    make_mission(slug="luna-17")
    mission.delete()

    adopt()

    assert "deleted  missions.mission:luna-16" in capsys.readouterr().out
    assert latest_revision(Mission, "luna-16").rows == []
    assert latest_revision(Mission, "luna-17").number == 1


def test_an_address_that_leads_on_is_no_record_with_a_history(mission):
    FormerAddress.objects.create(label="missions.mission", key="luna-xvi", target="luna-16")

    check()


def test_a_withdrawal_by_hand_hides_the_history(mission):
    Mission.objects.update(state="withdrawn")

    adopt()

    assert [r.shown for r in Revision.objects.of(mission)] == ["notice", "hidden"]


def test_a_source_is_shown_once_something_public_rests_on_it():
    source = make_source()
    adopt()
    assert latest_revision(Source, source.slug).shown == "hidden"

    cite(make_mission(), source=source)
    adopt()
    assert latest_revision(Source, source.slug).shown == "whole"


def test_a_change_after_adoption_is_a_revision_of_its_own(mission):
    with recording(None, "At the desk.", Way.FORM):
        mission.aim = "Two"
        mission.save()

    assert [r.reason for r in Revision.objects.of(mission)] == ["At the desk.", "It was there."]


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_recording_needs_a_reason_of_a_fit_length(mission, reason):
    Mission.objects.update(aim="Two")

    with pytest.raises(CommandError, match=r"reason"):
        adopt(reason)

    assert latest_revision(Mission, "luna-16").number == 1
