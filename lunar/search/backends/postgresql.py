from collections import Counter
from math import inf

from lunar.search.backends.many import ALWAYS, SAMPLE, STANDS_FOR, Many, found_in_tiers
from lunar.search.backends.tiers import Tiers, ask, by_kind
from lunar.search.documents import kinds
from lunar.search.fields import NAME, OTHER, WHOLE
from lunar.serving.remembered import remembered


class PostgreSQL:
    """A tsvector in which a sign before a word says what kind of word it is, under GIN indexes.

    One index holds the words of all entries, and each kind has one of its own besides.
    """

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

    def sizes(self, query, tiers, kind_name, most):
        """Return {kind: how many entries fit}; if more than `most` fit in all, how many may.

        Of the kind with this name, if there is one, it is the number all the same, up to `most`.
        """
        sizes = self._sizes(tiers.anywhere, most)
        if kind_name and sum(sizes.values()) > most:
            number = self._counted(tiers.anywhere, ALWAYS, most, kind_name)[kind_name]
            if number <= most:
                return sizes | {kind_name: number}
        return sizes

    def _sizes(self, tier, most):
        """Return the sizes of all kinds, looked for in a sample first, which may tell enough."""
        sample = self._counted(tier, SAMPLE, most)
        if sample.total() > most:
            return self._entries()
        rest = self._counted(tier, f"{ALWAYS} AND NOT {SAMPLE}", most - sample.total())
        if (sample + rest).total() <= most:
            return sample + rest
        sizes = self._entries()
        for kind, number in sizes.items():
            if number == inf and sample[kind] * STANDS_FOR <= Many.SORTED:
                sizes[kind] = most + 1  # more may be, but no more than are soon put in order
        return sizes

    def _counted(self, tier, part, most, kind_name=""):
        """Return {kind: how many entries of a part fit}, `most` + 1 in all at the most."""
        of_kind = " AND kind = %s" if kind_name else ""
        fitting = (
            f"SELECT kind FROM search_entry WHERE words @@ %s::tsquery{of_kind} AND {part} "
            f"LIMIT {most + 1:d}"
        )
        counted = f"SELECT kind, count(*) FROM ({fitting}) AS fitting GROUP BY kind"
        return Counter(dict(ask([(counted, [tier, *filter(None, [kind_name])])])))

    def _entries(self):
        """Return {kind: how many entries there are}, infinite if more than are put in order.

        They are counted once for a state of the record.
        """
        most = Many.SORTED
        counted = f"(SELECT FROM search_entry WHERE kind = %s LIMIT {most + 1:d})"
        numbers = remembered(
            f"search entries {most}",
            lambda: by_kind(
                ask(
                    (f"SELECT {place:d}, count(*) FROM {counted} AS entries", [kind])
                    for place, kind in enumerate(kinds(), 1)
                )
            ),
        )
        return {kind: inf if number > most else number for kind, number in numbers.items()}

    def first(self, query, tiers, kind_name, limit, sizes):
        """Return [(place of the tier, number)] of the first `limit` entries of each of `tiers`.

        `sizes` are those of `anywhere`, or None if they are not known. What cannot be among the
        first `limit` of all tiers together may be left out.
        """
        if sizes is None:  # there may be as many as there are entries
            sizes = self._entries()
        of_kind = [kind_name] if kind_name else kinds()
        sizes = {kind: sizes[kind] for kind in of_kind if kind in sizes}
        if sum(sizes.values()) > Many.SORTED:
            *finished, last = query.terms
            names = self._every(finished, NAME) if last.is_prefix else ""
            return Many(query, limit, finished=names).first(tiers, sizes)
        return found_in_tiers(tiers, kind_name, limit)

    def lowest(self):
        """Return SQL for the lowest number of an entry that fits, NULL if none does.

        The planner would go through all entries in order, to the last one where none fits.
        """
        return (
            "SELECT min(id) FROM (SELECT id FROM search_entry "
            "WHERE words @@ %s::tsquery OFFSET 0) AS fitting"
        )

    def any_one(self):
        """Return SQL for the number of one entry that fits, no row if none does.

        Found by its words; for the first of many the planner would read the table from its start,
        to its end where none fits.
        """
        return (
            "WITH fitting AS MATERIALIZED (SELECT id FROM search_entry "
            "WHERE words @@ %s::tsquery) SELECT id FROM fitting LIMIT 1"
        )
