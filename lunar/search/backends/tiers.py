"""What both databases are asked for, and how."""

from dataclasses import dataclass, fields

from django.db import connections, router

from lunar.search.documents import kinds
from lunar.search.models import Entry

# Places among the Tiers.
NAME_BEGINS, OTHER_NAME_BEGINS, AMONG_NAMES, ANYWHERE = 2, 3, 4, 5


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


def ask(selects):
    """Return the rows of all of [(SQL, parameters)], from where entries of the index are read."""
    selects = list(selects)
    with connections[router.db_for_read(Entry)].cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(sql for sql, _ in selects),
            [value for _, parameters in selects for value in parameters],
        )
        return cursor.fetchall()


def by_kind(rows):
    """Return {name of a kind: number} for [(its position among all, number)], without zeros."""
    names = list(kinds())
    return {names[position - 1]: number for position, number in rows if number}
