"""A record as the desk tells its history, and back to one of its revisions."""

import re
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from lunar.canonical.rows import make_row, rows_of
from lunar.canonical.writer import replace
from lunar.desk.differences import Difference, compare, differing
from lunar.desk.history import Way, recording
from lunar.desk.models import Revision
from lunar.desk.titles import key_field

TOLD_IN_FULL = 50  # revisions of one page; the older ones can be compared


@dataclass
class Told:
    """A revision with what it changed; `difference` is None where it is too old to be told.

    `can_return` says that there was a record then, to which one could go back.
    """

    revision: Revision
    difference: Difference | None = None
    can_return: bool = True


def told_of_record(revisions):
    """Return a Told for each of the `revisions` of one record, the latest first."""
    recent = list(revisions[: TOLD_IN_FULL + 1])
    pairs = list(zip([*recent[1:], None], recent, strict=False))  # none at all without a revision
    told = _compared(pairs[:TOLD_IN_FULL])
    gone = set(revisions.filter(rows=[]).values_list("pk", flat=True))
    older = revisions.defer("rows")[TOLD_IN_FULL:]
    return [*told, *(Told(revision, can_return=revision.pk not in gone) for revision in older)]


def told_of_part(revisions, part):
    """Return a Told for each revision that changed this part or citation, the latest first."""
    identities = {(type(part), part.natural_key())}

    def concerns(row):
        return row is not None and (row.identity in identities or identities & {*row.owners})

    pairs, newer = [], None
    for older in [*revisions, None]:
        if newer:
            rows = older.canonical_rows if older else []
            changed = list(differing(rows, newer.canonical_rows))
            # A citation that states another value than before had another key before.
            identities |= {
                before.identity
                for before, after in changed
                if before and after and after.identity in identities
            }
            if any(concerns(row) for pair in changed for row in pair):
                pairs.append((older, newer))
        newer = older
    told = _compared(pairs)
    for one in told:
        rows = [r for r in one.difference.rows if concerns(r.before) or concerns(r.after)]
        one.difference = Difference(rows)
    return told


def _compared(pairs):
    """Return a Told for each pair of revisions (the one before or None, the one told of)."""
    rows = [(older.canonical_rows if older else [], newer.canonical_rows) for older, newer in pairs]
    differences = compare(rows)
    return [
        Told(newer, found, can_return=bool(newer.rows))
        for (_, newer), found in zip(pairs, differences, strict=True)
    ]


def latest_of_each():
    """Return the latest Revision of every record that there is or was."""
    later = Revision.objects.filter(
        label=OuterRef("label"), key=OuterRef("key"), number__gt=OuterRef("number")
    )
    return Revision.objects.exclude(Exists(later))


def deleted_records(model):
    """Return the latest Revision of every record of `model` that is deleted."""
    return latest_of_each().filter(label=model._meta.label_lower, rows=[])


def wanted_rows(target, present):
    """Return the rows that a revert to the revision `target` writes.

    The record keeps the state that its `present` rows say, so a revert publishes nothing; one
    that is deleted (no rows) comes back as a draft.
    """
    record, *others = target.canonical_rows
    defaults = record.shape.defaults
    if "state" in defaults:
        state = present[0].fields.get("state") if present else None
        values = defaults | record.fields | {"state": state or defaults["state"]}
        record = make_row(record.shape, values)
    return [record, *others]


def revert(target, user, reason, seen):
    """Bring a record back to the revision `target`; return it as it is then.

    Raises StaleRecordError if it has another latest revision than number `seen`, RecordError or
    IntegrityError if it cannot be as it was: what it referred to is gone, say. Nothing is changed
    then.
    """
    with recording(user, reason, Way.REVERT) as change:
        found = target.model._default_manager.filter(**{key_field(target.model): target.key})
        record = found.first()
        present = rows_of(record) if record else []
        wanted = wanted_rows(target, present)
        if record:
            change.expect(record, seen)
            change.open(record)
        else:
            gone = wanted[0].as_object
            change.open_new(gone)
            change.expect(gone, seen)
        return replace(present, wanted)


def in_words(error):
    """Return what a RecordError objects to, without the names of fixture files."""
    return [re.sub(r"^[a-z_]+\.json: ", "", problem) for problem in error.problems]
