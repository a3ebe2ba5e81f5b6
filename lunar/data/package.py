"""What explains the files of the whole record: data package, data dictionary, README."""

from lunar.data.about import DESCRIPTION, LICENCE, TITLE, citation
from lunar.data.cells import neutralise
from lunar.data.database import QUERY
from lunar.data.files import csv_line, digest
from lunar.data.tables import tables

DICTIONARY = ("table", "column", "type", "meaning", "values", "refers_to")

README = """\
# {title}

{description}

{stands}

These files hold the whole public record: no filter was set, and nothing that is not public is in
them. The same revision gives the same bytes.

Licence: {licence}

How to cite: {cite}

## What is what

| file | what |
|---|---|
| `csv/` | a table for each kind of record, for its parts, its links to others and its citations |
| `json/` | a file for each kind of record, each record whole, with parts and citations |
| `lunar-record.sqlite` | the same tables as an SQLite database with keys |
| `datapackage.json` | description of the tables after the Data Package standard (Frictionless) |
| `data-dictionary.csv` | what each column means |
| `SHA256SUMS` | checksums: `sha256sum -c SHA256SUMS` |

## How to read it

- CSV: UTF-8 without a byte order mark, commas, line ends CR LF (RFC 4180). An empty cell is no
  value; `absent_values` tells why, where that is known.
- A text that a spreadsheet would run as a formula (it begins with = + - @) has an apostrophe before
  it in CSV. Numbers never have, and JSON and SQLite hold all texts as they are.
- Dates are EDTF (ISO 8601-2): `1978`, `1978-05`, `1970~` (about), `2024-11?` (uncertain),
  `1969/1970`. Times are UTC. Lunar material is in grams; coordinates are degrees, north and east
  positive.
- The key of a record is its `id`; of a part, the id of its record, a slash and its place on the
  page: `luna-16/landing-1`. `page` is an address on the site from which the files come.
- A citation names its `subject`, one `field` of it (empty: as a whole) and the source that supports
  or disputes the value.

## Tables

| table | rows | what |
|---|---|---|
{rows}

## An example

Who received most often, and how many grams in all, as far as known:

```sql
{query}
```
"""


def readme(stamp, counts, release=""):
    """Return README.md; `counts` are {table: number of rows}."""
    rows = [f"| `{name}` | {counts[name]} | {table.description} |" for name, table in _tables()]
    name = f"Release {release}, " if release else "As of "
    return README.format(
        title=TITLE,
        description=DESCRIPTION,
        stands=f"{name}{stamp.words}.",
        licence=f"{LICENCE['title']} ({LICENCE['name']}), {LICENCE['path']}",
        cite=citation(stamp, release),
        rows="\n".join(rows),
        query=QUERY,
    )


def dictionary_csv():
    """Return the data dictionary as CSV, a line for each column of each table."""
    lines = [csv_line(DICTIONARY)]
    for name, table in _tables():
        for column in table.columns:
            values = "; ".join(f"{value}: {words}" for value, words in column.choices)
            texts = [name, column.name, column.type, column.description, values, column.refers_to]
            lines.append(csv_line(map(neutralise, texts)))
    return "".join(lines)


def describe(directory, stamp, release=""):
    """Return datapackage.json, after the Data Package standard, for the files of `directory`."""
    described = {
        "profile": "data-package",
        "name": "lunar-record",
        "title": TITLE,
        "description": DESCRIPTION,
        "version": release or f"r{stamp.revision}",
        "revision": stamp.revision,
        "licenses": [LICENCE],
        "keywords": ["Moon", "lunar missions", "lunar samples", "diplomacy", "provenance"],
        "cite": citation(stamp, release),
        "resources": [
            *(_csv_resource(directory, table) for _, table in _tables()),
            *(_json_resource(directory, path) for path in sorted((directory / "json").iterdir())),
        ],
    }
    if stamp.day:
        described["created"] = f"{stamp.day}T00:00:00Z"
    return described


def _csv_resource(directory, table):
    schema = {
        "fields": [_field(table, column) for column in table.columns],
        "primaryKey": list(table.key),
        "missingValues": [""],
    }
    keys = [
        {
            "fields": [column.name],
            # In the standard, a table refers to itself by an empty name.
            "reference": {
                "resource": "" if column.refers_to == table.name else column.refers_to,
                "fields": ["id"],
            },
        }
        for column in table.columns
        if column.refers_to
    ]
    if keys:
        schema["foreignKeys"] = keys
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": table.name.replace("_", " ").capitalize(),
        "description": table.description,
        **_file(directory, f"csv/{table.name}.csv"),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "header": True},
        "schema": schema,
    }


def _field(table, column):
    field = {"name": column.name, "type": column.type, "description": column.description}
    constraints = {}
    if column.name in table.key:
        constraints["required"] = True
    if table.key == (column.name,):
        constraints["unique"] = True
    if column.choices:
        constraints["enum"] = [value for value, _ in column.choices]
    return field | ({"constraints": constraints} if constraints else {})


def _json_resource(directory, path):
    return {
        "name": f"{path.stem}-json",
        "title": f"{path.stem.replace('_', ' ').capitalize()}, each whole",
        **_file(directory, f"json/{path.name}"),
        "format": "json",
        "mediatype": "application/json",
        "encoding": "utf-8",
    }


def _file(directory, name):
    path = directory / name
    return {"path": name, "bytes": path.stat().st_size, "hash": f"sha256:{digest(path)}"}


def _tables():
    return tables().items()
