"""An import between its preview and its confirmation: carried by the page, signed, for an hour.

Nothing of it is kept here, so nothing has to be cleared away, nobody else can read it, and a page
that was left open writes nothing later on.
"""

from dataclasses import dataclass

from django.core import signing
from django.db import transaction

from lunar.canonical.rows import path_to_record
from lunar.desk.exchange.lookup import rows_by_key
from lunar.desk.exchange.plan import Plan, make_plan
from lunar.desk.exchange.tables import FileError, Table
from lunar.desk.exchange.writing import trial, write
from lunar.desk.history import Way, recording
from lunar.desk.seen import latest_numbers
from lunar.sources.derivation import postponed

SALT = "lunar.desk.exchange"
MAX_AGE = 60 * 60  # seconds
MAX_SIZE = 3 * 1024 * 1024  # characters in the page; a request may have 5 MB


class ChangedMeanwhileError(Exception):
    """The record is not as the preview showed it."""


class RefusedError(Exception):
    """What the preview found sound cannot be written any more."""


@dataclass
class Carried:
    """A table with what was shown of it: the digest of the plan, the revisions it was made at."""

    table: Table
    digest: str
    seen: dict[str, int]


def preview(user, model, table):
    """Return the Plan of an import, tried as a whole and taken back, and the text to carry.

    The text is "" where there is nothing to confirm. Raises FileError.
    """
    with transaction.atomic():  # one state of the record
        plan = make_plan(user, model, table)
        if not plan.problems:
            seen = {r.natural_key()[0]: number for r, number in latest_numbers(plan.owners).items()}
            digest = plan.digest
            plan.problems = sorted(trial(plan))
    if plan.problems or not plan.changes:
        return plan, ""
    content = [user.pk, model._meta.label, table.header, table.lines, table.notices, digest, seen]
    text = signing.dumps(content, salt=SALT, compress=True)
    if len(text) > MAX_SIZE:
        raise FileError("There is too much text in this file for one import. Split it.")
    return plan, text


def read_carried(user, model, text):
    """Return the Carried of a preview that this user was shown; raise FileError if it is none."""
    try:
        content = signing.loads(text, salt=SALT, max_age=MAX_AGE)
    except signing.BadSignature as error:
        raise FileError("The preview is too old or broken. Upload the file again.") from error
    pk, label, header, lines, notices, digest, seen = content
    if (pk, label) != (user.pk, model._meta.label):
        raise FileError("The preview was not made for you here. Upload the file again.")
    lines = [(number, texts) for number, texts in lines]
    return Carried(Table(header, lines, notices=notices), digest, seen)


def confirm(user, model, carried, reason):
    """Write what the preview has shown, with a revision of each record; return the Plan.

    Raises ChangedMeanwhileError, StaleRecordError or RefusedError with nothing written.
    """
    _, owner = path_to_record(model)
    with recording(user, reason, Way.IMPORT) as change, postponed():
        owners = rows_by_key(owner, {(key,) for key in carried.seen})
        if len(owners) < len(carried.seen):
            raise ChangedMeanwhileError
        for (key,), record in owners.items():
            change.expect(record, carried.seen[key])
            change.open(record)
        # Read after the records are open: whatever another writer changes from now on is noticed
        # when the revisions are written, and what was changed before differs from the preview.
        plan: Plan = make_plan(user, model, carried.table)
        if plan.problems or plan.digest != carried.digest:
            raise ChangedMeanwhileError
        if write(plan):
            raise RefusedError
    return plan
