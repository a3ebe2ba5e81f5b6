"""How each database is asked: the same terms, as an FTS5 expression or as a tsquery.

No word of a reader is ever read as syntax: words hold only letters and digits, and each is quoted.
"""

from dataclasses import dataclass, fields

from django.db import connection, connections, router

from lunar.search.fields import NAME, OTHER, WHOLE
from lunar.search.models import Entry


@dataclass(frozen=True)
class Tiers:
    """Conditions on an entry, the best first; each is an expression in the database's syntax.

    The last one, `anywhere`, holds for every entry for which one of the others does.
    """

    name: str  # its name, or its native name, is what was typed
    other_name: str  # another of its names is
    name_begins: str
    other_name_begins: str
    among_names: str  # all words are words of its names
    anywhere: str

    def __iter__(self):
        return (getattr(self, field.name) for field in fields(self))


class Sqlite:
    """FTS5: the table search_words, whose rowid is the number of the entry."""

    table, number, condition = "search_words", "rowid", "search_words MATCH %s"

    def tiers(self, terms, whole):
        """Return the Tiers for Terms, and for all that was typed squeezed to one word."""
        every = " AND ".join(map(self._term, terms))
        begins = f'"{whole}"{" *" if terms[-1].is_prefix else ""}'
        return Tiers(
            name=f'{{whole}} : "{whole}"',
            other_name=f'{{others}} : "{whole}"',
            name_begins=f"{{whole}} : {begins}",
            other_name_begins=f"{{others}} : {begins}",
            among_names=f"{{names}} : ({every})",
            anywhere=f"({{names texts}} : ({every})) OR ({{whole others}} : {begins})",
        )

    def _term(self, term):
        return f'"{" ".join(term.words)}"{" *" if term.is_prefix else ""}'

    def first(self, limit, is_common):
        """Return SQL for the numbers of the first entries: ready in this order."""
        return (
            f"SELECT {self.number} AS id FROM {self.table} "  # noqa: S608  constants
            f"WHERE {self.condition} AND {self.number} BETWEEN %s AND %s "
            f"ORDER BY {self.number} LIMIT {limit:d}"
        )

    def lowest(self):
        """Return SQL for the lowest number of an entry that fits, NULL if none does."""
        return f"SELECT min({self.number}) FROM {self.table} WHERE {self.condition}"  # noqa: S608

    def any_one(self):
        """Return SQL for the number of one entry that fits, no row if none does."""
        return (
            f"SELECT {self.number} FROM {self.table} "  # noqa: S608
            f"WHERE {self.condition} LIMIT 1"
        )


class PostgreSQL:
    """A tsvector in which a sign before a word says what kind of word it is, under a GIN index."""

    table, number, condition = "search_entry", "id", "words @@ %s::tsquery"

    def tiers(self, terms, whole):
        """Return the Tiers for Terms, and for all that was typed squeezed to one word."""
        name, other = f"'{WHOLE}{whole}'", f"'{OTHER}{whole}'"
        begins = ":*" if terms[-1].is_prefix else ""
        return Tiers(
            name=name,
            other_name=other,
            name_begins=f"{name}{begins}",
            other_name_begins=f"{other}{begins}",
            among_names=self._every(terms, NAME),
            anywhere=f"({self._every(terms)}) | {name}{begins} | {other}{begins}",
        )

    def _every(self, terms, sign=""):
        return " & ".join(self._term(term, sign) for term in terms)

    def _term(self, term, sign):
        row = [f"'{sign}{word}'" for word in term.words]
        return f"({' <-> '.join(row)}{':*' if term.is_prefix else ''})"

    def first(self, limit, is_common):
        """Return SQL for the numbers of the first entries.

        Few are best found by their words and put in order; where many fit, the first ones are
        soon met in going through all in order. The planner cannot tell: it does not know how many
        words begin alike.
        """
        fence = "" if is_common else "OFFSET 0"
        return (
            f"SELECT id FROM (SELECT {self.number} AS id FROM {self.table} "  # noqa: S608
            f"WHERE {self.condition} AND {self.number} BETWEEN %s AND %s {fence}) AS fitting "
            f"ORDER BY id LIMIT {limit:d}"
        )

    def lowest(self):
        """Return SQL for the lowest number of an entry that fits, NULL if none does.

        The planner would go through all entries in order, to the last one where none fits.
        """
        return (
            f"SELECT min(id) FROM (SELECT {self.number} AS id FROM {self.table} "  # noqa: S608
            f"WHERE {self.condition} OFFSET 0) AS fitting"
        )

    def any_one(self):
        """Return SQL for the number of one entry that fits, no row if none does.

        Found by its words; for the first of many the planner would read the table from its start,
        to its end where none fits.
        """
        return (
            f"WITH fitting AS MATERIALIZED (SELECT {self.number} AS id FROM {self.table} "  # noqa: S608
            f"WHERE {self.condition}) SELECT id FROM fitting LIMIT 1"
        )


def backend():
    """Return the backend of the default database."""
    return PostgreSQL() if connection.vendor == "postgresql" else Sqlite()


def read_from():
    """Return the connection from which the entries of the index are read."""
    return connections[router.db_for_read(Entry)]
