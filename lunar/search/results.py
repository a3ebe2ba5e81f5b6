"""What a page of results shows, and what is suggested while somebody types."""

from dataclasses import dataclass

from lunar.search.backends import ANYWHERE
from lunar.search.documents import kinds
from lunar.search.engine import PER_PAGE, Query, Search
from lunar.search.models import Entry
from lunar.search.snippets import Marker
from lunar.search.spelling import did_you_mean

MOST_SUGGESTED = 8
MOST_OTHER_NAMES = 3  # shown with one result
FEW = 5  # results; with fewer, none of them by its name, a similar name is asked for


@dataclass(frozen=True)
class Found:
    """A record that was found, its texts as safe HTML with the words marked."""

    kind: str
    url: str
    name: str
    language: str
    native_name: str
    native_language: str
    other_names: list[str]
    excerpt: str


@dataclass(frozen=True)
class Facet:
    """A kind of record to choose; `count` is None where its results were not counted."""

    value: str
    label: str
    count: int | None


@dataclass(frozen=True)
class Results:
    """One page of what was found; `total` is None where it is more than is counted.

    `listed` of them are on the pages, from `first` to `last` on this one.
    """

    found: list[Found]
    total: int | None
    listed: int
    page: int
    facets: list[Facet]
    did_you_mean: str = ""

    @property
    def pages(self):
        return pages_of(self.listed)

    @property
    def first(self):
        return (self.page - 1) * PER_PAGE + 1

    @property
    def last(self):
        return min(self.page * PER_PAGE, self.listed)


def pages_of(listed):
    """Return how many pages there are of so many results; one, at the least."""
    return max(1, -(-listed // PER_PAGE))


def search(text, kind_name="", page=1):
    """Return the Results of a cleaned text, of one kind of record or of all.

    Of a page beyond the last one, it is the last one.
    """
    query = Query.of(text)
    asked = Search(query, kind_name)
    count = asked.count()
    page = min(page, pages_of(count.listed))
    numbers = asked.best((page - 1) * PER_PAGE, min(page * PER_PAGE, count.listed))
    entries = Entry.objects.defer("words").in_bulk(numbers)
    marker = Marker(query.terms)
    is_unsure = count.listed < FEW and all(tier == ANYWHERE for tier in numbers.values())
    return Results(
        found=[_found(entries[number], marker) for number in numbers if number in entries],
        total=count.total,
        listed=count.listed,
        page=page,
        facets=_facets(count),
        did_you_mean=did_you_mean(text) if is_unsure else "",
    )


def suggestions(text):
    """Return the few records whose names fit best what has been typed so far, as plain values."""
    numbers = Search(Query.of(text)).best(0, MOST_SUGGESTED, names_only=True)
    entries = Entry.objects.only("kind", "key", "name", "native_name").in_bulk(numbers)
    return [
        {
            "name": entry.name,
            "native_name": entry.native_name,
            "kind": kinds()[entry.kind].singular,
            "url": kinds()[entry.kind].address(entry.key),
        }
        for entry in (entries[number] for number in numbers if number in entries)
    ]


def _facets(count):
    return [
        Facet(kind.name, kind.plural, count.by_kind and count.by_kind[kind.name])
        for kind in kinds().values()
        if count.by_kind is None or kind.name in count.by_kind
    ]


def _found(entry, marker):
    kind = kinds()[entry.kind]
    texts, others = entry.texts.splitlines(), entry.other_names.splitlines()
    if marker.holds_all(entry.name, entry.native_name):
        # Why it was found is plain: its first text tells most of it.
        texts, others = texts[:1], []
    others = [name for name in others if marker.holds(name)]
    return Found(
        kind=kind.singular,
        url=kind.address(entry.key),
        name=marker.marked(entry.name),
        language=entry.language,
        native_name=marker.marked(entry.native_name),
        native_language=entry.native_language,
        other_names=[marker.marked(name) for name in others[:MOST_OTHER_NAMES]],
        excerpt=marker.excerpt(texts),
    )
