"""Search over every kind of record: names, native names, other names, numbers, summaries."""

from dataclasses import dataclass

from django.db.models import Case, IntegerField, Value, When
from django.urls import reverse

from diplomacy.models import Agreement, Practice, Transfer, TransferSeries
from lunar.parties.models import Country, Organization, Person
from lunar.sources.models import Source
from lunar.text import fold
from missions.models import Figure, Mission, Programme

PER_KIND = 10

# (model, heading, list that takes ?q=, how a result is described)
KINDS = [
    (Mission, "Missions", "missions:mission-list", "result"),
    (Programme, "Programmes", "missions:programme-list", "summary"),
    (Transfer, "Transfers", "diplomacy:transfer-list", "summary"),
    (TransferSeries, "Series of transfers", None, "summary"),
    (Practice, "Practices", None, "summary"),
    (Figure, "Totals", None, "method"),
    (Agreement, "Agreements", "diplomacy:agreement-list", "summary"),
    (Country, "Countries", "diplomacy:country-list", None),
    (Person, "People", "person-list", "known_for"),
    (Organization, "Organisations", "organization-list", None),
    (Source, "Sources", "source-list", "publisher"),
]


@dataclass
class Results:
    """What was found of one kind: the best few, and where the rest is."""

    heading: str
    found: list
    more_url: str


def search(words):
    """Return Results for each kind with a public record that holds every one of `words`.

    Records whose text begins with the words come first, then those that hold them as a phrase.
    """
    folded = fold(words)
    if not folded:
        return []
    rank = Case(
        When(search_text__startswith=folded, then=Value(0)),
        When(search_text__contains=folded, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    results = []
    for model, heading, list_name, described_by in KINDS:
        matches = model.objects.public().matching(words)
        best = list(matches.annotate(rank=rank).order_by("rank", "pk")[: PER_KIND + 1])
        if not best:
            continue
        more = reverse(list_name, query={"q": words}) if list_name and len(best) > PER_KIND else ""
        found = [
            (record, getattr(record, described_by) if described_by else "")
            for record in best[:PER_KIND]
        ]
        results.append(Results(heading, found, more))
    return results
