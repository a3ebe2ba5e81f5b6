"""Finding: which entries fit what was typed, the best first, and how many there are of each kind.

The order is explained on the page (`Tiers`): a record whose name was typed, one whose name begins
so, one that has the words among its names, one that has them in its texts; among equals by kind,
then short names first. Both databases hold the same words and so give the same answer.
"""

from dataclasses import dataclass

from lunar.search.backends import backend, read_from
from lunar.search.documents import kinds
from lunar.search.index import KIND_SHIFT, numbers_of_kind
from lunar.search.words import MOST_WORDS, squeezed, terms

PER_PAGE = 20
MOST_LISTED = 500  # results that pages lead to; more are better found by another word
MOST_COUNTED = 5_000  # results that are counted; counting all that a common word fits takes long
EVERY_NUMBER = (0, 2**63 - 1)
ANYWHERE = 5  # the place of the last tier, in which every fitting entry is


@dataclass(frozen=True)
class Query:
    """What was typed, as terms that are looked for."""

    text: str
    terms: tuple
    whole: str

    @classmethod
    def of(cls, text):
        """Return the Query for a cleaned text; without letters or digits it finds nothing."""
        return cls(text, tuple(terms(text)), squeezed(text))

    @property
    def is_too_long(self):
        return len(self.terms) > MOST_WORDS


@dataclass(frozen=True)
class Count:
    """How many entries fit: `total` of what is asked for, `by_kind` of all kinds.

    Both are None where more than MOST_COUNTED fit.
    """

    total: int | None
    by_kind: dict[str, int] | None
    is_in_names: bool = False

    @property
    def listed(self):
        """How many of them the pages lead to."""
        return MOST_LISTED if self.total is None else min(self.total, MOST_LISTED)


class Search:
    """One search of the index: count first, then take as many as are wanted."""

    def __init__(self, query, kind_name=""):
        self.database = backend()
        self.query = query
        self.range = numbers_of_kind(kind_name) if kind_name else EVERY_NUMBER
        self.kind_name = kind_name
        self.tiers = list(self.database.tiers(query.terms, query.whole)) if query.terms else []
        self._sizes = {}

    def count(self):
        """Return the Count, in one query."""
        if not self.tiers:
            return Count(0, {})
        database, names = self.database, list(kinds())
        # Who has the name has a name that begins so: the first two need no counting.
        counted = range(2, ANYWHERE + bool(self.kind_name))
        rows = self._ask(
            [
                "SELECT -1, kind, count(*) FROM "  # noqa: S608  only constants
                f"(SELECT {database.number} >> {KIND_SHIFT} AS kind FROM {database.table} "
                f"WHERE {database.condition} LIMIT {MOST_COUNTED + 1}) AS fitting GROUP BY kind"
            ]
            + [
                f"SELECT {place:d}, 0, count(*) FROM (SELECT 1 FROM {database.table} "  # noqa: S608
                f"WHERE {database.condition} AND {database.number} BETWEEN %s AND %s "
                f"LIMIT {MOST_COUNTED + 1}) AS fitting"
                for place in counted
            ],
            [self.tiers[ANYWHERE]]
            + [value for place in counted for value in (self.tiers[place], *self.range)],
        )
        by_kind = {names[position - 1]: n for place, position, n in rows if place < 0}
        fitting = sum(by_kind.values())
        self._sizes = {ANYWHERE: fitting} | {place: n for place, _, n in rows if place >= 0}
        total = self._sizes[ANYWHERE]
        return Count(
            total=None if total > MOST_COUNTED else total,
            by_kind=None if fitting > MOST_COUNTED else by_kind,
            is_in_names=any(n for place, n in self._sizes.items() if place < ANYWHERE),
        )

    def best(self, start, end, names_only=False):
        """Return the numbers of the entries from place `start` to before `end`, in one query."""
        tiers = self.tiers[:ANYWHERE] if names_only else self.tiers
        if not tiers or start >= end:
            return []
        rows = self._ask(
            [
                f"SELECT {place:d} AS tier, id FROM ({sql}) AS fitting"  # noqa: S608
                for place, sql in enumerate(
                    self.database.first(end, self._sizes.get(place, 0) > MOST_COUNTED)
                    for place in range(len(tiers))
                )
            ],
            [value for tier in tiers for value in (tier, *self.range)],
        )
        # The first `end` of each tier hold the first `end` of all, the same entry several times.
        best = {}
        for tier, number in sorted(rows):
            best.setdefault(number, tier)
        return list(best)[start:end]

    def _ask(self, selects, parameters):
        with read_from().cursor() as cursor:
            cursor.execute(" UNION ALL ".join(selects), parameters)
            return cursor.fetchall()
