"""The first entries where many fit, on PostgreSQL, whose indexes of words know no order.

Few are best found by their words and put in order; many, met soon, by going through a kind in
order. The planner cannot tell which it is: it does not know how many words begin alike. So one tier
is asked for after the other, and in each one kind after the other, until enough entries are found.
"""

from itertools import groupby
from math import inf, isqrt

from lunar.search.backends.tiers import AMONG_NAMES, NAME_BEGINS, OTHER_NAME_BEGINS, ask
from lunar.search.numbers import numbers_of_kind

# 512 of each 4,096 records of a kind, whose words have an index of their own; so each of them
# stands for eight.
SAMPLE = "record_id / 512 %% 8 = 0"
STANDS_FOR = 8

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


def found_in_tiers(tiers, kind, limit):
    """Return [(place of the tier, number)] of the first entries of each, of a kind or of all."""
    found = [found_by_words(tier, kind, limit) for tier in tiers]
    return ask(
        (f"SELECT {place:d}, id FROM ({sql}) AS found", parameters)
        for place, (sql, parameters) in enumerate(found)
    )


class Many:
    """The first `limit` entries for a query of which many may fit.

    `finished` are the words of names before an unfinished one.
    """

    SORTED = 2_500  # entries of a kind that are few enough to be put in order

    def __init__(self, query, limit, finished=""):
        self.query, self.limit, self.finished = query, limit, finished

    def first(self, tiers, sizes):
        """Return [(place of the tier, number)] of the first entries of `tiers`.

        `sizes` are {kind: how many entries may fit}, infinite where that is not known.
        """
        rows = found_in_tiers(tiers[:NAME_BEGINS], _one_or_all(sizes), self.limit)
        found = {number for _, number in rows}
        if len(found) >= self.limit:
            return rows
        for place, tier in enumerate(tiers[NAME_BEGINS:], NAME_BEGINS):
            for numbers in self._of_tier(place, tier, sizes):
                rows += [(place, number) for number in numbers]
                found.update(numbers)
                if len(found) >= self.limit:
                    return rows
        return rows

    def _of_tier(self, place, tier, sizes):
        """Yield the first numbers of one kind, or of some with few entries, after the other."""
        if place == OTHER_NAME_BEGINS:
            yield self._few([_one_or_all(sizes)], tier)
            return
        for are_few, kinds in groupby(sizes, lambda kind: sizes[kind] < inf):
            if are_few:
                yield self._few(kinds, tier)
                continue
            for kind in kinds:
                if place == NAME_BEGINS:
                    yield self._named(kind)
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
        """Go through the first ones of a kind; if too few fit, see by their words how many do.

        Where the first ones promise that enough are met among as many as would be looked up, going
        on comes first.
        """
        strides = [isqrt(self.limit * WALKED), 2 * self.SORTED]
        for rows in strides:
            walked = self._first_of(rows, tier, kind)
            if len(walked) == self.limit:
                return walked
            if len(walked) * self.SORTED < self.limit * rows:
                break
        found, are_many = self._fitting(*self._by_words(tier, kind, finished))
        return self._in_order(tier, kind) if are_many else found

    def _first_of(self, rows, tier, kind):
        """Go through so many entries of a kind."""
        return _numbers(
            (
                "SELECT id FROM (SELECT id, words FROM search_entry WHERE id BETWEEN %s AND %s "
                f"ORDER BY id LIMIT {rows:d}) AS first "
                f"WHERE words @@ %s::tsquery ORDER BY id LIMIT {self.limit:d}",
                [*numbers_of_kind(kind), tier],
            )
        )

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
        """Return the first numbers of what fits, and whether more than are SORTED do.

        If they do, the numbers are not the first.
        """
        rows = ask(
            [
                (
                    "SELECT id, number FROM (WITH fitting AS MATERIALIZED "
                    f"({sql} LIMIT {self.SORTED + 1:d}) "
                    "SELECT id, (SELECT count(*) FROM fitting) AS number FROM fitting "
                    f"ORDER BY id LIMIT {self.limit:d}) AS found",
                    parameters,
                )
            ]
        )
        return [number for number, _ in rows], bool(rows) and rows[0][1] > self.SORTED

    def _ordered(self, sql, parameters):
        return (
            f"SELECT id FROM (SELECT id FROM ({sql}) AS fitting ORDER BY id LIMIT {self.limit:d}) "
            "AS found",
            parameters,
        )


def _one_or_all(kinds):
    return next(iter(kinds)) if len(kinds) == 1 else ""


def _numbers(*selects):
    """Return the numbers of [(SQL, parameters)], in order."""
    return sorted(number for (number,) in ask(selects))
