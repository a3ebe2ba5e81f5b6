import json

import pytest
from django.core.management import call_command

from lunar.canonical.dumper import differences, dump, fixtures, render
from lunar.canonical.loader import load
from lunar.canonical.rows import Row, stored_rows
from lunar.canonical.shapes import FILES, shapes
from lunar.parties.models import Country
from lunar.sources import derivation
from missions.models import Mission
from tests.lunar.canonical.sample import empty_database

FIGURES = """\
[
 {
  "model": "missions.figure",
  "fields": {
   "slug": "mass-returned",
   "state": "published",
   "name": "Mass returned",
   "measure": "mass_returned",
   "method": "The sum of all sample returns."
  }
 }
]
"""


def fingerprints():
    return {
        (model, key): row.fingerprint
        for model, rows in stored_rows().items()
        for key, row in rows.items()
    }


@pytest.mark.django_db
def test_an_empty_database_has_empty_fixtures():
    assert fixtures() == {f"{name}.json": b"[]\n" for name in FILES}


def test_a_fixture_has_a_line_for_each_field_that_is_not_its_default(loaded):
    assert fixtures()["figures.json"].decode() == FIGURES


def test_text_is_written_as_it_reads(loaded):
    assert '"title": "嫦娥五号"' in fixtures()["sources.json"].decode()


def test_numbers_and_dates_have_one_form(loaded):
    samples, transfers = fixtures()["sample_returns.json"], fixtures()["transfers.json"]

    assert b'"mass_g": "21550"' in samples
    assert b'"mass_g": "0.05"' in transfers
    assert b'"latitude": "0.67416"' in fixtures()["landings.json"]
    assert b'"date": "1970~"' in fixtures()["acts.json"]


def test_rows_are_in_the_order_of_their_keys(loaded):
    events = json.loads(fixtures()["mission_events.json"])

    assert [event["fields"]["number"] for event in events] == [1, 2, 10]


def test_a_long_list_takes_a_line_for_each_item():
    shape = shapes()[Mission]
    links = [[f"organization-number-{n}"] for n in range(5)]

    text = render([Row(shape, ("x",), {"slug": "x", "operators": links})]).decode()

    assert '\n    ["organization-number-4"]\n   ]' in text
    assert json.loads(text)[0]["fields"]["operators"] == links


def test_load_dump_load_gives_the_same_bytes_and_rows(loaded, tmp_path):
    before, written = fingerprints(), fixtures()
    dump(tmp_path / "out")
    empty_database()
    load(tmp_path / "out")

    assert fixtures() == written
    assert fingerprints() == before


@pytest.mark.django_db
def test_django_loads_the_fixtures_by_itself(loaded, tmp_path):
    expected = fixtures()
    dump(tmp_path)
    empty_database()

    call_command("loaddata", *[tmp_path / f"{name}.json" for name in FILES], verbosity=0)

    assert fixtures() == expected
    assert not any(
        derivation.compare(record)
        for model in derivation.derived_models()
        for record in model.objects.all()
    )


def test_only_files_that_differ_are_written(loaded, tmp_path):
    out = tmp_path / "out"
    assert len(dump(out)) == len(FILES)
    Country.objects.filter(code="FR").update(name="French Republic")

    assert differences(out) == ["countries.json"]
    assert dump(out) == ["countries.json"]
    assert dump(out) == []
    assert {path.name for path in out.iterdir()} == {f"{name}.json" for name in FILES}


def test_a_dump_that_fails_leaves_the_old_file(loaded, tmp_path, monkeypatch):
    out = tmp_path / "out"
    out.mkdir()
    (out / "sources.json").write_text("old")
    monkeypatch.setattr("os.replace", lambda *args: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        dump(out)

    assert [(path.name, path.read_text()) for path in out.iterdir()] == [("sources.json", "old")]


def test_reading_the_database_takes_no_query_for_each_row(loaded, django_assert_num_queries):
    links = sum(len(shape.links) for shape in shapes().values())

    with django_assert_num_queries(len(shapes()) + links):
        stored_rows()
