"""Fixtures into the database: everything or nothing, and never over an editor's change."""

from django.db import IntegrityError, transaction
from django.dispatch import Signal

from lunar.canonical.isolation import hold_off_writers, one_state
from lunar.canonical.plan import make_plan
from lunar.canonical.reader import RecordError, read_fixtures
from lunar.canonical.writer import remember, write

# Sent at the end of a load that changed something, inside its transaction, with its Plan as `plan`
# and what it was for as `reason`.
loaded = Signal()
REASON = "Loaded from the fixtures."


def silent(*args):
    """Report to nobody."""


def load(directory, *, theirs=(), dry_run=False, announce=silent, progress=silent, reason=REASON):
    """Bring the database to what the fixtures in `directory` say; return the Plan that was done.

    Raises RecordError, with the database as it was, for any problem. `announce` is called with
    the Plan before the first write, `progress` with what is being written, how many of it are
    done, and of how many. A dry run does everything and takes it back.
    """
    fixtures = read_fixtures(directory)
    try:
        with transaction.atomic():
            hold_off_writers()
            plan = make_plan(fixtures, theirs)
            announce(plan)
            if plan.writes:
                write(plan, progress)
                loaded.send(sender=load, plan=plan, reason=reason)
            remember(plan)
            if dry_run:
                transaction.set_rollback(True)
    except IntegrityError as error:
        raise RecordError([f"The database refuses the record as a whole: {error}."]) from error
    return plan


def compare(directory):
    """Return the Plan of what a load would do, without trying it."""
    fixtures = read_fixtures(directory)
    with one_state():
        return make_plan(fixtures)
