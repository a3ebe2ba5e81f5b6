"""What differs between two revisions, in words that need no knowledge of tables and keys."""

import pytest

from lunar.canonical.rows import rows_of
from lunar.desk.differences import ADDED, CHANGED, REMOVED, SAME, compare
from lunar.desk.titles import NOT_PUBLIC
from tests.factories import (
    cite,
    make_act,
    make_adherence,
    make_country,
    make_crew_member,
    make_landing,
    make_mission,
    make_mission_type,
    make_person,
    make_practice,
    make_sample_return,
    make_source,
    make_spacecraft,
    make_transfer,
)

pytestmark = pytest.mark.django_db


def difference(record, change, public=False):
    """Return what differs after `change` was called, as {title of a row: RowChange}."""
    before = rows_of(record)
    change()
    record.refresh_from_db()
    [found] = compare([(before, rows_of(record))], public=public)
    return {row.title: row for row in found.rows}


def saving(record, **values):
    def change():
        for name, value in values.items():
            setattr(record, name, value)
        record.save()

    return change


def fields_of(row):
    """Return {label: (before, after)}."""
    return {field.label: (field.before, field.after) for field in row.fields}


def told(record, **values):
    """Return {label: (before, after)} of what saving these values changes in the record itself."""
    [row] = difference(record, saving(record, **values)).values()
    assert row.what == CHANGED
    return fields_of(row)


def test_nothing_differs_from_itself():
    rows = rows_of(make_mission())

    [found] = compare([(rows, rows)])

    assert found.rows == []


def test_dates_choices_and_numbers_are_told_in_words():
    mission = make_mission(launch="2020-11-23", outcome="planned")

    assert told(mission, launch="1970~", outcome="partial_failure", launch_mass_kg="8200.5") == {
        "Launch": ("23 November 2020", "about 1970"),
        "Outcome": ("Planned", "Partial failure"),
        "Launch mass (kg)": ("", "8200.5"),
    }


def test_masses_come_with_their_unit_and_yes_or_no_in_words():
    sample = make_sample_return(mass_g="1731")
    mission = sample.mission
    [row] = difference(mission, saving(sample, mass_g="0.06")).values()

    assert (row.title, fields_of(row)) == ("Sample return", {"Mass (g)": ("1,731 g", "60 mg")})

    transfer_series = make_practice().series.create(slug="s", name="S", is_goodwill=False)
    assert told(transfer_series, is_goodwill=True) == {"Goodwill displays": ("No", "Yes")}


def test_a_day_without_edtf_is_told_in_words():
    source = make_source()

    assert told(source, accessed="2026-05-01") == {"Read on": ("", "1 May 2026")}


def test_kinds_of_nothing_are_told_as_the_value_that_is_missing():
    mission = make_mission(launch="", absent_values={"launch": "unknown"})

    assert told(mission, launch="2020", absent_values={"aim": "not_given"}) == {
        "Launch": ("Unknown after search", "2020"),
        "Aim": ("", "Not given or refused"),
    }


def test_a_missing_value_that_has_no_column_is_told_by_its_name():
    landing = make_landing(latitude=None, longitude=None, absent_values={"position": "unknown"})
    change = saving(landing, latitude="1.5", longitude="2", absent_values={})
    [row] = difference(landing.mission, change).values()

    assert fields_of(row) == {
        "Latitude": ("", "1.5"),
        "Longitude": ("", "2"),
        "Position": ("Unknown after search", "Given, or not looked for yet"),
    }


def test_other_records_are_told_by_their_titles():
    china, france = make_country(name="China"), make_country(name="France")
    transfer = make_transfer(giver=china)

    assert told(transfer, giver=france) == {"Giver": ("China", "France")}


def test_a_record_that_is_gone_is_told_by_its_key():
    gone, other = make_person(slug="nobody"), make_person(name="Somebody")
    transfer = make_transfer(giver_person=gone, giver=make_country())
    before = rows_of(transfer)
    transfer.giver_person = other
    transfer.save()
    gone.delete()

    [found] = compare([(before, rows_of(transfer))])

    [row] = found.rows
    assert fields_of(row) == {"Giver person": ("nobody", "Somebody")}


def test_lists_of_records_show_what_went_and_what_came():
    one, two, three = (make_mission_type(name=name) for name in ("Orbiter", "Lander", "Rover"))
    mission = make_mission(types=[one, two])
    [row] = difference(mission, lambda: mission.types.set([two, three])).values()

    [field] = row.fields
    assert field.label == "Types"
    assert {(what, text.strip(", ")) for what, text in field.pieces} == {
        (REMOVED, "Orbiter"),
        (SAME, "Lander"),
        (ADDED, "Rover"),
    }


