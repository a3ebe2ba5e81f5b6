"""The whole record as files: complete, keyed, described, nothing secret, always the same bytes."""

import csv
import hashlib
import io
import json
import sqlite3
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from lunar.canonical.shapes import shapes
from lunar.data.about import Stamp
from lunar.data.database import QUERY
from lunar.data.exports import ZIP, build
from lunar.data.records import public_models, public_rows
from lunar.data.tables import kinds, tables
from missions.models import Mission
from tests import factories as make
from tests.world import (
    HOSTILE,
    SECRET,
    make_world,
    plant_drafts,
    plant_history,
    plant_hostile_texts,
    plant_suggestions,
    plant_withdrawn,
)

STAMP = Stamp(1234, date(2026, 11, 23), "1234-a")
FOLDER = "lunar-record/"


@pytest.fixture(scope="module")
def export(django_db_setup, django_db_blocker, tmp_path_factory):
    """The directory of an export of a world with drafts, withdrawn records and hostile texts."""
    directory = tmp_path_factory.mktemp("export")
    with django_db_blocker.unblock(), transaction.atomic():
        world = make_world()
        plant_drafts(world)
        plant_hostile_texts()
        plant_withdrawn()
        plant_history(world)
        plant_suggestions(world)
        build(directory, STAMP)
        again = tmp_path_factory.mktemp("again")
        build(again, STAMP)
        yield directory, again, {m: public_rows(m).count() for m in public_models()}
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def archive(export):
    with zipfile.ZipFile(export[0] / ZIP) as archive:
        yield archive


@pytest.fixture(scope="module")
def described(archive):
    return json.loads(archive.read(f"{FOLDER}datapackage.json"))


@pytest.fixture(scope="module")
def database(export):
    connection = sqlite3.connect(export[0] / "lunar-record.sqlite")
    yield connection
    connection.close()


def table_of(archive, resource):
    """Return the header and the rows of a resource of the data package."""
    text = archive.read(f"{FOLDER}{resource['path']}").decode()
    [header, *rows] = csv.reader(io.StringIO(text, newline=""), strict=True)
    return header, [dict(zip(header, row, strict=True)) for row in rows]


def tabular(described):
    return {r["name"]: r for r in described["resources"] if "schema" in r}


# Secrets and hostile texts


def test_no_file_says_a_word_of_what_is_not_public(archive, database):
    for name in archive.namelist():
        assert SECRET not in archive.read(name).decode(errors="replace").lower(), name
    assert SECRET not in "\n".join(database.iterdump()).lower()


def test_hostile_texts_come_through_whole_but_harmless(archive, database):
    [title] = database.execute("SELECT title FROM sources WHERE id = 'hostile'").fetchone()
    records = json.loads(archive.read(f"{FOLDER}json/sources.json"))["records"]

    assert title == HOSTILE
    assert HOSTILE in [record["title"] for record in records]


# The same bytes


def test_the_same_revision_gives_the_same_bytes(export):
    directory, again, _ = export
    files = sorted(path.relative_to(directory) for path in directory.rglob("*") if path.is_file())

    assert len(files) > 60
    for path in files:
        assert (directory / path).read_bytes() == (again / path).read_bytes(), path


