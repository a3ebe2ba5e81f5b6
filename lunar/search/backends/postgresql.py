from math import inf

from lunar.search.backends.many import ALWAYS, SAMPLE, Many, found_by_words
from lunar.search.backends.tiers import Tiers, ask, by_kind
from lunar.search.documents import kinds
from lunar.search.fields import NAME, OTHER, WHOLE
from lunar.search.numbers import position_of_kind
from lunar.search.words import Term
from lunar.serving.remembered import remembered


def _counted(condition, most):
    """Return SQL for the number of entries for which a condition holds, up to `most` + 1."""
    return (
        f"(SELECT count(*) FROM (SELECT FROM search_entry WHERE {condition} "
        f"LIMIT {most + 1:d}) AS counted)"
    )


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
        """Return {kind: how many entries fit, up to `most` + 1}.

        Where more than `most` of a sample have the words as they were typed, nobody need look at
        the others: a long kind that was not asked for is then infinite.
        """
        as_typed = self._every([Term(term.words) for term in query.terms])
        entries = self._entries(most)
        long = [kind for kind in entries if entries[kind] > most]
        is_proven = bool(long) and self._are_many_of_sample(as_typed, most)
        uncounted = [kind for kind in long if is_proven and kind != kind_name]
        fitting = _counted(f"kind = %s AND words @@ %s::tsquery AND {ALWAYS}", most)
        of_long = f"CASE WHEN {fitting} > {most:d} THEN {most + 1:d} ELSE {fitting} END"
        counts = []
        for kind in entries:
            if kind in uncounted:
                continue
            number, asked = fitting, [kind, tiers.anywhere]
            if kind in long:
                number, asked = of_long, [kind, as_typed, *asked]
            counts.append((f"SELECT {position_of_kind(kind):d}, {number}", asked))
        return dict.fromkeys(uncounted, inf) | (by_kind(ask(counts)) if counts else {})

    def _are_many_of_sample(self, tier, most):
        counted = _counted(f"words @@ %s::tsquery AND {SAMPLE}", most)
        [(fitting,)] = ask([(f"SELECT {counted}", [tier])])
        return fitting > most

    def _entries(self, most):
        """Return {kind: how many entries there are, up to `most` + 1}, counted once for a state."""
        return remembered(
            f"search entries {most}",
            lambda: by_kind(
                ask(
                    (f"SELECT {position_of_kind(kind):d}, {_counted('kind = %s', most)}", [kind])
                    for kind in kinds()
                )
            ),
        )

    def first(self, query, tiers, kind_name, limit, sizes, most):
        """Return [(place of the tier, number)] of the first `limit` entries of each of `tiers`.

        `sizes` are those of `anywhere`, or None if they are not known. What cannot be among the
        first `limit` of all tiers together may be left out.
        """
        if sizes is None:  # there may be as many as there are entries
            sizes = self._entries(most)
        of_kind = [kind_name] if kind_name else kinds()
        sizes = {kind: sizes[kind] for kind in of_kind if kind in sizes}
        if sum(sizes.values()) > most:
            *finished, last = query.terms
            names = self._every(finished, NAME) if last.is_prefix else ""
            return Many(query, limit, most, finished=names).first(tiers, sizes)
        found = [found_by_words(tier, kind_name, limit) for tier in tiers]
        return ask(
            (f"SELECT {place:d}, id FROM ({sql}) AS found", parameters)
            for place, (sql, parameters) in enumerate(found)
        )

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
