"""What changed about transfers, as Atom feeds: where the material is, and any filtered list."""

from django.db.models import OuterRef, Subquery
from django.http import HttpResponseBadRequest
from django.urls import reverse

from diplomacy.filters import TransferFilterSet
from diplomacy.models import Act, Transfer
from diplomacy.tables import TransferTable
from lunar.desk.feeds import feed_of_changes
from lunar.desk.models import Revision
from lunar.serving.pages import public_page

LOOKED_THROUGH = 1000  # the latest revisions of transfers, in which new acts are looked for
NO_FILTER = {"sort": "", "per_page": "", "page": "", "by": ""}


@public_page()
def whereabouts(request):
    """The changes of transfers that added or corrected an act: given, moved, confirmed, stolen…"""
    return feed_of_changes(
        request,
        _revisions().filter(pk__in=_with_other_acts()),
        title="Whereabouts of lunar material",
        subtitle="Transfers to which an act or a confirmation was added, or one was corrected.",
        address=reverse("diplomacy:display-list"),
        name="whereabouts",
    )


@public_page(*TransferFilterSet.parameters())
def transfers(request):
    """The changes of the transfers that the list shows for the same filters."""
    filterset = TransferFilterSet(
        request.GET, Transfer.objects.public().for_list(), table_class=TransferTable
    )
    if not filterset.is_valid():
        wrong = [
            f"{name}: {error}" for name, found in filterset.form.errors.items() for error in found
        ]
        return HttpResponseBadRequest("\n".join(wrong), content_type="text/plain; charset=utf-8")
    query = filter_query(filterset)
    chosen = ", ".join(f"{label}: {value}" for label, value, _ in filterset.chosen())
    return feed_of_changes(
        request,
        _revisions().filter(key__in=filterset.qs.order_by().values("slug")),
        title=f"Changes of transfers ({chosen})" if chosen else "Changes of transfers",
        subtitle="What changed in the transfers that the list of the same filters shows.",
        address=f"{reverse('diplomacy:transfer-list')}{query}",
        name=f"transfers{query}",
    )


def filter_query(filterset):
    """Return the query string of a list of transfers with its filters alone, "" for none."""
    query = filterset.link(**NO_FILTER)
    return "" if query == "?" else query


def _revisions():
    """Return the revisions of transfers that are told in full."""
    label = Transfer._meta.label_lower
    return Revision.objects.filter(label=label, shown=Revision.Shown.WHOLE)


def _with_other_acts():
    """Return the keys of the latest revisions whose acts are not those of the one before."""
    earlier = _revisions().filter(key=OuterRef("key"), number__lt=OuterRef("number"))
    before = Subquery(earlier.order_by("-number").values("pk")[:1])
    latest = _revisions().order_by("-made_at", "-pk").annotate(before_pk=before)
    latest = list(latest.only("pk", "rows", "way")[:LOOKED_THROUGH])
    befores = Revision.objects.only("pk", "rows").in_bulk({one.before_pk for one in latest})
    return [
        one.pk
        for one in latest
        if _acts(one) != (_acts(befores[one.before_pk]) if one.before_pk else _found_before(one))
    ]


def _found_before(revision):
    """Return the acts before the first revision: of what was found as it was, the same ones."""
    return _acts(revision) if revision.way == Revision.Way.FOUND else []


def _acts(revision):
    """Return the acts of a transfer in one revision, as fixtures hold them."""
    label = Act._meta.label_lower
    return [entry["fields"] for entry in revision.rows if entry["model"] == label]
