"""Finding: which entries fit what was typed, the best first, and how many there are of each kind.

The order is explained on the page (`Tiers`): a record whose name was typed, one whose name begins
so, one that has the words among its names, one that has them in its texts; among equals by kind,
then short names first. Both databases hold the same words and so give the same answer.
"""

from dataclasses import dataclass

from lunar.search.backends import ANYWHERE, backend
from lunar.search.words import MOST_WORDS, squeezed, terms
from lunar.serving.remembered import remembered

PER_PAGE = 20
MOST_LISTED = 500  # results that pages lead to; more are better found by another word
MOST_COUNTED = 1_000  # results that are counted; counting all that a common word fits takes long


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

    @property
    def listed(self):
        """How many of them the pages lead to."""
        return MOST_LISTED if self.total is None else min(self.total, MOST_LISTED)


class Search:
    """One search of the index: count first, then take as many as are wanted."""

    def __init__(self, query, kind_name=""):
        self.database = backend()
        self.query = query
        self.kind_name = kind_name
        self.tiers = self.database.tiers(query.terms, query.whole) if query.terms else None
        self._sizes = None

    def count(self):
        """Return the Count; of one state of the record it is counted once for all pages."""
        if not self.tiers:
            return Count(0, {})
        sizes = self._sizes = remembered(
            f"search {self.kind_name} {self.tiers.anywhere}",
            lambda: self.database.sizes(self.query, self.tiers, self.kind_name, MOST_COUNTED),
        )
        fitting = sum(sizes.values())
        total = sizes.get(self.kind_name, 0) if self.kind_name else fitting
        return Count(
            total=None if total > MOST_COUNTED else total,
            by_kind=None if fitting > MOST_COUNTED else sizes,
        )

    def best(self, start, end, names_only=False):
        """Return {number of the entry: place of the tier that it is in}, in order.

        They are those from place `start` to before `end`.
        """
        if not self.tiers or start >= end:
            return {}
        tiers = list(self.tiers)[: ANYWHERE if names_only else None]
        rows = self.database.first(self.query, tiers, self.kind_name, end, self._sizes)
        # The first `end` of each tier hold the first `end` of all, the same entry several times.
        best = {}
        for tier, number in sorted(rows):
            best.setdefault(number, tier)
        return dict(list(best.items())[start:end])
