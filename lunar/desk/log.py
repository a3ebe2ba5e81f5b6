"""The public log of changes: which revisions the public may see, with what each has changed.

A *change* is everything that was done at one moment, in one way and for one reason: one record in a
form, twenty in a list, thousands in a load.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.urls import reverse

from lunar.desk.differences import Difference, compare
from lunar.desk.models import Revision
from lunar.desk.titles import Titles, key_field, record_models
from lunar.sources.models import Citation

Shown = Revision.Shown

TOGETHER = 5  # records changed at once that are told one by one
MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"
_MADE = ("made_at", "way", "reason")  # what all revisions of one change share


@dataclass
class Entry:
    """A public revision. `record` is None where it has no page, or is withdrawn.

    `difference` is to the public revision before it; None for a notice of withdrawal, and where
    nobody asked for it. `is_first` says that there was none before it.
    """

    revision: Revision
    record: object = None
    difference: Difference | None = None
    is_first: bool = False

    @property
    def is_notice(self):
        """Whether it tells only that the record was withdrawn, when and why."""
        return self.revision.shown == Shown.NOTICE

    @property
    def kind(self):
        return str(self.revision.model._meta.verbose_name)

    @property
    def title(self):
        """The record's name at that time; of a notice, its kind and its address."""
        return f"{self.kind} {self.address}" if self.is_notice else self.revision.title

    @property
    def address(self):
        """The public address of the record, "" for what has no page of its own."""
        return address_of(self.revision.model, self.revision.key)

    @property
    def evidence_count(self):
        """The number of citations that the record had then."""
        rows = self.revision.canonical_rows
        return sum(issubclass(row.shape.model, Citation) for row in rows)


@dataclass
class Change:
    """What was changed together: `entries` if they are few, else the number of each kind."""

    revision: Revision  # one of them
    count: int
    entries: list[Entry] = field(default_factory=list)
    kinds: list[tuple[int, str]] = field(default_factory=list)

    @property
    def made_at(self):
        return self.revision.made_at

    @property
    def moment(self):
        """When it was made, as the log's address asks for it."""
        return self.made_at.strftime(MOMENT)

    @property
    def url(self):
        """The address of the part of the log that tells of it record by record."""
        return reverse("changes", query={"at": self.moment, "way": self.revision.way})

    @property
    def summary(self):
        """What it concerned: “1,034 sources, 267 transfers”."""
        return ", ".join(f"{number:,} {noun}" for number, noun in self.kinds)


def address_of(model, key):
    """Return the public address of the record with this key; "" for what has no page."""
    record = model(**{key_field(model): key})
    return record.get_absolute_url() if hasattr(record, "get_absolute_url") else ""


def public_revisions():
    """Return all revisions that the public may see something of."""
    labels = [model._meta.label_lower for model in record_models().values()]
    return Revision.objects.public().filter(label__in=labels)


def grouped(revisions, *, oldest_first=False):
    """Return the changes that made these revisions, the latest first.

    Each is {"made_at", "way", "reason", "count", "latest": primary key of one revision}.
    """
    groups = revisions.order_by().values(*_MADE).annotate(count=Count("pk"), latest=Max("pk"))
    return groups.order_by(*(("made_at", "latest") if oldest_first else ("-made_at", "-latest")))


def changes(groups, revisions, *, compared=True):
    """Return a Change for each of some `grouped` revisions, in a constant number of queries."""
    groups = list(groups)
    few = [group for group in groups if group["count"] <= TOGETHER]
    many = [group for group in groups if group["count"] > TOGETHER]
    told = {}
    for entry in entries(_made_with(revisions, few), compared=compared) if few else []:
        told.setdefault(_made(entry.revision), []).append(entry)
    counted = {}
    by_kind = _made_with(revisions, many).order_by().values(*_MADE, "label")
    for row in by_kind.annotate(number=Count("pk")) if many else []:
        noun = Revision(label=row["label"]).model._meta.verbose_name_plural
        counted.setdefault(tuple(row[name] for name in _MADE), []).append((row["number"], noun))
    one_of_each = Revision.objects.with_editor().defer("rows")
    one_of_each = one_of_each.in_bulk([group["latest"] for group in groups])
    found = []
    for group in groups:
        made = tuple(group[name] for name in _MADE)
        kinds = sorted(counted.get(made, ()), reverse=True)
        change = Change(one_of_each[group["latest"]], group["count"], told.get(made, []), kinds)
        if change.entries or change.kinds:
            found.append(change)
    return found


def latest_changes(number):
    """Return the latest public Changes, without what they changed."""
    public = public_revisions()
    moments = public.order_by("-made_at").values_list("made_at", flat=True).distinct()[:number]
    groups = grouped(public.filter(made_at__in=list(moments)))[:number]
    return changes(groups, public, compared=False)


def entries(revisions, *, compared=True, whole=False):
    """Return an Entry for each of the public `revisions` (a queryset) that may still be seen.

    With `compared` each says what differs from the public revision before it; for the first one,
    that is all of it, which is told only if `whole` is asked for.
    """
    earlier = Revision.objects.filter(
        label=OuterRef("label"), key=OuterRef("key"), number__lt=OuterRef("number")
    )
    earlier = earlier.filter(shown=Shown.WHOLE).order_by("-number").values("pk")[:1]
    revisions = list(revisions.with_editor().annotate(before_pk=Subquery(earlier)))
    records = Titles(((r.model, (r.key,)) for r in revisions), public=True)
    befores = Revision.objects.in_bulk({r.before_pk for r in revisions} if compared else ())
    found = []
    for revision in revisions:
        # Whoever changed the database by hand may have hidden a record without its history.
        record = records.record(revision.model, (revision.key,))
        if revision.shown == Shown.NOTICE:
            found.append(Entry(revision))
        elif record:
            linked = record if hasattr(record, "get_absolute_url") else None
            found.append(Entry(revision, linked, is_first=revision.before_pk is None))
    if compared:
        told = [e for e in found if not e.is_notice and (whole or not e.is_first)]
        pairs = [
            (
                [] if e.is_first else befores[e.revision.before_pk].canonical_rows,
                e.revision.canonical_rows,
            )
            for e in told
        ]
        for entry, difference in zip(told, compare(pairs, public=True), strict=True):
            entry.difference = difference
    return found


def _made_with(revisions, groups):
    """Return those of `revisions` that these changes made."""
    wanted = Q(pk__in=[])
    for group in groups:
        wanted |= Q(**{name: group[name] for name in _MADE})
    return revisions.filter(wanted)


def _made(revision):
    return tuple(getattr(revision, name) for name in _MADE)


def moment_of(text):
    """Return the aware datetime that a Change calls its `moment`; raise ValueError for another."""
    return datetime.strptime(text, MOMENT).replace(tzinfo=UTC)
