"""The record as an SQLite file, with primary and foreign keys."""

import sqlite3

from lunar.data.about import LICENCE, citation
from lunar.data.tables import tables

TYPES = {"integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}  # all others are TEXT
CHUNK = 1000

# What README.md shows as an example.
QUERY = """\
SELECT countries.name, count(*) AS transfers, round(sum(transfers.mass_g), 3) AS grams
FROM transfers
JOIN countries ON countries.id = transfers.recipient
WHERE transfers.status IN ('given', 'lent', 'exchanged', 'on_display', 'stored', 'held')
GROUP BY countries.id
ORDER BY transfers DESC, countries.name
LIMIT 10;"""


class Database:
    """Writes the rows of `lunar.data.tables` into a new SQLite file; a context manager."""

    def __init__(self, path, stamp, release=""):
        self._connection = sqlite3.connect(path)
        self._connection.execute("PRAGMA journal_mode=OFF")  # it is new: there is nothing to save
        self._waiting = {name: [] for name in tables()}
        for table in tables().values():
            self._connection.execute(_definition(table))
        self._connection.execute("CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT)")
        about = {
            "revision": str(stamp.revision),
            "date": str(stamp.day or ""),
            "release": release,
            "licence": f"{LICENCE['title']} ({LICENCE['name']}), {LICENCE['path']}",
            "cite": citation(stamp, release),
        }
        self._connection.executemany("INSERT INTO about VALUES (?, ?)", about.items())

    def __enter__(self):
        return self

    def __exit__(self, kind, *error):
        try:
            if kind is None:
                for name in self._waiting:
                    self._flush(name)
                self._index()
                self._connection.commit()
        finally:
            self._connection.close()

    def add(self, name, row):
        """Add a row, the value of each column, to a table."""
        self._waiting[name].append(row)
        if len(self._waiting[name]) >= CHUNK:
            self._flush(name)

    def _flush(self, name):
        rows, self._waiting[name] = self._waiting[name], []
        columns = tables()[name].columns
        # No text is '', but no reference is NULL.
        marks = ", ".join("nullif(?, '')" if column.refers_to else "?" for column in columns)
        self._connection.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)  # noqa: S608

    def _index(self):
        for table in tables().values():
            for column in table.columns:
                if column.refers_to and column.name != table.key[0]:
                    self._connection.execute(
                        f'CREATE INDEX "{table.name}_{column.name}" '
                        f'ON "{table.name}" ("{column.name}")'
                    )


def _definition(table):
    lines = [f'"{column.name}" {TYPES.get(column.type, "TEXT")}' for column in table.columns]
    keys = ", ".join(f'"{name}"' for name in table.key)
    lines.append(f"PRIMARY KEY ({keys})")
    lines += [
        f'FOREIGN KEY ("{column.name}") REFERENCES "{column.refers_to}" ("id")'
        for column in table.columns
        if column.refers_to
    ]
    return f'CREATE TABLE "{table.name}" (\n  ' + ",\n  ".join(lines) + "\n)"
