import json

import pytest

from lunar.canonical.models import LoadedRow
from lunar.canonical.reader import RecordError, read_fixtures
from lunar.sources.models import Source
from missions.models import Mission
from tests.lunar.canonical.sample import row, write_fixtures


def problems(directory):
    with pytest.raises(RecordError) as refused:
        read_fixtures(directory)
    return refused.value.problems


@pytest.fixture
def written(directory, rows):
    return write_fixtures(directory, rows)


def test_sound_fixtures_are_read_in_order_of_their_keys(written):
    rows = read_fixtures(written)

    assert list(rows[Source]) == [("agency",), ("column",)]
    assert sum(map(len, rows.values())) == 59


def test_values_are_brought_to_one_form(written):
    fields = read_fixtures(written)[Mission]["apollo-11",].fields

    assert fields["launch_mass_kg"] == "45702.5"
    assert fields["types"] == [["crewed-landing"], ["sample-return"]]
    assert fields["absent_values"] == {"name_meaning": "unknown", "other_names": "not_researched"}
    assert "aim" not in fields


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("sources", '{"model"', '\n{"model', "sources.json, line 2, column"),
        ("figures", "mass_returned", "mass\udc80", "figures.json, line 1: is not UTF-8."),
        ("figures", "[", "{", "figures.json, line 1, column"),
        ("figures", '"state":', '"slug": "x", "state":', "figures.json: has “slug” twice"),
        ("figures", '"published"', "9" * 5000, "figures.json: cannot be read"),
        ("figures", '"published"', "[" * 100_000, "figures.json: cannot be read"),
    ],
)
def test_a_file_that_is_no_json_is_named_with_its_line(written, name, old, new, message):
    path = written / f"{name}.json"
    path.write_bytes(path.read_text().replace(old, new, 1).encode(errors="surrogateescape"))

    assert [message in problem for problem in problems(written)] == [True]


def test_a_missing_file_is_refused(written):
    (written / "acts.json").unlink()

    assert problems(written) == ["acts.json is missing; a file without rows holds []."]


def test_a_missing_directory_is_refused(tmp_path):
    assert problems(tmp_path / "nowhere") == [f"{tmp_path}/nowhere: there is no such directory."]


def test_a_file_of_an_unknown_name_is_refused(written):
    (written / "mision.json").write_text("[]")

    assert problems(written) == ["mision.json: is not one of the canonical fixtures."]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("x", "needs “model” and “fields”"),
        ({"model": "missions.figure"}, "needs “model” and “fields”"),
        ({"model": "missions.figure", "fields": {}, "pk": 1}, "needs “model” and “fields”"),
        ({"model": "missions.mission", "fields": {}}, "its model is 'missions.mission'; in this"),
        ({"model": "missions.nothing", "fields": {}}, "its model is 'missions.nothing'; in this"),
        ({"model": "missions.figure", "fields": []}, "“fields” must be an object."),
        ({"model": "missions.figure", "fields": {"slug": 3}}, "slug: 3 must be text."),
    ],
)
def test_an_entry_that_is_no_row_is_named_by_its_place(written, entry, message):
    (written / "figures.json").write_text(json.dumps([entry]))

    (problem,) = [text for text in problems(written) if text.startswith("figures.json")]

    assert problem.startswith(f"figures.json: row 1: {message}")


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("nonsense", "x", "nonsense: is no field of this model."),
        ("citation_count", 3, "citation_count: is derived, not loaded."),
        ("is_public", True, "is_public: is derived, not loaded."),
        ("launch_earliest", "1969-07-16", "launch_earliest: is derived, not loaded."),
        ("name", 11, "name: 11 must be text."),
        ("name", None, "name: is missing."),
        ("name", "a\ud800b", r"name: holds '\ud800', half of a character"),
        ("name", "a\0b", "name: holds the character NUL"),
        ("launch", "16/07/1969", "launch: ‘16/07/1969’ is not a date in EDTF."),
        ("launch_mass_kg", "heavy", "launch_mass_kg: “heavy” value must be a decimal number."),
        ("launch_mass_kg", True, "launch_mass_kg: True must be a number as text."),
        ("absent_values", "x", "absent_values: 'x' must be an object."),
        ("absent_values", {"aim": 1.5}, "absent_values: {'aim': Decimal('1.5')} cannot be stored"),
        ("absent_values", {"aim": "\ud800"}, "absent_values: holds"),
        ("programme", ["zond"], "programme: there is no missions.programme:zond."),
        ("programme", "apollo", "programme: 'apollo' is no natural key; write it as a list."),
        ("programme", [["apollo"]], "programme: [['apollo']] is no natural key"),
        ("programme", 1, "programme: 1 is no natural key"),
        ("operators", "nasa", "operators: must be a list of natural keys."),
        ("operators", [["esa"]], "operators: there is no parties.organization:esa."),
        ("operators", [["nasa"], ["nasa"]], "operators: names nasa twice."),
    ],
)
def test_a_wrong_field_is_named_with_file_and_record(directory, rows, field, value, message):
    row(rows, "missions", "apollo-11")[field] = value

    (problem,) = problems(write_fixtures(directory, rows))

    assert problem.startswith("missions.json: missions.mission:apollo-11: ")
    assert message in problem


