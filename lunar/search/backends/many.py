"""The first entries where many fit, on PostgreSQL, whose indexes of words know no order.

Few are best found by their words and put in order; many, met soon, by going through a kind in
order. The planner cannot tell which it is: it does not know how many words begin alike. So one tier
is asked for after the other, and in each one kind after the other, until enough entries are found.
"""

from itertools import groupby
from math import inf, isqrt

from lunar.search.backends.tiers import AMONG_NAMES, ANYWHERE, NAME_BEGINS, ask
from lunar.search.numbers import numbers_of_kind

# 512 of each 4,096 records of a kind, whose words have an index of their own.
SAMPLE = "record_id / 512 %% 8 = 0"

# Holds for every entry. The planner takes it for a rare thing and so looks words up in an index; it
# would read the table for a common word, to its end if it is not as common as it seems.
ALWAYS = "record_id %% 1 = 0"

ALIKE = 4  # letters at their beginning by which an index has names

# Going on until enough are found takes the longer the fewer fit, looking them up the longer the
# more do. The geometric mean of this and what is wanted keeps the longer of both short.
WALKED = 8_000

FEW = 32  # entries of the sample


def found_by_words(tier, kind, limit):
    """Return (SQL, parameters) for the first entries that fit, of a kind or of all (""), in order.

    The fence (OFFSET) keeps the planner from going through all entries in their order.
    """
    of_kind = " AND kind = %s" if kind else ""
    return (
        "SELECT id FROM (SELECT id FROM (SELECT id FROM search_entry "
        f"WHERE words @@ %s::tsquery{of_kind} OFFSET 0) AS fitting "
        f"ORDER BY id LIMIT {limit:d}) AS found",
        [tier, kind] if kind else [tier],
    )


class Many:
    """The first `limit` entries for a query of which many may fit.

    `most` is how many of a kind are few, `finished` the words of names before an unfinished one.
    """

    def __init__(self, query, limit, most, finished=""):
        self.query, self.limit, self.most, self.finished = query, limit, most, finished

    def first(self, tiers, sizes):
        """Return [(place of the tier, number)] of the first entries of `tiers`.

        `sizes` are {kind: how many entries fit anywhere}, infinite where that is not known.
        """
        rows, found = [], set()
        for place, tier in enumerate(tiers):
            for numbers in self._of_tier(place, tier, sizes):
                rows += [(place, number) for number in numbers]
                found.update(numbers)
                if len(found) >= self.limit:
                    return rows
        return rows

    def _of_tier(self, place, tier, sizes):
        """Yield the first numbers of one kind, or of some with few entries, after the other."""
        if place not in (NAME_BEGINS, AMONG_NAMES, ANYWHERE):
            yield self._few([next(iter(sizes)) if len(sizes) == 1 else ""], tier)
            return
        for are_few, kinds in groupby(sizes, lambda kind: sizes[kind] <= self.most):
            if are_few:
                yield self._few(kinds, tier)
                continue
            for kind in kinds:
                if place == NAME_BEGINS:
                    yield self._named(kind)
                elif place == ANYWHERE and sizes[kind] != inf:
                    yield self._in_order(tier, kind)
                else:
                    yield self._walked(tier, kind, self.finished if place == AMONG_NAMES else "")

    def _few(self, kinds, tier):
        return _numbers(*(found_by_words(tier, kind, self.limit) for kind in kinds))

    def _named(self, kind):
        """Read the names that begin so, which stand in an index in their own order.

        Where many do, an index of names that begin alike has the order of entries.
        """
        whole, is_prefix = self.query.whole, self.query.terms[-1].is_prefix
        begins = [kind, f"{whole}%" if is_prefix else whole]
        named = "SELECT id FROM search_entry WHERE kind = %s AND squeezed_name LIKE %s"
        natively = named.replace("squeezed_name", "squeezed_native_name")
        natively = f"{natively} AND squeezed_native_name <> '' OFFSET 0"
        found, are_many = self._fitting(named, begins)
        if are_many and is_prefix and len(whole) < ALIKE:
            found = _numbers(self._ordered(f"{named} OFFSET 0", begins))
        elif are_many:
            alike = f"{named} AND left(squeezed_name, {ALIKE:d}) = %s"
            found = _numbers(self._ordered(alike, [*begins, whole[:ALIKE]]))
        return sorted({*found, *_numbers(self._ordered(natively, begins))})

    def _in_order(self, tier, kind):
        """Go through a kind until enough are found."""
        return _numbers(
            (
                "SELECT id FROM (SELECT id FROM search_entry WHERE id BETWEEN %s AND %s "
                f"AND words @@ %s::tsquery ORDER BY id LIMIT {self.limit:d}) AS found",
                [*numbers_of_kind(kind), tier],
            )
        )

    def _walked(self, tier, kind, finished):
        """Go through the first ones of a kind; if too few fit, see by their words how many do."""
        walked = _numbers(
            (
                "SELECT id FROM (SELECT id, words FROM search_entry WHERE id BETWEEN %s AND %s "
                f"ORDER BY id LIMIT {isqrt(self.limit * WALKED):d}) AS first "
                f"WHERE words @@ %s::tsquery ORDER BY id LIMIT {self.limit:d}",
                [*numbers_of_kind(kind), tier],
            )
        )
        if len(walked) == self.limit:
            return walked
        found, are_many = self._fitting(*self._by_words(tier, kind, finished))
        return self._in_order(tier, kind) if are_many else found

    def _by_words(self, tier, kind, finished):
        """Return (SQL, parameters) for the entries that fit, in no order.

        An index gathers all that have a word which begins like an unfinished last one, before it
        looks for the `finished` before it. Where few have those, they are looked at one by one.
        """
        of_kind = f"FROM search_entry WHERE kind = %s AND words @@ %s::tsquery AND {ALWAYS}"
        if finished:
            sample = f"SELECT {of_kind} AND {SAMPLE} LIMIT {FEW:d}"
            sampled = ask([(f"SELECT count(*) FROM ({sample}) AS sampled", [kind, finished])])
            if sampled < [(FEW,)]:
                return (
                    f"SELECT id FROM (SELECT id, words {of_kind} OFFSET 0) AS few "
                    "WHERE words @@ %s::tsquery",
                    [kind, finished, tier],
                )
        return f"SELECT id {of_kind}", [kind, tier]

    def _fitting(self, sql, parameters):
        """Return the first numbers of what fits, and whether more than `most` do.

        If they do, the numbers are not the first.
        """
        rows = ask(
            [
                (
                    "SELECT id, number FROM (WITH fitting AS MATERIALIZED "
                    f"({sql} LIMIT {self.most + 1:d}) "
                    "SELECT id, (SELECT count(*) FROM fitting) AS number FROM fitting "
                    f"ORDER BY id LIMIT {self.limit:d}) AS found",
                    parameters,
                )
            ]
        )
        return [number for number, _ in rows], bool(rows) and rows[0][1] > self.most

    def _ordered(self, sql, parameters):
        return (
            f"SELECT id FROM (SELECT id FROM ({sql}) AS fitting ORDER BY id LIMIT {self.limit:d}) "
            "AS found",
            parameters,
        )


def _numbers(*selects):
    """Return the numbers of [(SQL, parameters)], in order."""
    return sorted(number for (number,) in ask(selects))
