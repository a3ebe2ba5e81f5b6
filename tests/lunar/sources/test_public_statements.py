"""How much that is public rests on a source follows every change of what it rests on."""

import pytest
from django.core import serializers

from lunar.canonical.validation import wrong_derivations
from lunar.sources.derivation import postponed, refresh
from lunar.sources.models import Citation, Record, Source
from missions.models import Mission
from tests import factories as make
from tests.concurrency import Unfinished, in_background, several_writers, waits

pytestmark = pytest.mark.django_db

SUBJECTS = {
    "countrycitation": make.make_country,
    "organizationcitation": make.make_organization,
    "personcitation": make.make_person,
    "programmecitation": make.make_programme,
    "missioncitation": make.make_mission,
    "spacecraftcitation": make.make_spacecraft,
    "landingcitation": make.make_landing,
    "missioneventcitation": make.make_event,
    "crewmembercitation": make.make_crew_member,
    "samplereturncitation": make.make_sample_return,
    "figurecitation": make.make_figure,
    "transferseriescitation": make.make_series,
    "transfercitation": make.make_transfer,
    "actcitation": make.make_act,
    "agreementcitation": make.make_agreement,
    "adherencecitation": make.make_adherence,
    "practicecitation": make.make_practice,
}
NEEDED = [(table, path) for table in Citation.concrete_models() for _, path in table.public_with()]


def statements(source):
    """Return the stored number, after making sure that it is the right one."""
    assert list(wrong_derivations()) == []
    return Source.objects.get(pk=source.pk).cited_by


def cited(table):
    """Return a citation of a public record in `table`."""
    return make.cite(SUBJECTS[table._meta.model_name]())


def reached(citation, path):
    for step in path.split("__"):
        citation = getattr(citation, step)
    return type(citation).objects.get(pk=citation.pk)


@pytest.mark.parametrize(
    ("table", "path"),
    NEEDED,
    ids=[f"{table._meta.model_name}-{path}" for table, path in NEEDED],
)
class TestEveryRecordThatMustBePublic:
    def test_withdrawing_it_takes_the_statement_from_the_source(self, table, path):
        citation = cited(table)
        record = reached(citation, path)
        assert statements(citation.source) == 1

        record.state = Record.State.WITHDRAWN
        record.save()
        assert statements(citation.source) == 0
        assert citation.source not in Source.objects.public()

        record.state = Record.State.PUBLISHED
        record.save()
        assert statements(citation.source) == 1

    def test_losing_the_last_of_its_own_citations_does_too(self, table, path):
        citation = cited(table)
        record = reached(citation, path)

        for own in record.citations.exclude(pk=citation.pk if path == "subject" else None):
            own.delete()
        if path == "subject":
            citation.stance, citation.stated_value = "disputes", "another"
            citation.save()

        assert statements(citation.source) == 0


def test_a_citation_that_comes_moves_and_goes_is_counted():
    mission, source, other = make.make_mission(), make.make_source(), make.make_source()

    citation = make.cite(mission, "launch", source)
    assert (statements(source), statements(other)) == (1, 0)

    citation.source = other
    citation.save()
    assert (statements(source), statements(other)) == (0, 1)

    citation.delete()
    assert (statements(source), statements(other)) == (0, 0)


def test_a_deleted_record_leaves_nothing_on_its_sources():
    source = make.make_source()
    landing = make.make_landing()
    make.cite(landing, "date", source)
    make.cite(landing.mission, "launch", source)
    assert statements(source) == 2

    landing.mission.delete()

    assert statements(source) == 0


def test_a_part_that_moves_to_a_draft_takes_its_statements_along():
    source, draft = make.make_source(), make.make_mission(state="draft")
    landing = make.make_landing()
    make.cite(landing, "date", source)

    landing.mission = draft
    landing.save()

    assert statements(source) == 0


def test_a_crew_member_who_becomes_another_person_is_public_with_that_one():
    source, draft = make.make_source(), make.make_person(state="draft")
    member = make.make_crew_member()
    make.cite(member, "role", source)
    assert statements(source) == 1

    member.person = draft
    member.save()

    assert statements(source) == 0


def test_what_is_postponed_is_counted_at_the_end():
    source, mission = make.make_source(), make.make_mission()
    make.cite(mission, "launch", source)

    with postponed():
        mission.state = Record.State.WITHDRAWN
        mission.save()
        assert Source.objects.get(pk=source.pk).cited_by == 1

    assert statements(source) == 0


def test_a_raw_load_is_counted():
    source, mission = make.make_source(), make.make_mission()
    make.cite(mission, "launch", source)
    rows = serializers.serialize("json", [mission, *mission.citations.filter(source=source)])
    rows = rows.replace('"published"', '"withdrawn"')

    for row in serializers.deserialize("json", rows):
        row.save()

    assert statements(source) == 0


def test_refreshing_a_record_counts_what_was_changed_in_bulk():
    source, mission = make.make_source(), make.make_mission()
    make.cite(mission, "launch", source)
    Mission.objects.filter(pk=mission.pk).update(state=Record.State.WITHDRAWN)

    refresh(mission)

    assert statements(source) == 0


def test_a_wrong_number_is_found_and_mended():
    source = make.make_source()
    make.cite(make.make_mission(), "launch", source)
    Source.objects.filter(pk=source.pk).update(cited_by=7)

    [finding] = wrong_derivations()

    assert "is 7, but 1 follows" in str(finding)
    assert refresh(source) == {"cited_by": (7, 1)}
    assert statements(source) == 1


@several_writers
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("before", ["published", "withdrawn"])
def test_records_that_come_or_go_at_the_same_moment_are_all_counted(before):
    source = make.make_source()
    missions = [make.make_mission(state=before) for _ in range(3)]
    for mission in missions:
        make.cite(mission, "launch", source)

    def turn(mission, state):
        mission.state = state
        mission.save()

    turn(missions[2], "published")
    after = "withdrawn" if before == "published" else "published"
    with in_background() as start:
        first = Unfinished(start, lambda: turn(missions[0], after))
        second = start(turn, missions[1], after)
        assert waits(second)
        first.commit()

    assert statements(source) == (1 if before == "published" else 3)


@several_writers
@pytest.mark.django_db(transaction=True)
def test_one_that_comes_while_another_goes_is_counted():
    source, comes = make.make_source(), make.make_mission(state="draft")
    goes = make.make_mission()
    for mission in (comes, goes):
        make.cite(mission, "launch", source)

    def turn(mission, state):
        mission.state = state
        mission.save()

    with in_background() as start:
        first = Unfinished(start, lambda: turn(comes, "published"))
        second = start(turn, goes, "withdrawn")
        assert waits(second)
        first.commit()

    assert statements(source) == 1