@pytest.mark.parametrize(
    ("name", "field", "value", "message"),
    [
        ("sources", "accessed", "22.11.2026", "accessed: “22.11.2026” value has an invalid date"),
        ("sources", "accessed", 2026, "accessed: 2026 must be text."),
        ("transfer_series", "is_goodwill", "yes", "is_goodwill: 'yes' must be true or false."),
        ("mission_types", "position", "1", "position: '1' must be a whole number."),
        ("mission_types", "position", True, "position: True must be a whole number."),
        ("acts", "number", None, "number: is missing."),
    ],
)
def test_other_types_are_exact_too(directory, rows, name, field, value, message):
    rows[name][0][field] = value

    (problem,) = problems(write_fixtures(directory, rows))[:1]

    assert message in problem


def test_a_row_given_twice_is_refused(directory, rows):
    rows["crew"].append(rows["crew"][0] | {"role": "Pilot"})

    (problem,) = problems(write_fixtures(directory, rows))

    assert problem == ("crew.json: missions.crewmember:apollo-11/neil-armstrong: is there twice.")


def test_a_unique_value_given_twice_names_both_rows(directory, rows):
    row(rows, "missions", "luna-16")["cospar_id"] = "1969-059A"

    assert problems(write_fixtures(directory, rows)) == [
        "missions.json: missions.mission:luna-16: cospar_id: "
        "missions.mission:apollo-11 has '1969-059A' as well."
    ]


def test_a_published_record_needs_a_citation_that_supports_it(directory, rows):
    del rows["mission_citations"][0]  # the other one disputes

    assert problems(write_fixtures(directory, rows)) == [
        "missions.json: missions.mission:apollo-11: state: "
        "is published without a supporting citation."
    ]


def test_all_problems_are_told_at_once(directory, rows):
    row(rows, "missions", "apollo-11")["programme"] = ["zond"]
    row(rows, "countries", "RU")["name"] = 7
    rows["acts"][0]["colour"] = "grey"

    assert [problem.partition(":")[0] for problem in problems(write_fixtures(directory, rows))] == [
        "countries.json",
        "missions.json",
        "acts.json",
    ]


def test_a_problem_can_always_be_printed(directory, rows):
    row(rows, "missions", "apollo-11")["programme"] = ["\ud800"]

    (problem,) = problems(write_fixtures(directory, rows))

    assert r"there is no missions.programme:\ud800." in problem
    problem.encode()


@pytest.mark.django_db
def test_nothing_is_written_while_reading(written, django_assert_num_queries):
    with django_assert_num_queries(0):
        read_fixtures(written)
    assert not LoadedRow.objects.exists()
