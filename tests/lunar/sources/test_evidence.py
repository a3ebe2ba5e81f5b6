"""How a page collects its evidence: facts with footnotes, disputes beside them, sources last."""

import pytest

from lunar.sources.evidence import Evidence, group_statements, native, with_evidence
from lunar.sources.models.record import Absence
from missions.models import Mission
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def mission():
    return make.make_mission(name="Luna 16", launch="1970-09-12", cited=False)


def test_a_fact_has_the_field_s_value_and_label(mission):
    fact = Evidence(mission).fact("launch")

    assert (fact.name, fact.label, fact.value) == ("launch", "Launch", "1970-09-12")
    assert fact.absence is None


def test_sources_are_numbered_in_the_order_of_reading_each_once(mission):
    one, two, three = make.make_source(), make.make_source(), make.make_source()
    make.cite(mission, "outcome", one)
    make.cite(mission, "launch", two)
    make.cite(mission, "outcome", two)
    make.cite(mission, "aim", three)
    evidence = Evidence(mission)

    assert evidence.fact("launch").numbers == [1]
    assert evidence.fact("outcome").numbers == [1, 2]
    assert [entry.source for entry in evidence.sources()] == [two, one, three]


def test_a_citation_of_the_whole_record_stands_for_values_without_their_own(mission):
    whole, own = make.make_source(), make.make_source()
    make.cite(mission, "", whole)
    make.cite(mission, "launch", own)
    evidence = Evidence(mission)

    assert [note.citation.source for note in evidence.fact("launch").notes] == [own]
    assert [note.citation.source for note in evidence.fact("outcome").notes] == [whole]


def test_a_citation_of_the_whole_record_does_not_vouch_for_a_blank(mission):
    make.cite(mission, "")

    assert Evidence(mission).fact("ended").numbers == []


def test_a_blank_value_says_which_kind_of_nothing_it_is(mission):
    mission.absent_values = {"ended": "not_given"}
    evidence = Evidence(mission)

    assert evidence.fact("ended").absence is Absence.NOT_GIVEN
    assert evidence.fact("launch_site").absence is Absence.NOT_RESEARCHED


def test_a_disputing_source_stands_beside_the_value_not_behind_it(mission):
    make.cite(mission, "launch")
    make.cite(mission, "launch", stance="disputes", stated_value="1971")

    fact = Evidence(mission).fact("launch")

    assert fact.numbers == [1]
    assert [(note.number, note.citation.stated_value) for note in fact.disputes] == [(2, "1971")]


def test_an_expected_value_is_shown_blank_an_optional_one_is_not(mission):
    evidence = Evidence(mission)

    assert evidence.fact("ended").absence
    assert evidence.optional("name_meaning") == []
    assert [fact.value for fact in evidence.optional("launch")] == ["1970-09-12"]


def test_an_optional_blank_is_shown_when_something_is_said_of_it(mission):
    mission.absent_values = {"aim": "unknown"}
    make.cite(mission, "other_names", stance="disputes", stated_value="Sixteen", note="No.")
    evidence = Evidence(mission)

    assert [fact.absence for fact in evidence.optional("aim")] == [Absence.UNKNOWN]
    assert [fact.disputes[0].citation.note for fact in evidence.optional("other_names")] == ["No."]


def test_what_the_heading_shows_is_a_fact_only_where_it_is_cited(mission):
    evidence = Evidence(mission)
    assert evidence.if_cited("name") == []

    make.cite(mission, "name")

    assert [fact.value for fact in evidence.if_cited("name")] == ["Luna 16"]


def test_a_fact_of_a_part_is_named_after_the_part(mission):
    landing = make.make_landing(mission, date="1970-09-20")
    make.cite(landing, "date")

    fact = Evidence(mission).fact("date", of=landing)

    assert (fact.name, fact.numbers) == ("landing-1-date", [1])


def test_a_part_as_a_whole_carries_all_its_citations(mission):
    event = make.make_event(mission, title="Touch-down")
    make.cite(event, "date")
    make.cite(event, "title")
    make.cite(event, "is_first", stance="disputes", stated_value="the second")

    fact = Evidence(mission).part(event)

    assert (fact.name, fact.label, fact.numbers) == ("missionevent-1", "Touch-down", [1, 2])
    assert [note.about for note in fact.disputes] == ["A first"]


def test_all_that_is_cited_is_among_the_sources_shown_or_not(mission):
    craft = make.make_spacecraft(mission)
    make.cite(mission, "other_names")
    make.cite(craft, "name", quote="a rover")
    evidence = Evidence(mission)
    evidence.fact("role", of=craft)

    statements = [s for entry in evidence.sources() for s in entry.statements]

    assert len(evidence.sources()) == 2
    assert [statement.citation.quote for statement in statements] == ["a rover"]


def test_a_source_that_says_one_thing_of_several_values_says_it_once(mission):
    source = make.make_source()
    said = {"quote": "launched on 12 September and landed", "locator": "p. 3"}
    make.cite(mission, "launch", source, **said)
    make.cite(mission, "outcome", source, **said)
    make.cite(mission, "aim", source)
    evidence = Evidence(mission)
    evidence.fact("launch"), evidence.fact("outcome"), evidence.fact("aim")

    [entry] = evidence.sources()
    [statement] = entry.statements

    assert [label for label, _ in statement.labels] == ["Launch", "Outcome"]


def test_support_and_dispute_are_never_one_statement(mission):
    source = make.make_source()
    supports = make.cite(mission, "launch", source, stated_value="1970")
    disputes = make.cite(mission, "outcome", source, stance="disputes", stated_value="1970")

    assert len(group_statements([("Launch", "", supports), ("Outcome", "", disputes)])) == 2


def test_the_reason_for_a_choice_is_told_once_where_the_dispute_is(mission):
    source = make.make_source()
    make.cite(mission, "launch", source, note="By the log of the pad.")
    make.cite(mission, "outcome", source, note="By the log of the pad.")
    make.cite(mission, "launch", stance="disputes", stated_value="1971")
    evidence = Evidence(mission)

    outcome, launch = evidence.fact("outcome"), evidence.fact("launch")

    assert [note.citation.note for note in launch.reasons] == ["By the log of the pad."]
    assert outcome.reasons == []


def test_a_page_s_evidence_takes_one_load(mission, django_assert_num_queries):
    for _ in range(3):
        make.cite(make.make_landing(mission), "date")
    missions = Mission.objects.prefetch_related(*with_evidence(Mission, "landings"))

    with django_assert_num_queries(4):
        loaded = missions.get(pk=mission.pk)
        evidence = Evidence(loaded)
        for landing in loaded.landings.all():
            evidence.fact("date", of=landing)
        evidence.sources()


@pytest.mark.parametrize(
    ("text", "language", "marked"),
    [
        ("", "zh", ""),
        ("Luna", "", "Luna"),
        ("月", "zh", '<span lang="zh">月</span>'),
        ("<b>", '"x', '<span lang="&quot;x">&lt;b&gt;</span>'),
    ],
)
def test_a_native_name_says_its_language(text, language, marked):
    assert native(text, language) == marked
