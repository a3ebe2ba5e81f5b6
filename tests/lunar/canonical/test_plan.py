"""What is loaded, what is kept and what is a conflict, when fixtures and editors both change."""

import pytest

from diplomacy.models import Transfer
from lunar.canonical.dumper import dump
from lunar.canonical.loader import load
from lunar.canonical.models import LoadedRow
from lunar.canonical.plan import Action
from lunar.canonical.reader import RecordError
from lunar.parties.models import Country
from lunar.sources.models import Source
from missions.models import Landing, Mission, MissionCitation, MissionEvent, Spacecraft
from tests.lunar.canonical.sample import SOURCE, row


def told(plan, action):
    return [str(step) for step in plan.to(action)]


@pytest.fixture
def apollo(loaded):
    return Mission.objects.get(slug="apollo-11")


@pytest.fixture
def luna(loaded):
    return Mission.objects.get(slug="luna-16")


def test_an_edit_is_kept_while_its_fixture_is_as_it_was(luna, reload):
    luna.aim = "Edited."
    luna.save()

    plan = reload()

    assert told(plan, Action.KEEP) == ["missions.mission:luna-16: aim changed by an editor"]
    assert not plan.writes
    assert Mission.objects.get(slug="luna-16").aim == "Edited."


def test_an_edit_of_links_is_an_edit(apollo, reload):
    apollo.operators.clear()

    plan = reload()

    assert told(plan, Action.KEEP) == ["missions.mission:apollo-11: operators changed by an editor"]
    assert not Mission.objects.get(slug="apollo-11").operators.exists()


def test_an_edit_and_a_change_are_a_conflict_and_the_edit_stays(loaded, luna, reload):
    luna.aim = "Edited."
    luna.save()
    row(loaded, "missions", "luna-16")["result"] = "From the fixture."
    row(loaded, "countries", "RU")["name"] = "Russian Federation"

    for _ in range(2):  # the conflict stays until somebody decides
        plan = reload()
        assert told(plan, Action.CONFLICT) == [
            "missions.mission:luna-16: changed by an editor and in the fixtures: aim, result"
        ]
        luna.refresh_from_db()
        assert (luna.aim, luna.result) == ("Edited.", "")
    assert Country.objects.get(code="RU").name == "Russian Federation"


def test_an_edit_that_the_fixtures_took_over_is_settled(luna, reload, directory):
    luna.aim = "Edited."
    luna.save()
    dump(directory)

    plan = load(directory)

    assert not plan.writes
    assert plan.to(Action.KEEP, Action.CONFLICT) == []
    luna.aim = "Edited again."
    luna.save()
    assert told(load(directory), Action.KEEP) == [
        "missions.mission:luna-16: aim changed by an editor"
    ]


def test_an_edit_taken_back_is_no_edit(loaded, luna, reload):
    luna.aim = "Edited."
    luna.save()
    luna.aim = ""
    luna.save()
    row(loaded, "missions", "luna-16")["result"] = "From the fixture."

    assert told(reload(), Action.CHANGE) == ["missions.mission:luna-16: result"]


def test_the_fixture_wins_where_it_is_told_to(loaded, luna, apollo, reload):
    for mission in (luna, apollo):
        mission.aim = "Edited."
        mission.save()
        row(loaded, "missions", mission.slug)["result"] = "From the fixture."

    plan = reload(theirs=["missions.mission:luna-16"])

    assert told(plan, Action.CHANGE) == ["missions.mission:luna-16: aim, result"]
    luna.refresh_from_db()
    apollo.refresh_from_db()
    assert (luna.aim, luna.result) == ("", "From the fixture.")
    assert (apollo.aim, apollo.result) == ("Edited.", "")
    assert len(reload().to(Action.CONFLICT)) == 1