def test_the_checksums_are_right(archive, export):
    lines = archive.read(f"{FOLDER}SHA256SUMS").decode().splitlines()
    sums = dict(reversed(line.split("  ")) for line in lines)

    assert {f"{FOLDER}{name}" for name in sums} == {*archive.namelist()} - {f"{FOLDER}SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256(archive.read(f"{FOLDER}{name}")).hexdigest() == digest
    [of_zip, _] = (export[0] / f"{ZIP}.sha256").read_text().split("  ")
    assert hashlib.sha256((export[0] / ZIP).read_bytes()).hexdigest() == of_zip


def test_the_files_bear_the_day_of_the_revision(archive):
    assert {info.date_time[:3] for info in archive.infolist()} == {(2026, 11, 23)}


# The data package


def test_the_package_says_what_it_is(described):
    assert described["name"] == "lunar-record"
    assert (described["version"], described["revision"]) == ("r1234", 1234)
    assert described["licenses"][0]["name"] == "CC-BY-4.0"
    assert described["created"] == "2026-11-23T00:00:00Z"


def test_every_resource_is_in_the_zip_as_described(archive, described):
    names = [resource["name"] for resource in described["resources"]]
    assert len(set(names)) == len(names)
    for resource in described["resources"]:
        content = archive.read(f"{FOLDER}{resource['path']}")
        assert len(content) == resource["bytes"], resource["name"]
        assert f"sha256:{hashlib.sha256(content).hexdigest()}" == resource["hash"]
    assert set(tables()) == set(tabular(described))


TYPES = {
    "string": str,
    "integer": int,
    "number": Decimal,
    "date": date.fromisoformat,
    "boolean": {"true": True, "false": False}.__getitem__,
}


def test_every_cell_is_of_the_type_and_among_the_values_described(archive, described):
    for resource in tabular(described).values():
        schema = resource["schema"]
        header, rows = table_of(archive, resource)
        assert header == [field["name"] for field in schema["fields"]], resource["name"]
        for field in schema["fields"]:
            wanted = field.get("constraints", {})
            cells = [row[field["name"]] for row in rows]
            filled = [cell for cell in cells if cell]
            for cell in filled:
                TYPES[field["type"]](cell)
                assert cell in wanted.get("enum", [cell]), (resource["name"], field["name"])
            if wanted.get("required"):
                assert filled == cells
            if wanted.get("unique"):
                assert len(set(cells)) == len(cells)


def test_every_key_is_unique_and_every_reference_leads_somewhere(archive, described):
    resources = tabular(described)
    rows = {name: table_of(archive, resource)[1] for name, resource in resources.items()}
    links = 0
    for name, resource in resources.items():
        schema = resource["schema"]
        keys = [tuple(row[part] for part in schema["primaryKey"]) for row in rows[name]]
        assert len(set(keys)) == len(keys), name
        for key in schema.get("foreignKeys", ()):
            [column], [target] = key["fields"], key["reference"]["fields"]
            there = {row[target] for row in rows[key["reference"]["resource"] or name]}
            here = {row[column] for row in rows[name] if row[column]}
            assert here <= there, (name, column)
            links += len(here)
    assert links > 100


def test_every_public_record_is_in_its_table_and_its_json(archive, described, export):
    resources = tabular(described)
    for model, count in export[2].items():
        name = shapes()[model].name
        assert len(table_of(archive, resources[name])[1]) == count > 0, name
        assert len(json.loads(archive.read(f"{FOLDER}json/{name}.json"))["records"]) == count


# The database


def test_the_database_is_sound_and_its_references_lead_somewhere(database):
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def test_the_database_has_the_rows_of_the_tables(archive, described, database):
    for name, resource in tabular(described).items():
        [count] = database.execute(f'SELECT count(*) FROM "{name}"').fetchone()  # noqa: S608
        assert count == len(table_of(archive, resource)[1]), name


def test_the_database_answers_the_question_in_the_readme(archive, database):
    assert QUERY in archive.read(f"{FOLDER}README.md").decode()
    assert ("France", 1, 0.06) in database.execute(QUERY).fetchall()
    cited = """
        SELECT sources.title FROM landing_citations
        JOIN landings ON landings.id = landing_citations.subject
        JOIN sources ON sources.id = landing_citations.source
        WHERE landings.mission = 'chang-e-5' AND landing_citations.field = 'position'"""
    assert ("La <em>Lune</em> & nous",) in database.execute(cited).fetchall()


def test_the_database_says_what_it_is(database):
    about = dict(database.execute("SELECT name, value FROM about"))

    assert (about["revision"], about["date"]) == ("1234", "2026-11-23")


# What explains it


def test_the_dictionary_explains_every_column(archive):
    text = archive.read(f"{FOLDER}data-dictionary.csv").decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))

    columns = [(table.name, column.name) for table in tables().values() for column in table.columns]
    assert [(row["table"], row["column"]) for row in rows] == columns
    assert all(row["meaning"] for row in rows)
    [launch] = [row for row in rows if (row["table"], row["column"]) == ("missions", "launch")]
    assert Mission._meta.get_field("launch").help_text in launch["meaning"]
    [outcome] = [row for row in rows if (row["table"], row["column"]) == ("missions", "outcome")]
    assert "partial_failure: Partial failure" in outcome["values"]


def test_the_readme_says_what_when_and_how_to_cite(archive):
    text = archive.read(f"{FOLDER}README.md").decode()

    for said in ("revision 1234 of 2026-11-23", "CC-BY-4.0", "How to cite", "no filter was set"):
        assert said in text
    assert all(f"| `{name}` |" in text for name in tables())


@pytest.mark.django_db
def test_an_empty_record_has_files_too(tmp_path):
    build(tmp_path, Stamp(0, None, "0"))

    with zipfile.ZipFile(tmp_path / ZIP) as archive:
        assert json.loads(archive.read(f"{FOLDER}json/missions.json"))["records"] == []


@pytest.mark.django_db
def test_a_release_names_itself_and_tells_its_changes(tmp_path):
    make.make_mission()
    build(tmp_path, STAMP, "2026.11.1", "# Release 2026.11.1\n")

    with zipfile.ZipFile(tmp_path / ZIP) as archive:
        assert json.loads(archive.read(f"{FOLDER}datapackage.json"))["version"] == "2026.11.1"
        assert archive.read(f"{FOLDER}CHANGES.md") == b"# Release 2026.11.1\n"
        assert "Release 2026.11.1, revision 1234" in archive.read(f"{FOLDER}README.md").decode()
    assert len(kinds()) > len(public_models())
