"""The whole record as files: CSV and JSON, SQLite, data package, and a zip of them all.

The same revision gives the same bytes: nothing in them comes from the clock or the site's host.
"""

import json
import zipfile
from contextlib import ExitStack
from datetime import datetime, time

from lunar.canonical.shapes import shapes
from lunar.data import package
from lunar.data.about import DESCRIPTION, LICENCE, TITLE, citation
from lunar.data.database import Database
from lunar.data.files import csv_line, digest, json_pieces
from lunar.data.records import public_records, public_rows
from lunar.data.tables import cells, kinds, rows_of_record, tables

CHUNK = 200  # records that are in memory at once
BLOCK = 1 << 20
ZIP = "lunar-record.zip"
DATABASE = "lunar-record.sqlite"
FIRST_ZIP_DAY = datetime(1980, 1, 1)


def build(directory, stamp, release="", changes=""):
    """Write all files of the public record into an empty `directory`, the zip last.

    `changes` is what a release tells of the changes since the one before.
    """
    counts = write_tables(directory, stamp, release)
    _write(directory / "data-dictionary.csv", package.dictionary_csv())
    _write(directory / "README.md", package.readme(stamp, counts, release))
    if changes:
        _write(directory / "CHANGES.md", changes)
    described = package.describe(directory, stamp, release)
    _write(directory / "datapackage.json", json.dumps(described, ensure_ascii=False, indent=2))
    names = members(directory)
    sums = [f"{digest(directory / name)}  {name}\n" for name in names]
    _write(directory / "SHA256SUMS", "".join(sums))
    write_zip(directory, stamp)
    _write(directory / f"{ZIP}.sha256", f"{digest(directory / ZIP)}  {ZIP}\n")


def write_tables(directory, stamp, release):
    """Write every table as CSV, every kind as JSON, and the database; return {table: rows}."""
    (directory / "csv").mkdir()
    (directory / "json").mkdir()
    counts = dict.fromkeys(tables(), 0)
    with ExitStack() as stack:
        files = {name: stack.enter_context(_open(directory / f"csv/{name}.csv")) for name in counts}
        database = stack.enter_context(Database(directory / DATABASE, stamp, release))
        for name, table in tables().items():
            files[name].write(csv_line(column.name for column in table.columns))
        for model in kinds():

            def documents(model=model):
                for document in _documents(model):
                    for name, row in rows_of_record(model, document):
                        counts[name] += 1
                        files[name].write(csv_line(cells(row)))
                        database.add(name, row)
                    yield document

            with _open(directory / f"json/{shapes()[model].name}.json") as file:
                file.writelines(json_pieces(_about(model, stamp, release), documents()))
    return counts


def _documents(model):
    key = shapes()[model].key[0].name
    # Sorted here: databases do not agree on the order of texts.
    pks = [pk for _, pk in sorted(public_rows(model).values_list(key, "pk"))]
    for start in range(0, len(pks), CHUNK):
        yield from public_records(model, pks[start : start + CHUNK])


def _about(model, stamp, release):
    return {
        "title": f"{TITLE}: {model._meta.verbose_name_plural}",
        "description": DESCRIPTION,
        "release": release or None,
        "revision": stamp.revision,
        "date": stamp.day and stamp.day.isoformat(),
        "licence": LICENCE,
        "cite": citation(stamp, release),
    }


def members(directory):
    """Return the names of the files that go into the zip, in their order there."""
    first = ["README.md", "CHANGES.md", "datapackage.json", "data-dictionary.csv", "SHA256SUMS"]
    found = [name for name in first if (directory / name).exists()]
    folders = [
        path for folder in ("csv", "json") for path in sorted((directory / folder).iterdir())
    ]
    return [*found, DATABASE, *(path.relative_to(directory).as_posix() for path in folders)]


def write_zip(directory, stamp):
    day = datetime.combine(stamp.day, time()) if stamp.day else FIRST_ZIP_DAY
    with zipfile.ZipFile(directory / ZIP, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in members(directory):
            info = zipfile.ZipInfo(f"lunar-record/{name}", day.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            info.create_system = 3
            with (directory / name).open("rb") as source, archive.open(info, "w") as target:
                while block := source.read(BLOCK):
                    target.write(block)


def _open(path):
    return path.open("w", encoding="utf-8", newline="")


def _write(path, text):
    with _open(path) as file:
        file.write(text)