@pytest.mark.parametrize("name", ["missions.mission:luna-17", "missions.mission:luna-16", "luna"])
def test_the_fixture_wins_only_where_there_is_a_dispute(loaded, reload, name):
    with pytest.raises(RecordError, match="is no row on which an editor and the fixtures differ"):
        reload(theirs=[name])


def test_what_an_editor_deleted_stays_deleted_with_its_parts(apollo, reload):
    Landing.objects.get().delete()

    plan = reload()

    assert told(plan, Action.KEEP) == [
        "missions.landing:apollo-11/1: deleted by an editor",
        "missions.landingcitation:apollo-11/1//column/supports/: deleted by an editor",
    ]
    assert not Landing.objects.exists()


def test_a_change_of_what_an_editor_deleted_is_a_conflict(loaded, luna, reload):
    luna.delete()
    row(loaded, "missions", "luna-16")["aim"] = "From the fixture."

    plan = reload()

    assert told(plan, Action.CONFLICT) == [
        "missions.mission:luna-16: deleted by an editor, changed in the fixtures"
    ]
    assert not Mission.objects.filter(slug="luna-16").exists()


def test_what_is_brought_back_brings_its_parts_along(loaded, reload):
    Spacecraft.objects.get().delete()
    Landing.objects.get().delete()

    plan = reload(theirs=["missions.landing:apollo-11/1", "missions.spacecraft:apollo-11/1"])

    assert len(plan.to(Action.CREATE)) == 4
    assert Landing.objects.get().spacecraft == Spacecraft.objects.get()
    assert Landing.objects.get().citations.count() == 1


def test_a_row_may_not_come_back_without_what_it_needs(apollo, reload):
    """The landing names the spacecraft, which stays deleted."""
    Landing.objects.get().delete()
    Spacecraft.objects.get().delete()

    plan = reload(theirs=["missions.landing:apollo-11/1"])

    assert told(plan, Action.CONFLICT) == [
        "missions.landing:apollo-11/1: refers to missions.spacecraft:apollo-11/1, "
        "which is not in the database",
        "missions.landingcitation:apollo-11/1//column/supports/: "
        "refers to missions.landing:apollo-11/1, which is not in the database",
    ]
    assert not plan.writes


def test_new_rows_of_what_an_editor_deleted_are_conflicts(loaded, luna, reload):
    luna.delete()
    loaded["spacecraft"].append(
        {"mission": ["luna-16"], "number": 1, "name": "Lander", "role": "lander"}
    )
    loaded["spacecraft_citations"].append({"subject": ["luna-16", 1], "source": ["column"]})
    row(loaded, "transfers", "z-answer")["missions"] = [["luna-16"]]

    plan = reload()

    assert told(plan, Action.CONFLICT) == [
        "missions.spacecraft:luna-16/1: refers to missions.mission:luna-16, "
        "which is not in the database",
        "diplomacy.transfer:z-answer: refers to missions.mission:luna-16, "
        "which is not in the database",
        "missions.spacecraftcitation:luna-16/1//column/supports/: "
        "refers to missions.spacecraft:luna-16/1, which is not in the database",
    ]
    assert Spacecraft.objects.count() == 1


def test_what_an_editor_made_is_left_alone(loaded, reload):
    Mission.objects.create(
        slug="zond-3", name="Zond 3", outcome="success", no_cospar_reason="none_assigned"
    )

    plan = reload()

    assert told(plan, Action.LEAVE) == ["missions.mission:zond-3"]
    assert Mission.objects.filter(slug="zond-3").exists()


def test_what_editor_and_fixtures_both_made_is_a_conflict_unless_it_is_the_same(loaded, reload):
    zond = {
        "slug": "zond-3",
        "name": "Zond 3",
        "outcome": "success",
        "no_cospar_reason": "none_assigned",
    }
    mission = Mission.objects.create(**zond | {"name": "Zond Three"})
    loaded["missions"].append(zond)

    assert told(reload(), Action.CONFLICT) == [
        "missions.mission:zond-3: made by an editor, and by the fixtures with other name"
    ]
    mission.name = "Zond 3"
    mission.save()
    assert not reload().to(Action.CONFLICT)
    assert LoadedRow.objects.filter(key='["zond-3"]').exists()


