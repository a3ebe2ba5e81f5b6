"""Keep what records derive in step with what it is derived from, in this one place.

Whenever a record, a part of one or a citation is saved or deleted, by a form, a command or a raw
fixture load, the record it belongs to, and the one it belonged to before, is derived afresh. Bulk
operations of a queryset send no signals: after one, call `refresh`.
"""

from contextlib import contextmanager
from contextvars import ContextVar

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_save

from lunar.sources.models import Citation, Cited, Record, Source

_postponed = ContextVar("records whose derivation waits for the end of a load", default=None)


def connect():
    """Listen to every save and deletion; called once when the app is ready."""
    pre_save.connect(_remember_owner, dispatch_uid="remember-owner")
    for signal in (post_save, post_delete):
        signal.connect(_derive_owners, dispatch_uid="derive-owners")


def _remember_owner(sender, instance, **kwargs):
    """Note whom a citation or part belongs to so far, in case that saving it moves it."""
    if isinstance(instance, Record) or not isinstance(instance, (Cited, Citation)):
        return
    stored = instance.pk and type(instance)._base_manager.filter(pk=instance.pk).first()
    instance._owner_before = stored.owner if stored else None


def _derive_owners(sender, instance, **kwargs):
    if not isinstance(instance, (Cited, Citation, Source)):
        return
    try:
        owner = instance if isinstance(instance, Source) else instance.owner
    except ObjectDoesNotExist:  # the record itself is being deleted
        return
    _derive(owner)
    before = instance.__dict__.pop("_owner_before", None)
    if before not in (None, owner):
        _derive(before)


def _derive(owner):
    waiting = _postponed.get()
    if waiting is None:
        refresh(owner)
    else:
        waiting[type(owner), owner.pk] = None


@contextmanager
def postponed():
    """Derive each record touched in this block once, at its end, instead of at every save."""
    waiting = {}
    token = _postponed.set(waiting)
    try:
        yield
    finally:
        _postponed.reset(token)
    for model, pk in waiting:
        record = model._base_manager.filter(pk=pk).first()
        if record:
            refresh(record)


def refresh(record):
    """Write the derived columns of `record` and of the object itself; return what had differed.

    The answer maps each changed column to (stored, computed). The row stays locked until the
    transaction ends: of two that change what one record derives from, the second computes after
    the first has ended, from what both have written.
    """
    with transaction.atomic(savepoint=False):
        # Others may refer to the row meanwhile (no_key). The object itself may be older than that.
        rows = type(record)._base_manager.select_for_update(no_key=True)
        current = rows.filter(pk=record.pk).first()
        if not current:
            return {}
        computed = current.derived()
        differences = _differences(current, computed)
        if differences:
            new = {name: computed[name] for name in differences}
            type(record)._base_manager.filter(pk=record.pk).update(**new)
    for name, value in computed.items():
        setattr(record, name, value)
    return differences


def compare(record):
    """Return each derived column whose stored value is wrong, as {name: (stored, computed)}."""
    current = type(record)._base_manager.filter(pk=record.pk).first()
    return _differences(current, current.derived()) if current else {}


def _differences(current, computed):
    stored = {name: getattr(current, name) for name in computed}
    return {
        name: (stored[name], value) for name, value in computed.items() if stored[name] != value
    }


def derived_models():
    """Return every model with derived columns."""
    return [model for model in apps.get_models() if hasattr(model, "derived")]
