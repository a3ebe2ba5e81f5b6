"""The rows of a plan written to the database, or tried without a trace."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction

from lunar.canonical.shapes import shapes
from lunar.desk.admin.conflicts import refusal_message
from lunar.desk.exchange.tables import Problem
from lunar.sources.derivation import postponed


class _UndoError(Exception):
    """Ends a trial."""


def trial(plan):
    """Return what would be refused if `plan` were written, as Problems; write nothing."""
    try:
        with transaction.atomic(), postponed():
            problems = write(plan)
            raise _UndoError
    except _UndoError:
        return problems


def write(plan):
    """Save every row of `plan`; return what was refused, as Problems.

    Where there are any, the caller's transaction must be rolled back.
    """
    problems, waiting = [], plan.changes
    while waiting and not problems:
        ready = [change for change in waiting if not _unmade(change)]
        if not ready:
            return [_circle(change) for change in waiting]
        waiting = [change for change in waiting if _unmade(change)]
        problems = [problem for change in ready for problem in _save(change)]
    return problems or [problem for change in plan.changes for problem in _link(change)]


def _unmade(change):
    """Return the names of the relations to rows that are not in the database yet."""
    return [
        name
        for name, value in change.values.items()
        if isinstance(value, models.Model) and value.pk is None
    ]


def _circle(change):
    name = _unmade(change)[0]
    return Problem(
        change.line,
        name,
        "refers to a new row that refers back. Import both without it first, then again with it.",
    )


def _save(change):
    """Save one row without its links; return what was refused."""
    row, shape = change.row, shapes()[type(change.row)]
    for name, value in change.values.items():
        if not shape.fields[name].many_to_many:
            setattr(row, name, value)  # once more: its target has a primary key only now
    names = None if change.is_new else [field.name for field in shape.columns]
    try:
        if not change.is_new:
            _set_links(change)
        row.full_clean()
        with transaction.atomic():
            row.save(update_fields=names)
    except ValidationError as error:
        return _explain(change, error)
    except IntegrityError as error:
        return [Problem(change.line, "", refusal_message(error))]
    return []


def _link(change):
    """Link a saved row, now that every target exists; return what its model says against it."""
    try:
        if _set_links(change):
            change.row.clean()
    except ValidationError as error:
        return _explain(change, error)
    return []


def _set_links(change):
    """Write the many-to-many fields of a row as far as their targets exist; return whether any."""
    links = [field for field in shapes()[type(change.row)].links if field.name in change.values]
    for field in links:
        targets = [target for target in change.values[field.name] if target.pk]
        getattr(change.row, field.name).set(targets)
    return bool(links)


def _explain(change, error):
    return [
        Problem(change.line, "" if name == NON_FIELD_ERRORS else name, message)
        for name, messages in error.message_dict.items()
        for message in messages
    ]
