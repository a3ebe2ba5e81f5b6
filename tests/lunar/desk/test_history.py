"""Every change is kept: who, when, why, and the record as it stood then."""

import pytest

from lunar.canonical.rows import rows_of
from lunar.canonical.writer import replace
from lunar.desk.history import (
    FOUND_CHANGED,
    FOUND_FIRST,
    StaleRecordError,
    Way,
    latest_revision,
    recording,
    revision_number,
)
from lunar.desk.models import EditorProfile, Revision
from missions.models import Mission
from tests.factories import (
    cite,
    make_act,
    make_country,
    make_landing,
    make_mission,
    make_person,
    make_source,
    make_transfer,
    make_user,
)

pytestmark = pytest.mark.django_db
Shown = Revision.Shown


def change(record, reason="As the source says.", editor=None, way=Way.FORM, **values):
    with recording(editor, reason, way) as made:
        for name, value in values.items():
            setattr(record, name, value)
        record.save()
    return made


def test_a_change_is_kept_with_who_when_and_why():
    mission, editor = make_mission(), make_user("Editor")
    change(mission, "The launch was later.", editor, launch="2020-11-24")

    revision = latest_revision(Mission, mission.slug)

    assert (revision.editor, revision.way) == (editor, Way.FORM)
    assert revision.reason == "The launch was later."
    assert revision.canonical_rows[0].fields["launch"] == "2020-11-24"
    assert revision.before.canonical_rows[0].fields["launch"] == "2020-11-23"


def test_the_first_recorded_change_also_keeps_how_the_record_stood_before():
    mission = make_mission()
    change(mission, name="Another name")

    assert [(r.number, r.reason) for r in Revision.objects.of(mission)] == [
        (2, "As the source says."),
        (1, FOUND_FIRST),
    ]


def test_what_was_changed_without_the_desk_is_no_part_of_the_next_change():
    mission = make_mission()
    change(mission, name="First")
    Mission.objects.filter(pk=mission.pk).update(aim="Changed in a shell.")
    mission.refresh_from_db()
    change(mission, name="Second")

    second, found, first, _ = Revision.objects.of(mission)

    assert found.reason == FOUND_CHANGED
    assert "aim" not in first.canonical_rows[0].fields
    assert second.canonical_rows[0].differing_fields(found.canonical_rows[0]) == ["name"]


def test_parts_evidence_and_links_belong_to_the_revision_of_their_record():
    transfer, china = make_transfer(), make_country()
    with recording(None, "Added what was missing.", Way.COMMAND) as made:
        act = make_act(transfer)
        cite(act, "date")
        transfer.missions.add(make_mission())
        china.name = "People's Republic of China"
        china.save()

    kept = {revision.title: revision for revision in made.revisions}
    labels = [row.shape.label for row in kept[transfer.title].canonical_rows]
    assert labels == [
        "diplomacy.transfer",
        "diplomacy.act",
        "diplomacy.transfercitation",
        "diplomacy.actcitation",
    ]
    assert kept[transfer.title].canonical_rows[0].fields["missions"]
    assert "People's Republic of China" in kept


def test_a_part_that_moves_changes_both_records():
    landing, target = make_landing(), make_mission()
    origin = landing.mission
    with recording(None, "It was another craft's.", Way.COMMAND) as made:
        landing.mission = target
        landing.save()

    assert {revision.key for revision in made.revisions} == {origin.slug, target.slug}


def test_nothing_is_kept_of_a_save_that_changes_nothing():
    mission = make_mission()
    made = change(mission)

    assert made.revisions == []


def test_a_deleted_record_keeps_its_history():
    person = make_person(name="Yang Liwei", state="draft")
    slug = person.slug
    with recording(None, "Twice in the record.", Way.FORM):
        person.delete()

    gone, found = Revision.objects.at("parties.person", slug)
    assert (gone.title, gone.rows, gone.shown) == ("Yang Liwei", [], Shown.NOTHING)
    assert found.canonical_rows[0].fields["name"] == "Yang Liwei"


