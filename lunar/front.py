"""What the front page shows: figures computed from the record, firsts, and disagreements."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Case, When
from django.urls import reverse

from diplomacy.countries import RECEIVED
from diplomacy.filters import GONE
from diplomacy.models import Practice, Transfer
from diplomacy.pages.listed import list_url
from lunar.desk.log import latest_changes
from lunar.mass import mass_in_words
from lunar.parties.models import Country
from lunar.serving.remembered import remembered
from lunar.sources.models import Citation, Source
from missions.models import Mission, MissionEvent, SampleReturn

FOUNDING_SOURCE = "joongang-moon-diplomacy-2025"
FOUNDING_FIRST = Case(When(source__slug=FOUNDING_SOURCE, then=0), default=1)
DISAGREEMENTS = 4
LATEST = 6
LATEST_CHANGES = 5


@dataclass
class FigureLink:
    """A figure of the front page and the rows it was counted from."""

    label: str
    value: str
    url: str


class FrontPage:
    """Each part is computed when the template asks for it."""

    @cached_property
    def figures(self):
        counted = remembered("figures of the front page", _figures)
        missions, returns, grams, transfers, receivers, gone, sources = counted
        return [
            FigureLink("missions to the Moon", f"{missions:,}", reverse("missions:mission-list")),
            FigureLink(
                f"brought to Earth by {returns} missions",
                mass_in_words(grams),
                reverse("missions:sample-list"),
            ),
            FigureLink(
                "gifts, loans and exchanges of it",
                f"{transfers:,}",
                list_url("transfer-list", passed="yes"),
            ),
            FigureLink(
                "countries, states and bodies that received or hold some",
                f"{receivers:,}",
                list_url("country-list", part="received"),
            ),
            FigureLink(
                "goodwill displays missing, stolen or destroyed",
                f"{gone:,}",
                list_url("display-list", whereabouts="gone"),
            ),
            FigureLink("sources cited", f"{sources:,}", reverse("source-list")),
        ]

    @cached_property
    def firsts(self):
        """The latest events that nobody had done before."""
        events = MissionEvent.objects.public().filter(is_first=True).select_related("mission")
        return events.latest_first()[:LATEST]

    @cached_property
    def transfers(self):
        """The latest transfers by date."""
        return Transfer.objects.public().for_list().latest_first()[:LATEST]

    @cached_property
    def practices(self):
        """The customs that the founding column tells of."""
        told = Practice.objects.public().filter(citations__source__slug=FOUNDING_SOURCE)
        return told.distinct()

    @cached_property
    def disagreements(self):
        """A few disputed values of different records, those of the founding column first."""
        found = {}
        for model in Citation.concrete_models():
            disputes = model.objects.public().filter(stance=Citation.Stance.DISPUTES)
            disputes = disputes.with_owner().select_related("source").order_by(FOUNDING_FIRST, "pk")
            for citation in disputes[: DISAGREEMENTS * 5]:  # a record may have several
                owner = citation.owner
                found.setdefault((type(owner), owner.pk), citation)
        return sorted(found.values(), key=_interest)[:DISAGREEMENTS]

    @cached_property
    def changes(self):
        """The latest changes of the record; a load of many records is one."""
        return latest_changes(LATEST_CHANGES)

    @cached_property
    def founding_source(self):
        return Source.objects.public().filter(slug=FOUNDING_SOURCE).first()


def _figures():
    """Return the figures in the order in which the front page tells them."""
    samples, transfers = SampleReturn.objects.public(), Transfer.objects.public()
    return (
        Mission.objects.public().to_the_moon().count(),
        samples.count(),
        samples.total_g() or 0,
        transfers.took_place().count(),
        Country.objects.public().filter(RECEIVED).count(),
        transfers.goodwill().filter(GONE).count(),
        Source.objects.public().count(),
    )


def _interest(citation):
    """Sort key: values that the founding column states differently first, then by record."""
    return (citation.source.slug != FOUNDING_SOURCE, str(citation.owner))
