from lunar.search.backends.tiers import Tiers, ask, by_kind
from lunar.search.numbers import EVERY_NUMBER, KIND_SHIFT, numbers_of_kind, position_of_kind


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
        kept = "FROM search_words WHERE search_words MATCH %s"
        selects = [
            (
                f"SELECT kind, count(*) FROM (SELECT rowid >> {KIND_SHIFT} AS kind {kept} "  # noqa: S608
                f"LIMIT {most + 1:d}) GROUP BY kind",
                [tiers.anywhere],
            )
        ]
        if kind_name:
            selects.append(
                (
                    f"SELECT {position_of_kind(kind_name):d}, count(*) FROM "  # noqa: S608
                    f"(SELECT 1 {kept} AND rowid BETWEEN %s AND %s LIMIT {most + 1:d})",
                    [tiers.anywhere, *numbers_of_kind(kind_name)],
                )
            )
        return by_kind(ask(selects))

    def first(self, query, tiers, kind_name, limit, sizes, most):
        """Return [(place of the tier, number)] of the first `limit` entries of each of `tiers`."""
        numbers = numbers_of_kind(kind_name) if kind_name else EVERY_NUMBER
        return ask(
            (
                f"SELECT {place:d}, id FROM (SELECT rowid AS id FROM search_words "  # noqa: S608
                "WHERE search_words MATCH %s AND rowid BETWEEN %s AND %s "
                f"ORDER BY rowid LIMIT {limit:d})",
                [tier, *numbers],
            )
            for place, tier in enumerate(tiers)
        )

    def lowest(self):
        """Return SQL for the lowest number of an entry that fits, NULL if none does."""
        return "SELECT min(rowid) FROM search_words WHERE search_words MATCH %s"

    def any_one(self):
        """Return SQL for the number of one entry that fits, no row if none does."""
        return "SELECT rowid FROM search_words WHERE search_words MATCH %s LIMIT 1"
