"""The first entries where many fit, on PostgreSQL, whose indexes of words know no order.

Few are best found by their words and put in order; many, met soon, by going through a kind in
order. The planner cannot tell which it is: it does not know how many words begin alike. So one
statement goes from tier to tier and in each from kind to kind, and does nothing more once enough
entries are found.
"""

from math import isqrt

from lunar.search.backends.tiers import AMONG_NAMES, ANYWHERE, NAME_BEGINS
from lunar.search.numbers import numbers_of_kind

# 512 of each 4,096 records of a kind, whose words have an index of their own.
SAMPLE = "record_id / 512 %% 8 = 0"

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
        "SELECT id FROM (SELECT id FROM search_entry "
        f"WHERE words @@ %s::tsquery{of_kind} OFFSET 0) AS fitting "
        f"ORDER BY id LIMIT {limit:d}",
        [tier, kind] if kind else [tier],
    )


class Many:
    """A statement with a step (a CTE) for each tier and kind that many entries may be in.

    `most` is how many of a kind are few, `finished` the words of names before an unfinished one.
    """

    def __init__(self, query, limit, most, finished=""):
        self.query, self.limit, self.most, self.finished = query, limit, most, finished
        self.steps, self.parameters, self.places = [], [], []

    def add(self, place, tier, kinds, sizes):
        """Look for the entries of a tier, after those added before it.

        `sizes` are {kind: how many entries fit anywhere}, at the most.
        """
        if place not in (NAME_BEGINS, AMONG_NAMES, ANYWHERE):
            kind = kinds[0] if len(kinds) == 1 else ""
            names = [self._step(f"tier{place:d}_all", *found_by_words(tier, kind, self.limit))]
        else:
            names = []
            for kind in filter(sizes.get, kinds):
                if sizes[kind] <= self.most:
                    step = found_by_words(tier, kind, self.limit)
                else:
                    step = self._of_many(place, tier, kind, names)
                names.append(self._step(f"tier{place:d}_{kind}", *step))
        union = " UNION ALL ".join(f"SELECT id FROM {name}" for name in names)
        self._step(f"tier{place:d}", union or "SELECT 0::bigint AS id WHERE false", [])
        self.places.append(place)

    def select(self):
        """Return (SQL, parameters) for the rows (place of the tier, number)."""
        tiers = " UNION ALL ".join(
            f"SELECT {place:d} AS place, id FROM tier{place:d}" for place in self.places
        )
        steps = ", ".join(self.steps)
        return f"SELECT place, id FROM (WITH {steps} {tiers}) AS found", self.parameters

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
            f"(SELECT count(*) FROM ({sql}) AS before) < {self.limit:d}" for sql in found
        )
        if place == NAME_BEGINS:
            return self._named(kind, needed)
        if place == ANYWHERE:
            return self._in_order(tier, kind, needed)
        return self._walked(tier, kind, needed)

    def _named(self, kind, needed):
        """Read the names that begin so, which stand in an index in their own order.

        Where many do, an index of names that begin alike has the order of entries.
        """
        first = f"ORDER BY id LIMIT {self.limit:d}"
        named = (
            f"SELECT id FROM search_entry WHERE {needed} "
            "AND kind = %s AND {column} LIKE %s AND {column} <> ''"
        )
        natively = named.format(column="squeezed_native_name")
        named = named.format(column="squeezed_name")
        whole, is_prefix = self.query.whole, self.query.terms[-1].is_prefix
        begins = f"{whole}%" if is_prefix else whole
        if is_prefix and len(whole) < ALIKE:
            found, parameters = f"(SELECT id FROM ({named} OFFSET 0) AS named {first})", []
        else:
            are_many = f"(SELECT count(*) FROM named) > {self.most:d}"
            found = (
                f"WITH named AS MATERIALIZED ({named} LIMIT {self.most + 1:d}) "
                f"(SELECT id FROM named WHERE NOT {are_many} {first}) "
                f"UNION (SELECT id FROM search_entry WHERE {are_many} AND kind = %s "
                f"AND left(squeezed_name, {ALIKE:d}) = %s AND squeezed_name LIKE %s {first})"
            )
            parameters = [kind, whole[:ALIKE], begins]
        return (
            f"{found} UNION (SELECT id FROM ({natively} OFFSET 0) AS natively {first})",
            [kind, begins, *parameters, kind, begins],
        )

    def _in_order(self, tier, kind, needed):
        """Go through a kind until enough are found."""
        return (
            f"SELECT id FROM search_entry WHERE {needed} AND id BETWEEN %s AND %s "
            f"AND words @@ %s::tsquery ORDER BY id LIMIT {self.limit:d}",
            [*numbers_of_kind(kind), tier],
        )

    def _walked(self, tier, kind, needed):
        """Go through the first ones of a kind; if too few fit, see by their words how many do.

        No entry is found twice, or steps after this one would take there to be enough.
        """
        by_words, their_parameters = self._by_words(tier, kind)
        are_many = f"(SELECT count(*) FROM fitting) > {self.most:d}"
        in_order, its_parameters = self._in_order(tier, kind, are_many)
        return (
            "WITH walked AS MATERIALIZED (SELECT id FROM (SELECT id, words FROM search_entry "
            "WHERE id BETWEEN %s AND %s "
            f"ORDER BY id LIMIT {isqrt(self.limit * WALKED):d}) AS first "
            f"WHERE {needed} AND words @@ %s::tsquery ORDER BY id LIMIT {self.limit:d}), "
            f"wanted AS MATERIALIZED (SELECT {needed} "
            f"AND (SELECT count(*) FROM walked) < {self.limit:d} AS more), "
            f"{by_words} "
            "SELECT id FROM walked WHERE NOT EXISTS (SELECT FROM fitting) UNION ALL "
            f"(SELECT id FROM fitting WHERE NOT {are_many} ORDER BY id LIMIT {self.limit:d}) "
            f"UNION ALL ({in_order})",
            [*numbers_of_kind(kind), tier, *their_parameters, *its_parameters],
        )

    def _by_words(self, tier, kind):
        """Return (SQL, parameters) of a step `fitting`: what fits, up to `most` + 1, if `wanted`.

        An index gathers all that have a word which begins like an unfinished last one, before it
        looks for the words before it. Where few have those, they are looked at one by one.
        """
        wanted = "(SELECT more FROM wanted) AND kind = %s AND words @@ %s::tsquery"
        limit = f"LIMIT {self.most + 1:d}"
        if not self.finished:
            return (
                f"fitting AS MATERIALIZED (SELECT id FROM search_entry WHERE {wanted} {limit})",
                [kind, tier],
            )
        are_few = f"(SELECT count(*) FROM sampled) < {FEW:d}"
        return (
            f"sampled AS MATERIALIZED (SELECT FROM search_entry WHERE {wanted} AND {SAMPLE} "
            f"LIMIT {FEW:d}), fitting AS MATERIALIZED ("
            "(SELECT id FROM (SELECT id, words FROM search_entry "
            f"WHERE {wanted} AND {are_few} OFFSET 0) AS few WHERE words @@ %s::tsquery {limit}) "
            f"UNION ALL (SELECT id FROM search_entry WHERE {wanted} AND NOT {are_few} {limit}))",
            [kind, self.finished, kind, self.finished, tier, kind, tier],
        )
