"""Loads as the commands show them: what is to come, how far it is, what went wrong."""

from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import OperationalError

from lunar.canonical import loader
from lunar.canonical.plan import Action
from lunar.canonical.reader import RecordError
from lunar.management.progress import Progress

MOST_PROBLEMS = 50
DECIDE = (
    "The editors' versions stay. To take the fixture's version of a row, run "
    "`manage.py load_record --theirs NAME`; to make theirs the fixtures, `manage.py dump_record`."
)


def default_directory():
    """Return the directory of the canonical fixtures."""
    return Path(settings.FIXTURE_DIRS[0])


@contextmanager
def refusing():
    """Turn what stops a load into a CommandError that names every problem."""
    try:
        yield
    except RecordError as error:
        raise CommandError(refusal(error)) from error
    except OperationalError as error:
        raise CommandError(f"Nothing was loaded; the database says: {error}.") from error


def load_and_tell(stdout, directory, *, verbosity=1, **options):
    """Load with a summary first, progress, and the conflicts at the end; return the Plan."""
    progress = Progress(stdout)
    try:
        with refusing():
            plan = loader.load(
                directory,
                announce=lambda plan: tell(stdout, plan, verbosity),
                progress=progress,
                **options,
            )
    finally:
        progress.close()
    tell_conflicts(stdout, plan)
    return plan


def tell(stdout, plan, verbosity=1):
    """Write what a load will do."""
    stdout.write(f"{plan.summary}.")
    listed = [Action.CHANGE, Action.DELETE]
    if verbosity > 1:
        listed = [Action.CREATE, *listed, Action.KEEP]
    for step in plan.to(*listed):
        stdout.write(f"{step.action:<9} {step}")
    stdout.flush()


def tell_conflicts(stdout, plan):
    """Write where editors and fixtures disagree, and what can be done about it."""
    conflicts = plan.to(Action.CONFLICT)
    for step in conflicts:
        stdout.write(f"conflict  {step}")
    if conflicts:
        stdout.write(DECIDE)


def refusal(error):
    """Return the message for a load that was refused."""
    shown = error.problems[:MOST_PROBLEMS]
    more = len(error.problems) - len(shown)
    return "\n".join(
        ["Nothing was loaded; the database is as it was."]
        + [f"  {problem}" for problem in shown]
        + ([f"  … and {more} more problems"] if more else [])
    )
