"""All public pages for robots, with the day on which what they show last changed."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import sitemaps
from django.contrib.sitemaps import views
from django.db.models import Max
from django.urls import reverse
from django.views.decorators.http import require_safe

from diplomacy.models import Transfer
from diplomacy.pages.listed import pair_url
from lunar.desk.models import Revision
from lunar.desk.titles import key_field, record_models
from lunar.parties.models import Country
from lunar.serving.pages import public_page
from lunar.sources.models import Record, Source

MOST = 50_000  # places in one file, as the protocol asks

# Pages of their own, by the names of their addresses.
PAGES = (
    "home",
    "missions:mission-list",
    "missions:programme-list",
    "missions:sample-list",
    "missions:map",
    "timeline",
    "diplomacy:home",
    "diplomacy:transfer-list",
    "diplomacy:display-list",
    "diplomacy:country-list",
    "diplomacy:agreement-list",
    "person-list",
    "organization-list",
    "source-list",
    "changes",
    "about",
    "method",
    "reliability",
    "exclusions",
    "data",
    "api-docs",
)


@dataclass(frozen=True)
class Place:
    """A public page: its path, and when what it shows last changed, None if nobody recorded it."""

    path: str
    changed_at: datetime | None


class Part(sitemaps.Sitemap):
    """A file of the map: as many places as one may hold."""

    def __init__(self, places):
        self.places = places

    def items(self):
        return self.places

    def location(self, place):
        return place.path

    def lastmod(self, place):
        return place.changed_at


@public_page()
@require_safe
def sitemap(request):
    """The map of the site: one file, or the index of several where one would be too large."""
    parts = _parts()
    if len(parts) > 1:
        return views.index(request, parts, sitemap_url_name="sitemap-part")
    return views.sitemap(request, parts)


@public_page()
@require_safe
def sitemap_part(request, section):
    """One of several files: numbered, because robots are kept from addresses that ask."""
    return views.sitemap(request, _parts(), section=str(section))


def _parts():
    """Return {number as text: Part} of all places."""
    found = places()
    starts = range(0, len(found), MOST)
    return {str(n): Part(found[start : start + MOST]) for n, start in enumerate(starts, 1)}


def places():
    """Return every canonical public page as a Place, in a constant number of queries."""
    changed = _changes()
    latest = max(changed.values(), default=None)
    found = [Place(reverse(name), latest) for name in PAGES]
    for model in record_models().values():
        if issubclass(model, (Record, Source)):
            found += _records(model, changed)
    return found + _pairs(latest)


def _changes():
    """Return {(label, key): when the record was last changed in public}."""
    revisions = Revision.objects.filter(shown=Revision.Shown.WHOLE).order_by()
    latest = revisions.values("label", "key").annotate(latest=Max("made_at"))
    return {(row["label"], row["key"]): row["latest"] for row in latest}


def _records(model, changed):
    """Return the Places of the public records of one kind; [] for those without pages."""
    name = key_field(model)
    found = []
    for key in model._default_manager.public().order_by(name).values_list(name, flat=True):
        path = model(**{name: key}).get_absolute_url()
        if path.endswith("/"):  # the others are places on a page, or filtered lists
            found.append(Place(path, changed.get((model._meta.label_lower, key))))
    return found


def _pairs(latest):
    """Return the Places of the pages of two countries between which something passed."""
    codes = (
        Transfer.objects.public()
        .filter(giver__is_public=True, recipient__is_public=True)
        .order_by()
        .values_list("giver__code", "recipient__code")
        .distinct()
    )
    pairs = sorted({tuple(sorted(pair)) for pair in codes if len({*pair}) == 2})
    return [Place(pair_url(Country(code=a), Country(code=b)), latest) for a, b in pairs]