def test_parts_are_named_by_what_they_are():
    mission, transfer = make_mission(), make_transfer()
    person, country = make_person(name="Buzz Aldrin"), make_country(name="France")

    def add_parts():
        craft = make_spacecraft(mission, name="Eagle")
        make_landing(mission, spacecraft=craft)
        make_crew_member(mission, person)

    found = difference(mission, add_parts)
    assert set(found) == {"Spacecraft: Eagle", "Landing 1", "Crew member: Buzz Aldrin"}
    assert {row.what for row in found.values()} == {ADDED}
    assert fields_of(found["Landing 1"])["Spacecraft"] == ("", "Eagle")
    assert set(difference(transfer, lambda: make_act(transfer, date="1978-05"))) == {
        "Act: Given, May 1978"
    }
    agreement = make_adherence().agreement
    assert set(difference(agreement, lambda: make_adherence(agreement, country))) == {
        "Adherence: France, Signed"
    }


def test_evidence_is_named_by_what_it_speaks_of_and_its_source():
    paper = make_source(title="The paper")
    mission = make_mission()
    landing = make_landing(mission)

    def add_evidence():
        cite(mission, "launch", paper)
        cite(mission, "cospar_id", paper, stance="disputes", stated_value="none")
        cite(mission, "", paper)
        cite(landing, "date", paper, locator="p. 3")

    found = difference(mission, add_evidence)
    assert set(found) == {
        "Evidence for launch: The paper",
        "Evidence against COSPAR id: The paper",
        "Evidence for the record as a whole: The paper",
        "Evidence for Landing 1, date: The paper",
    }
    assert fields_of(found["Evidence for Landing 1, date: The paper"]) == {"Locator": ("", "p. 3")}


def test_another_value_stated_by_the_same_source_is_a_change_of_that_evidence():
    mission = make_mission()
    citation = cite(mission, "launch", stance="disputes", stated_value="22 November")
    [row] = difference(mission, saving(citation, stated_value="24 November")).values()

    assert row.what == CHANGED
    assert fields_of(row) == {"Stated value": ("22 November", "24 November")}


def test_what_was_removed_says_what_it_was():
    transfer = make_transfer()
    act = make_act(transfer, place="Paris")
    [row] = difference(transfer, act.delete).values()

    assert row.what == REMOVED
    assert fields_of(row)["Place"] == ("Paris", "")


def test_words_that_changed_within_a_long_text_are_marked():
    text = "It landed in the Ocean of Storms, drilled, and brought back {} g of soil from there."
    mission = make_mission(result=text.format("1,731"))
    [row] = difference(mission, saving(mission, result=text.format("1,730"))).values()

    [field] = row.fields
    assert [(what, words.strip()) for what, words in field.pieces if what != SAME] == [
        (REMOVED, "1,731"),
        (ADDED, "1,730"),
    ]
    assert "".join(words for what, words in field.pieces if what != REMOVED) == field.after


def test_texts_that_have_little_in_common_are_shown_whole():
    mission = make_mission(result="It landed in the Ocean of Storms and brought back much soil.")
    other = "Nothing is known of what became of this flight after its launch failed."
    [row] = difference(mission, saving(mission, result=other)).values()

    assert row.fields[0].pieces == ()


# For the public


def test_the_public_is_not_told_the_name_of_a_record_that_is_not_public():
    draft, public = make_country(name="Ruritania", state="draft"), make_country(name="France")
    transfer = make_transfer(giver=draft)
    [row] = difference(transfer, saving(transfer, giver=public), public=True).values()

    assert fields_of(row) == {"Giver": (NOT_PUBLIC, "France")}


def test_the_public_is_not_told_of_drafts_in_lists():
    mission = make_mission()
    draft = make_country(name="Ruritania", state="draft")
    [row] = difference(mission, lambda: mission.countries.set([draft]), public=True).values()

    assert fields_of(row) == {"Countries": ("", NOT_PUBLIC)}
    assert row.fields[0].pieces == ((ADDED, NOT_PUBLIC),)


def test_the_public_is_not_told_of_a_part_or_evidence_that_names_a_draft():
    mission = make_mission()
    draft = make_person(name="Ruritanian", state="draft")

    def add():
        member = make_crew_member(mission, draft)
        cite(member, "role", quote="Commander")

    assert difference(mission, add, public=True) == {}


def test_the_public_is_not_told_of_a_source_that_is_gone():
    mission, source = make_mission(), make_source(title="Lost")
    citation = cite(mission, "launch", source)
    before = rows_of(mission)
    citation.delete()
    source.delete()

    [found] = compare([(before, rows_of(mission))], public=True)

    assert found.rows == []


def test_the_public_is_told_no_state():
    mission = make_mission()
    found = difference(mission, saving(mission, state="withdrawn", name="Other"))
    assert "State" in fields_of(*found.values())

    mission = make_mission()
    [found] = compare([([], rows_of(mission))], public=True)
    assert "State" not in fields_of(found.rows[0])


def test_many_pairs_take_as_many_queries_as_one(queries_of):
    def changed_pairs(number):
        pairs = []
        for _ in range(number):
            transfer = make_transfer(missions=[make_mission()])
            cite(make_act(transfer, to_country=make_country()), "date")
            pairs.append(([], rows_of(transfer)))
        return pairs

    one, many = changed_pairs(1), changed_pairs(6)

    assert queries_of(lambda: compare(one, public=True)) == queries_of(
        lambda: compare(many, public=True)
    )
