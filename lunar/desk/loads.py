"""What a load of the fixtures changes, kept as revisions like every other change."""

from collections import defaultdict

from django.utils import timezone

from lunar.canonical.loader import loaded
from lunar.canonical.plan import WRITING
from lunar.canonical.shapes import shapes
from lunar.desk.history import is_recorded, make_found, make_revision, show_sources
from lunar.desk.models import Revision

BATCH = 500  # keys of one query


def connect():
    """Listen to every load; called once when the app is ready."""
    loaded.connect(_keep, dispatch_uid="keep-load")


def _keep(sender, plan, reason, **kwargs):
    """Write a revision of every record that a load, done according to `plan`, has changed."""
    made_at = timezone.now()
    before, after = _by_record(plan, "stored"), _by_record(plan, "final")
    changed = defaultdict(dict)  # {model: {key: None}}, in the order of the load
    for step in plan.to(*WRITING):
        if is_recorded(step.row.shape.model):
            model, (key,) = _record_of(step.row, plan)
            changed[model][key] = None
    touched = []
    for model, keys in changed.items():
        revisions = []
        latest = _latest(model, list(keys))
        for key in keys:
            stood, stands = before[model, key], after[model, key]
            number, rows = latest.get(key, (0, []))
            if stood and Revision.entries(stood) != rows:  # somebody changed it without the desk
                number += 1
                revisions.append(make_found(model, key, number, stood, made_at))
            title = stood[0].title if stood else ""
            made = {"way": Revision.Way.LOAD, "reason": reason, "made_at": made_at}
            revisions.append(
                make_revision(model, key, number + 1, stands, title, editor=None, **made)
            )
            touched += [*stood, *stands]
        Revision.objects.keep(revisions)
    show_sources(touched)


def _by_record(plan, state):
    """Return {(model, key) of a record: its rows before or after}, sorted as by `rows_of`."""
    found = defaultdict(list)
    for step in plan.steps.values():
        row = getattr(step, state)
        if row and is_recorded(row.shape.model):
            model, (key,) = _record_of(row, plan)
            found[model, key].append(row)
    order = {model: position for position, model in enumerate(shapes())}
    for rows in found.values():
        rows.sort(key=lambda row: (order[row.shape.model], row.key))
    return found


def _record_of(row, plan):
    """Return the identity of the record to which a row of the plan belongs."""
    while row.owners:
        row = plan.steps[row.owners[0]].row
    return row.identity


def _latest(model, keys):
    """Return {key: (number, rows) of its latest revision} of those of `keys` that have any."""
    revisions = Revision.objects.filter(label=model._meta.label_lower).order_by("number")
    found = {}
    for start in range(0, len(keys), BATCH):
        chunk = revisions.filter(key__in=keys[start : start + BATCH])
        for key, number, rows in chunk.values_list("key", "number", "rows"):
            found[key] = number, rows
    return found
