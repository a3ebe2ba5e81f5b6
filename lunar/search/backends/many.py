"""The first entries where many fit, on PostgreSQL, whose indexes of words know no order.

Few are best found by their words and put in order; many, met soon, by going through a kind in
order. The planner cannot tell which it is: it does not know how many words begin alike. So one
statement goes from tier to tier and in each from kind to kind, and does nothing more once enough
entries are found.
"""

from math import isqrt

from lunar.search.backends.tiers import AMONG_NAMES, ANYWHERE, NAME_BEGINS
from lunar.search.numbers import numbers_of_kind

# Going on until enough are found takes the longer the fewer fit, looking them up the longer the
# more do. The geometric mean of this and what is wanted keeps the longer of both short.
WALKED = 32_000


def found_by_words(tier, kind, limit):
    """Return (SQL, parameters) for the first entries that fit, of a kind or of all (""), in order.

    The fence (OFFSET) keeps the planner from going through all entries in their order.
    """
    of_kind = " AND kind = %s" if kind else ""
    return (
        "SELECT id FROM (SELECT id FROM search_entry "  # noqa: S608
        f"WHERE words @@ %s::tsquery{of_kind} OFFSET 0) AS fitting "
        f"ORDER BY id LIMIT {limit:d}",
        [tier, kind] if kind else [tier],
    )


class Many:
    """A statement with a step (a CTE) for each tier and kind that many entries may be in.

    `most` is how many of a kind are few.
    """

    def __init__(self, query, limit, most):
        self.query, self.limit, self.most = query, limit, most
        self.steps, self.parameters, self.places = [], [], []

    def add(self, place, tier, kinds, sizes):
        """Look for the entries of a tier, after those added before it.

        `sizes` are {kind: how many entries fit anywhere}, or None if that is not known.
        """
        if place not in (NAME_BEGINS, AMONG_NAMES, ANYWHERE):
            kind = kinds[0] if len(kinds) == 1 else ""
            names = [self._step(f"tier{place:d}_all", *found_by_words(tier, kind, self.limit))]
        else:
            names = []
            for kind in kinds if sizes is None else [kind for kind in kinds if kind in sizes]:
                if sizes is not None and sizes[kind] <= self.most:
                    step = found_by_words(tier, kind, self.limit)
                else:
                    step = self._of_many(place, tier, kind, names)
                names.append(self._step(f"tier{place:d}_{kind}", *step))
        union = " UNION ALL ".join(f"SELECT id FROM {name}" for name in names)  # noqa: S608
        self._step(f"tier{place:d}", union or "SELECT 0::bigint AS id WHERE false", [])
        self.places.append(place)

    def select(self):
        """Return (SQL, parameters) for the rows (place of the tier, number)."""
        tiers = " UNION ALL ".join(
            f"SELECT {place:d} AS place, id FROM tier{place:d}"  # noqa: S608
            for place in self.places
        )
        steps = ", ".join(self.steps)
        return f"SELECT place, id FROM (WITH {steps} {tiers}) AS found", self.parameters  # noqa: S608

    def _step(self, name, sql, parameters):
        self.steps.append(f"{name} AS MATERIALIZED ({sql})")
        self.parameters += parameters
        return name

    def _of_many(self, place, tier, kind, names):
        """Return (SQL, parameters) of a step for a kind of which many fit, after steps `names`."""
        found = [f"SELECT FROM tier{before:d}" for before in self.places]
        if names:
            found.append(" UNION ALL ".join(f"SELECT FROM {name}" for name in names))
        needed = " AND ".join(
            f"(SELECT count(*) FROM ({sql}) AS before) < {self.limit:d}"  # noqa: S608
            for sql in found
        )
        if place == NAME_BEGINS:
            return self._named(kind, needed)
        if place == ANYWHERE:
            return self._in_order(tier, kind, needed)
        return self._walked(tier, kind, needed)

    def _named(self, kind, needed):
        """Read the names that begin so, which stand in an index in their own order."""
        begins = f"{self.query.whole}{'%' if self.query.terms[-1].is_prefix else ''}"
        columns = ("squeezed_name", "squeezed_native_name")
        return (
            " UNION ".join(
                "(SELECT id FROM (SELECT id FROM search_entry "  # noqa: S608
                f"WHERE kind = %s AND {column} LIKE %s AND {column} <> '' OFFSET 0) AS named "
                f"WHERE {needed} ORDER BY id LIMIT {self.limit:d})"
                for column in columns
            ),
            [kind, begins] * len(columns),
        )

    def _in_order(self, tier, kind, needed):
        """Go through a kind until enough are found."""
        return (
            f"SELECT id FROM search_entry WHERE {needed} AND id BETWEEN %s AND %s "  # noqa: S608
            f"AND words @@ %s::tsquery ORDER BY id LIMIT {self.limit:d}",
            [*numbers_of_kind(kind), tier],
        )

    def _walked(self, tier, kind, needed):
        """Go through the first ones of a kind; if too few fit, see by their words how many do.

        No entry is found twice, or steps after this one would take there to be enough.
        """
        are_many = f"(SELECT n FROM counted) > {self.most:d}"  # noqa: S608
        in_order, its_parameters = self._in_order(tier, kind, are_many)
        by_words, their_parameters = found_by_words(tier, kind, self.limit)
        return (
            "WITH walked AS MATERIALIZED (SELECT id FROM (SELECT id, words FROM search_entry "  # noqa: S608
            "WHERE id BETWEEN %s AND %s "
            f"ORDER BY id LIMIT {isqrt(self.limit * WALKED):d}) AS first "
            f"WHERE {needed} AND words @@ %s::tsquery ORDER BY id LIMIT {self.limit:d}), "
            "counted AS MATERIALIZED (SELECT count(*) AS n FROM (SELECT FROM search_entry "
            f"WHERE {needed} AND (SELECT count(*) FROM walked) < {self.limit:d} "
            f"AND kind = %s AND words @@ %s::tsquery LIMIT {self.most + 1:d}) AS fitting) "
            "SELECT id FROM walked WHERE (SELECT n FROM counted) = 0 UNION ALL "
            f"(SELECT id FROM ({by_words}) AS few "
            f"WHERE (SELECT n FROM counted) BETWEEN 1 AND {self.most:d}) UNION ALL ({in_order})",
            [*numbers_of_kind(kind), tier, kind, tier, *their_parameters, *its_parameters],
        )