def test_what_has_a_unique_value_of_an_editors_row_is_a_conflict(loaded, reload):
    Source.objects.create(slug="mine", title="Mine", url="https://example.org/new", **SOURCE)
    loaded["sources"].append(
        SOURCE | {"slug": "theirs", "title": "Theirs", "url": "https://example.org/new"}
    )
    loaded["mission_citations"].append({"subject": ["luna-16"], "source": ["theirs"]})

    plan = reload()

    assert told(plan, Action.CONFLICT) == [
        "sources.source:theirs: an editor's sources.source:mine has its url",
        "missions.missioncitation:luna-16//theirs/supports/: "
        "refers to sources.source:theirs, which is not in the database",
    ]


def test_an_edited_row_that_left_the_fixtures_is_a_conflict(loaded, luna, reload):
    luna.aim = "Edited."
    luna.save()
    loaded["missions"].remove(row(loaded, "missions", "luna-16"))

    plan = reload()

    assert told(plan, Action.CONFLICT) == [
        "missions.mission:luna-16: changed by an editor, removed from the fixtures"
    ]
    reload(theirs=["missions.mission:luna-16"])
    assert not Mission.objects.filter(slug="luna-16").exists()


def test_what_an_editors_row_needs_stays_with_all_its_parts(loaded, luna, reload):
    loaded["spacecraft"].append(
        {"mission": ["luna-16"], "number": 1, "name": "Lander", "role": "lander"}
    )
    reload()
    event = MissionEvent.objects.create(mission=luna, kind="launch", title="Launched")
    loaded["missions"].remove(row(loaded, "missions", "luna-16"))
    loaded["spacecraft"].pop()

    plan = reload()

    assert told(plan, Action.CONFLICT) == [
        "missions.mission:luna-16: removed from the fixtures, "
        "but an editor's missions.missionevent:luna-16/1 needs it",
        "missions.spacecraft:luna-16/1: removed from the fixtures, "
        "but part of missions.mission:luna-16, which stays",
    ]
    assert luna.spacecraft.count() == 1
    event.delete()
    assert len(reload().to(Action.DELETE)) == 2


def test_a_source_that_an_editor_cites_stays(loaded, apollo, reload):
    agency = Source.objects.get(slug="agency")
    MissionCitation.objects.create(subject=apollo, source=agency, field="aim")
    loaded["sources"].remove(row(loaded, "sources", "agency"))
    loaded["mission_citations"].pop()

    plan = reload()

    assert told(plan, Action.CONFLICT) == [
        "sources.source:agency: removed from the fixtures, "
        "but an editor's missions.missioncitation:apollo-11/aim/agency/supports/ needs it"
    ]
    assert told(plan, Action.DELETE) == [
        "missions.missioncitation:apollo-11/launch/agency/disputes/16/17 July “1969”"
    ]


def test_what_an_edited_record_links_to_stays(loaded, reload):
    display = Transfer.objects.get(slug="a-display")
    display.missions.add(Mission.objects.get(slug="luna-16"))
    loaded["missions"].remove(row(loaded, "missions", "luna-16"))

    plan = reload()

    assert told(plan, Action.CONFLICT) == [
        "missions.mission:luna-16: removed from the fixtures, "
        "but an editor's diplomacy.transfer:a-display needs it"
    ]


def test_what_both_took_away_is_forgotten(loaded, luna, reload):
    luna.delete()
    loaded["missions"].remove(row(loaded, "missions", "luna-16"))

    plan = reload()

    assert plan.to(Action.KEEP, Action.CONFLICT, Action.DELETE) == []
    assert not LoadedRow.objects.filter(key='["luna-16"]').exists()
