"""What a load writes, and that it writes all of it or nothing."""

import pytest
from django.db import connection

from diplomacy.models import Act, Practice, Transfer
from lunar.canonical.dumper import fixtures
from lunar.canonical.loader import compare, load
from lunar.canonical.models import LoadedRow
from lunar.canonical.plan import Action
from lunar.canonical.reader import RecordError
from lunar.canonical.shapes import shapes
from lunar.parties.models import Country, Person
from lunar.search.models import Entry, Spelling
from lunar.sources import derivation
from lunar.sources.models import Source
from missions.models import Landing, Mission, MissionCitation, MissionEvent, SampleReturn
from tests.databases import ON_POSTGRESQL
from tests.lunar.canonical.sample import row


def counts(plan):
    return tuple(len(plan.to(action)) for action in (Action.CREATE, Action.CHANGE, Action.DELETE))


def everything():
    """Return what is in the database, to compare."""
    return fixtures(), sorted(LoadedRow.objects.values_list("label", "key", "fingerprint"))


def wrong_derivations():
    return [
        (record, derivation.compare(record))
        for model in derivation.derived_models()
        for record in model.objects.all()
        if derivation.compare(record)
    ]


def test_a_first_load_creates_every_row(reload, rows):
    plan = reload()

    assert counts(plan) == (59, 0, 0)
    assert plan.summary == (
        "59 to create, 0 to change, 0 to delete, 0 unchanged, 0 kept edits, 0 conflicts"
    )
    for model, shape in shapes().items():
        assert model.objects.count() == len(rows[shape.name])
    assert LoadedRow.objects.count() == 59


@ON_POSTGRESQL
def test_the_planner_knows_what_a_load_wrote_before_anybody_reads_it(loaded):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, reltuples FROM pg_class WHERE relname = ANY(%s)",
            [["missions_mission", "search_entry", "search_spelling"]],
        )
        told = dict(cursor.fetchall())

    assert told == {
        "missions_mission": Mission.objects.count(),
        "search_entry": Entry.objects.count(),
        "search_spelling": Spelling.objects.count(),
    }
    assert all(told.values())


def test_a_load_counts_what_rests_on_a_source_once_when_all_is_public(reload, monkeypatch):
    asked = []
    really = Source.to_derive.__func__

    def watched(cls, pks):
        asked.append((sorted(pks), Transfer.objects.public().count(), _public_in_statistics()))
        return really(cls, pks)

    monkeypatch.setattr(Source, "to_derive", classmethod(watched))
    reload()

    [(pks, transfers, share)] = asked
    assert pks == sorted(Source.objects.values_list("pk", flat=True))
    assert transfers == Transfer.objects.count()
    assert share == (1 if connection.vendor == "postgresql" else None)


