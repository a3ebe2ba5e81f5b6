"""What the database says that no revision does: changed in a shell, or by a plain `loaddata`."""

from collections import defaultdict
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from lunar.canonical.rows import stored_rows
from lunar.desk.history import Way, is_recorded, make_revision, show_sources
from lunar.desk.models import Revision
from lunar.desk.reverting import latest_of_each
from lunar.desk.titles import record_models


class Unrecorded(NamedTuple):
    """A record that is not as its latest revision says; `number` and `kept` are that one's."""

    model: type
    key: str
    number: int
    kept: list  # its rows then, [] if it was not there or has no history
    rows: list  # its rows now, [] if it is deleted

    def __str__(self):
        what = "deleted" if not self.rows else "changed" if self.kept else "added"
        return f"{what:<8} {self.model._meta.label_lower}:{self.key}"


def unrecorded():
    """Return every record that differs from its latest revision, in load order."""
    present, latest = _present_rows(), _latest_revisions()
    found = []
    for model in record_models().values():
        now, kept = present[model], latest[model]
        for key in sorted(now.keys() | kept.keys()):
            number, rows = kept.get(key, (0, []))
            if Revision.entries(rows) != Revision.entries(now.get(key, [])):
                found.append(Unrecorded(model, key, number, rows, now.get(key, [])))
    return found


@transaction.atomic
def adopt(reason):
    """Record whatever `unrecorded` finds as one change with this reason; return it."""
    found = unrecorded()
    made = {"editor": None, "way": Way.COMMAND, "reason": reason, "made_at": timezone.now()}
    revisions = [
        make_revision(one.model, one.key, one.number + 1, one.rows, _title(one), **made)
        for one in found
    ]
    Revision.objects.keep(revisions)
    show_sources([row for one in found for row in (*one.kept, *one.rows)])
    return found


def _title(one):
    return one.kept[0].title if one.kept else ""


def _present_rows():
    """Return {model: {key of a record: all its rows, its own first}}."""
    stored = stored_rows()
    by_identity = {
        row.identity: row
        for model, rows in stored.items()
        if is_recorded(model)
        for row in rows.values()
    }
    found = defaultdict(lambda: defaultdict(list))
    for row in by_identity.values():
        record = row
        while record.owners:
            record = by_identity[record.owners[0]]
        model, (key,) = record.identity
        found[model][key].append(row)
    return found


def _latest_revisions():
    """Return {model: {key of a record: (number, rows) of its latest revision}}."""
    models = {model._meta.label_lower: model for model in record_models().values()}
    found = defaultdict(dict)
    for revision in latest_of_each().order_by("pk").iterator(chunk_size=200):
        if revision.label in models:
            found[models[revision.label]][revision.key] = revision.number, revision.canonical_rows
    return found
