"""Since when records are as they are, and which are gone: for those who keep a copy in step."""

from django.db.models import Exists, Max, OuterRef, Q, Subquery

from lunar.data.records import public_rows
from lunar.desk.log import MOMENT
from lunar.desk.models import FormerAddress, Revision
from lunar.desk.titles import key_field
from lunar.sources.models import Record

Shown = Revision.Shown


def with_revisions(model, documents):
    """Return documents with `revision` and `changed`: those of the latest public revision."""
    latest = {
        key: (number, changed.strftime(MOMENT))
        for key, number, changed in _revisions(model)
        .filter(key__in=[document["id"] for document in documents])
        .values_list("key")
        .annotate(Max("number"), Max("made_at"))
    }
    return [
        document
        | dict(zip(("revision", "changed"), latest.get(document["id"], (None, None)), strict=True))
        for document in documents
    ]


def changed_since(model, since):
    """Return the condition under which a record has a public revision at or after `since`."""
    changed = _revisions(model).filter(made_at__gte=since).values("key")
    return Q(**{f"{key_field(model)}__in": changed})


def _revisions(model):
    return Revision.objects.public().filter(label=model._meta.label_lower).order_by()


class Gone:
    """The records of one kind that left the public: withdrawn ones, then merged ones.

    Of a record that was never public nothing is told. With `since` only those that left at or
    after that time, the latest first.
    """

    def __init__(self, model, since=None, absolute=str):
        self.model, self._absolute = model, absolute
        self._public = public_rows(model)
        self._withdrawn, self._merged = self._find_withdrawn(), self._find_merged()
        if since:
            self._withdrawn = self._withdrawn.filter(made_at__gte=since)
            self._merged = self._merged.filter(when__gte=since)

    def _find_withdrawn(self):
        """Return the last public revision of each record that is withdrawn."""
        label = self.model._meta.label_lower
        later = _revisions(self.model).filter(key=OuterRef("key"), number__gt=OuterRef("number"))
        former = FormerAddress.objects.filter(label=label).values("key")
        return (
            Revision.objects.filter(~Exists(later), label=label, shown=Shown.NOTICE)
            .exclude(key__in=self._public.values(key_field(self.model)))
            .exclude(key__in=former)
            .order_by("-made_at", "key")
        )

    def _find_merged(self):
        """Return the former addresses that lead on, with `when` and `reason` of the merger."""
        label = self.model._meta.label_lower
        revisions = Revision.objects.filter(label=label, key=OuterRef("key")).order_by("-number")
        found = FormerAddress.objects.filter(
            label=label, target__in=self._public.values(key_field(self.model))
        )
        if issubclass(self.model, Record):  # a draft may have been merged, too
            found = found.filter(Exists(revisions.filter(shown__in=[Shown.WHOLE, Shown.HIDDEN])))
        return found.annotate(
            when=Subquery(revisions.values("made_at")[:1]),
            reason=Subquery(revisions.values("reason")[:1]),
        ).order_by("-when", "key")

    def count(self):
        return self._withdrawn.count() + self._merged.count()

    def page(self, start, stop):
        """Return the places `start` to `stop` of them as plain data."""
        withdrawn = list(self._withdrawn.defer("rows")[start:stop])
        number = self._withdrawn.count()
        merged = list(self._merged[max(start - number, 0) : max(stop - number, 0)])
        return [*map(self._tell_withdrawn, withdrawn), *self._tell_merged(merged)]

    def withdrawn(self, key):
        """Return what is told of a withdrawn record, or None."""
        revision = self._withdrawn.filter(key=key).defer("rows").first()
        return revision and self._tell_withdrawn(revision)

    def moved_to(self, key):
        """Return the key of the record into which the one with this key was merged, or None."""
        former = FormerAddress.objects.filter(
            label=self.model._meta.label_lower,
            key=key,
            target__in=self._public.values(key_field(self.model)),
        )
        return former.values_list("target", flat=True).first()

    def _tell_withdrawn(self, revision):
        return {
            "type": self.model._meta.model_name,
            "id": revision.key,
            "withdrawn": True,
            "when": revision.made_at.strftime(MOMENT),
            "reason": revision.reason,
        }

    def _tell_merged(self, merged):
        keys = [one.target for one in merged]
        targets = self._public.in_bulk(keys, field_name=key_field(self.model))
        return [
            {
                "type": self.model._meta.model_name,
                "id": one.key,
                "moved_to": self._reference(targets[one.target]),
                "when": one.when.strftime(MOMENT),
                "reason": one.reason,
            }
            for one in merged
            if one.target in targets
        ]

    def _reference(self, record):
        return {
            "id": record.natural_key()[0],
            "name": str(record),
            "page": self._absolute(record.get_absolute_url()),
        }