def _public_in_statistics():
    """Return the share of transfers that PostgreSQL's planner holds to be public."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT most_common_freqs[array_position(most_common_vals::text::bool[], true)] "
            "FROM pg_stats WHERE tablename = 'diplomacy_transfer' AND attname = 'is_public'"
        )
        return cursor.fetchone()[0]


def test_a_loaded_record_is_whole(loaded):
    apollo = Mission.objects.get(slug="apollo-11")
    display = Transfer.objects.get(slug="a-display")

    assert apollo.is_public
    assert apollo.launch_earliest.isoformat() == "1969-07-16"
    assert {kind.slug for kind in apollo.types.all()} == {"sample-return", "crewed-landing"}
    assert Landing.objects.get().side == "near"
    assert [event.number for event in apollo.events.order_by("number")] == [1, 2, 10]
    assert display.reciprocates.slug == "z-answer"
    assert (display.status, display.holder.code, display.date) == ("given", "SUHH", "1970~")
    assert Country.objects.get(code="PR").part_of.code == "US"
    assert [country.code for country in Country.objects.get(code="RU").predecessors.all()] == [
        "SUHH"
    ]
    assert Practice.objects.get(slug="moon-diplomacy").follows.slug == "panda-diplomacy"
    assert not Mission.objects.get(slug="luna-16").is_public
    assert wrong_derivations() == []


def test_a_second_load_finds_nothing_to_do(loaded, directory, django_assert_max_num_queries):
    before = everything()

    with django_assert_max_num_queries(60) as queries:
        plan = load(directory)

    assert not plan.writes
    assert len(plan.to(Action.UNCHANGED)) == 59
    assert not any(query["sql"].startswith(("INSERT", "UPDATE", "DELETE")) for query in queries)
    assert everything() == before


def test_a_change_keeps_the_row_and_all_that_hangs_on_it(loaded, reload):
    before = Mission.objects.get(slug="apollo-11")
    row(loaded, "missions", "apollo-11").update(
        launch="1969-07", types=[["crewed-landing"]], result="It landed."
    )

    plan = reload()

    (step,) = plan.to(Action.CHANGE)
    assert str(step) == "missions.mission:apollo-11: launch, result, types"
    after = Mission.objects.get(slug="apollo-11")
    assert after.pk == before.pk
    assert (after.launch, after.launch_latest.isoformat()) == ("1969-07", "1969-07-31")
    assert [kind.slug for kind in after.types.all()] == ["crewed-landing"]
    assert after.events.count() == 3
    assert after.is_public
    assert "it landed" in after.search_text
    assert wrong_derivations() == []
    assert not reload().writes


def test_a_row_that_is_gone_from_the_fixtures_is_deleted_with_its_parts(loaded, reload):
    loaded["mission_events"].pop()
    loaded["mission_event_citations"].pop(0)
    loaded["practices"].pop(0)
    loaded["practice_citations"].pop(0)

    plan = reload()

    assert counts(plan) == (0, 0, 4)
    assert list(MissionEvent.objects.values_list("number", flat=True).order_by("number")) == [2, 10]
    assert [practice.slug for practice in Practice.objects.all()] == ["panda-diplomacy"]
    assert LoadedRow.objects.count() == 55


def test_a_row_to_which_others_refer_can_be_renamed(loaded, reload):
    """Deleted and created at once, with the same unique address and identifier."""
    row(loaded, "sources", "column")["slug"] = "joongang-column"
    row(loaded, "missions", "apollo-11")["slug"] = "apollo-eleven"
    text = (
        repr(loaded)
        .replace("'column']", "'joongang-column']")
        .replace("'apollo-11'", "'apollo-eleven'")
    )
    loaded.update(eval(text))  # noqa: S307  (a literal of ours)

    plan = reload()

    assert plan.to(Action.CONFLICT) == []
    assert Mission.objects.get(slug="apollo-eleven").cospar_id == "1969-059A"
    assert Source.objects.get(slug="joongang-column").url == "https://example.org/column"
    assert wrong_derivations() == []


def test_unique_values_can_be_swapped(loaded, reload):
    one, other = row(loaded, "missions", "apollo-11"), row(loaded, "missions", "luna-16")
    one["cospar_id"], other["cospar_id"] = other["cospar_id"], one["cospar_id"]

    assert counts(reload()) == (0, 2, 0)
    assert Mission.objects.get(slug="luna-16").cospar_id == "1969-059A"


def test_a_reference_within_the_same_file_can_change(loaded, reload):
    del row(loaded, "transfers", "a-display")["reciprocates"]
    row(loaded, "transfers", "z-answer")["reciprocates"] = ["a-display"]

    assert counts(reload()) == (0, 2, 0)
    assert Transfer.objects.get(slug="a-display").reciprocates is None
    assert Transfer.objects.get(slug="z-answer").reciprocates.slug == "a-display"


def test_a_new_name_is_found_in_every_record_that_mentions_it(loaded, reload):
    row(loaded, "countries", "SUHH")["name"] = "USSR"

    reload()

    assert Transfer.objects.matching("ussr").filter(slug="a-display").exists()
    assert wrong_derivations() == []


@pytest.mark.parametrize(
    ("name", "key", "fields", "message"),
    [
        (
            "missions",
            "luna-16",
            {"no_cospar_reason": "no_orbit"},
            "missions.json: missions.mission:luna-16: "
            "Give either a COSPAR id or the reason why there is none.",
        ),
        (
            "missions",
            "luna-16",
            {"outcome": "glorious"},
            "missions.json: missions.mission:luna-16: outcome: "
            "Value 'glorious' is not a valid choice.",
        ),
        (
            "missions",
            "luna-16",
            {"absent_values": {"colour": "unknown"}},
            "missions.json: missions.mission:luna-16: absent_values: "
            "“colour: unknown” is not a value of this record with one of the four kinds.",
        ),
        (
            "countries",
            "FR",
            {"name": ""},
            "countries.json: parties.country:FR: name: This field cannot be blank.",
        ),
        (
            "transfers",
            "z-answer",
            {"mass_g": "0", "mass_certainty": "exact"},
            "transfers.json: diplomacy.transfer:z-answer: Leave the mass empty instead of zero.",
        ),
        (
            "transfers",
            "z-answer",
            {"giver": None},
            "transfers.json: diplomacy.transfer:z-answer: "
            "Say who gives: a country, an organisation or a person.",
        ),
        (
            "missions",
            "luna-16",
            {"launch_mass_kg": "1.234"},
            "missions.json: missions.mission:luna-16: launch_mass_kg: "
            "Ensure that there are no more than 2 decimal places.",
        ),
    ],
)
def test_what_the_models_refuse_is_refused_with_everything_else(
    loaded, reload, name, key, fields, message
):
    before = everything()
    row(loaded, "countries", "RU")["name"] = "Russian Federation"
    row(loaded, name, key).update(fields)

    with pytest.raises(RecordError) as refused:
        reload()

    assert refused.value.problems == [message]
    assert everything() == before


def test_a_value_cannot_be_missing_as_well_as_linked(loaded, reload):
    row(loaded, "missions", "apollo-11")["absent_values"] = {"operators": "unknown"}

    with pytest.raises(RecordError) as refused:
        reload()

    assert refused.value.problems == [
        "missions.json: missions.mission:apollo-11: absent_values: "
        "“Operators” has a value, so it cannot be missing as well."
    ]


@pytest.mark.parametrize(
    ("name", "index", "fields", "message"),
    [
        (
            "mission_citations",
            0,
            {"field": "colour"},
            "mission_citations.json: missions.missioncitation:apollo-11/colour/column/supports/: "
            "field: “colour” is not cited here.",
        ),
        (
            "mission_citations",
            1,
            {"stated_value": ""},
            "mission_citations.json: missions.missioncitation:apollo-11/launch/agency/disputes/: "
            "A citation that disputes must state the other value.",
        ),
        (
            "landings",
            0,
            {"longitude": None},
            "landings.json: missions.landing:apollo-11/1: Give both latitude",
        ),
    ],
)
def test_parts_and_citations_are_validated_too(reload, rows, name, index, fields, message):
    rows[name][index].update(fields)
    if name == "mission_citations":
        rows[name].append({"subject": ["apollo-11"], "source": ["column"], "field": "aim"})

    with pytest.raises(RecordError) as refused:
        reload()

    (problem,) = refused.value.problems
    assert problem.startswith(message)
    assert not LoadedRow.objects.exists()
    assert not Source.objects.exists()


def test_the_load_is_refused_if_it_would_take_the_last_citation(loaded, reload):
    """The fixtures know the mission as a draft; an editor has published it meanwhile."""
    citation = {"subject": ["luna-16"], "source": ["column"]}
    loaded["mission_citations"].append(citation)
    reload()
    Mission.objects.filter(slug="luna-16").update(state="published")
    loaded["mission_citations"].remove(citation)

    with pytest.raises(RecordError) as refused:
        reload()

    assert refused.value.problems == [
        "missions.mission:luna-16: state: would be published without a supporting citation."
    ]
    assert MissionCitation.objects.filter(subject__slug="luna-16").exists()


def test_a_dry_run_finds_what_only_the_database_refuses(loaded, reload):
    row(loaded, "missions", "luna-16")["no_cospar_reason"] = "no_orbit"

    with pytest.raises(RecordError):
        reload(dry_run=True)


def test_a_dry_run_takes_everything_back(loaded, reload):
    before = everything()
    row(loaded, "countries", "RU")["name"] = "Russian Federation"

    plan = reload(dry_run=True)

    assert counts(plan) == (0, 1, 0)
    assert everything() == before


def test_comparing_writes_nothing(loaded, directory, reload, django_assert_max_num_queries):
    with django_assert_max_num_queries(60) as queries:
        assert not compare(directory).writes
    assert not any(query["sql"].startswith(("INSERT", "UPDATE", "DELETE")) for query in queries)


def test_progress_is_told_to_the_end(directory, reload):
    told = {}

    reload(progress=lambda what, done, total: told.update({what: (done, total)}))

    assert told["missions"] == (2, 2)
    assert told["derived missions"] == (2, 2)
    assert all(done == total for done, total in told.values())


def test_a_part_is_written_with_the_number_it_has(reload, rows):
    rows["acts"].append({"transfer": ["z-answer"], "number": 7, "kind": "confirmed"})

    reload()

    assert list(Act.objects.filter(transfer__slug="z-answer").values_list("number", flat=True)) == [
        1,
        7,
    ]


def test_an_empty_text_that_stands_for_nothing_is_stored_as_nothing(reload, rows):
    row(rows, "missions", "luna-16").update(cospar_id="", no_cospar_reason="none_assigned")

    reload()

    assert Mission.objects.get(slug="luna-16").cospar_id is None
    assert not reload().writes


def test_the_database_agrees_in_the_end(loaded):
    connection.check_constraints()
    assert Person.objects.get().citation_count == 1
    assert SampleReturn.objects.total_g() == 21550
