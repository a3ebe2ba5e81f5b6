from lunar.search.backends.tiers import Tiers, ask, by_kind
from lunar.search.numbers import EVERY_NUMBER, KIND_SHIFT, numbers_of_kind
from lunar.search.words import Term


class Sqlite:
    """FTS5: the table search_words, whose rowid is the number of the entry.

    It finds entries in the order of their numbers, and so the first of many at once.
    """

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

    def sizes(self, query, tiers, kind_name, most):
        """Return {kind: how many entries fit}; if more than `most` fit in all, more than those.

        Of the kind with this name, if there is one, it is the number up to `most` + 1.
        """
        sizes = self._sizes(query, tiers, EVERY_NUMBER, most)
        if kind_name:
            sizes |= self._sizes(query, tiers, numbers_of_kind(kind_name), most)
        return sizes

    def _sizes(self, query, tiers, numbers, most):
        counted = (
            f"SELECT kind, count(*) FROM (SELECT rowid >> {KIND_SHIFT} AS kind "
            "FROM search_words WHERE search_words MATCH %s AND rowid BETWEEN %s AND %s "
            f"LIMIT {most + 1:d}) GROUP BY kind"
        )
        # Words as they were typed are met one after the other, but before the first of those that
        # begin so is known FTS5 reads them all.
        as_typed = " AND ".join(self._term(Term(term.words)) for term in query.terms)
        for condition in (f"{{names texts}} : ({as_typed})", tiers.anywhere):
            sizes = by_kind(ask([(counted, [condition, *numbers])]))
            if sum(sizes.values()) > most:
                break
        return sizes

    def first(self, query, tiers, kind_name, limit, sizes):
        """Return [(place of the tier, number)] of the first `limit` entries of each of `tiers`.

        What cannot be among the first `limit` of all tiers together is left out.
        """
        numbers = numbers_of_kind(kind_name) if kind_name else EVERY_NUMBER
        found = {}
        for place, tier in enumerate(tiers):
            in_order = (
                f"SELECT {place:d}, rowid FROM search_words WHERE search_words MATCH %s "
                f"AND rowid BETWEEN %s AND %s ORDER BY rowid LIMIT {limit:d}"
            )
            for _, number in ask([(in_order, [tier, *numbers])]):
                found.setdefault(number, place)
            if len(found) >= limit:
                break
        return [(place, number) for number, place in found.items()]

    def lowest(self):
        """Return SQL for the lowest number of an entry that fits, NULL if none does."""
        return "SELECT min(rowid) FROM search_words WHERE search_words MATCH %s"

    def any_one(self):
        """Return SQL for the number of one entry that fits, no row if none does."""
        return "SELECT rowid FROM search_words WHERE search_words MATCH %s LIMIT 1"