def test_a_block_that_fails_leaves_nothing_behind():
    mission = make_mission(name="Luna 16")

    def change_and_fail():
        with recording(None, "Try.", Way.COMMAND):
            mission.name = "Luna 17"
            mission.save()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_and_fail()

    mission.refresh_from_db()
    assert mission.name == "Luna 16"
    assert not Revision.objects.exists()


def test_a_change_without_a_reason_is_refused():
    with pytest.raises(ValueError, match="reason"), recording(None, "  ", Way.FORM):
        make_mission()


def test_a_change_of_what_somebody_else_changed_is_stopped():
    mission = make_mission()
    seen = revision_number(mission)
    change(mission, name="Somebody else's")

    with pytest.raises(StaleRecordError), recording(None, "Mine.", Way.FORM) as made:
        made.expect(mission, seen)


def test_of_two_writers_with_the_same_number_the_second_is_stopped():
    mission = make_mission(name="Luna 15")
    change(mission, name="Luna 16")

    def change_while_another_does():
        with recording(None, "Second.", Way.FORM) as made:
            mission.name = "Second"
            mission.save()
            [(number, _)] = made.before.values()
            taken = latest_revision(Mission, mission.slug)
            taken.pk, taken.number = None, number + 1
            taken.save(force_insert=True)

    with pytest.raises(StaleRecordError):
        change_while_another_does()

    mission.refresh_from_db()
    assert mission.name == "Luna 16"


def test_an_earlier_revision_can_be_written_back():
    transfer = make_transfer(summary="As it was.")
    act = make_act(transfer, kind="given", date="1978")
    cite(act, "date")
    with recording(None, "A mistake.", Way.FORM) as made:
        transfer.summary = ""
        transfer.save()
        act.delete()
    then = made.revisions[0].before

    with recording(None, "That was a mistake.", Way.REVERT) as made:
        made.open(transfer)
        restored = replace(rows_of(transfer), then.canonical_rows)

    assert made.revisions[0].rows == then.rows
    assert (restored.pk, restored.summary) == (transfer.pk, "As it was.")
    assert restored.acts.get().citations.count() == 1
    assert restored.status == transfer.status != "not_researched"


# What the public may see


def test_nothing_of_a_draft_is_shown_and_all_of_what_is_published():
    mission = make_mission(state="draft")
    change(mission, name="Still a draft")
    change(mission, "Reviewed.", state="published")

    assert [r.shown for r in Revision.objects.of(mission)] == [
        Shown.WHOLE,
        Shown.NOTHING,
        Shown.NOTHING,
    ]


def test_withdrawing_hides_all_but_that_it_was_withdrawn_until_it_is_public_again():
    mission = make_mission()
    change(mission, name="Public")
    change(mission, "It was never flown.", state="withdrawn")

    assert [r.shown for r in Revision.objects.of(mission)] == [
        Shown.NOTICE,
        Shown.HIDDEN,
        Shown.HIDDEN,
    ]

    change(mission, "It was.", state="published")
    assert [r.shown for r in Revision.objects.of(mission)] == [
        Shown.WHOLE,
        Shown.NOTICE,
        Shown.WHOLE,
        Shown.WHOLE,
    ]


def test_changes_of_a_source_are_shown_while_something_public_rests_on_it():
    source = make_source()
    change(source, title="The better title")
    assert {r.shown for r in Revision.objects.of(source)} == {Shown.HIDDEN}

    mission = make_mission(cited=False)
    with recording(None, "Cited.", Way.FORM):
        cite(mission, source=source)
    assert {r.shown for r in Revision.objects.of(source)} == {Shown.WHOLE}

    change(mission, state="withdrawn")
    assert {r.shown for r in Revision.objects.of(source)} == {Shown.HIDDEN}


def test_editors_are_shown_by_their_public_name_only():
    editor = make_user("Editor", username="jsmith", first_name="Jane")
    mission = make_mission()
    change(mission, editor=editor, name="Other")

    revision = latest_revision(Mission, mission.slug)
    assert revision.editor_name == "an editor"

    EditorProfile.objects.create(user=editor, public_name="Jane S.")
    assert latest_revision(Mission, mission.slug).editor_name == "Jane S."
    editor.delete()
    assert latest_revision(Mission, mission.slug).editor_name == "a former editor"
