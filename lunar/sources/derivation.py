"""Keep what records derive in step with what it is derived from, in this one place.

Whenever a record, a part of one or a citation is saved or deleted, by a form, a command or a raw
fixture load, the record it belongs to, and the one it belonged to before, is derived afresh. Bulk
operations of a queryset send no signals: after one, call `refresh`.
"""

from contextlib import contextmanager
from contextvars import ContextVar

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
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

    The answer maps each changed column to (stored, computed).
    """
    differences = compare(record)
    if differences:
        computed = {name: new for name, (_, new) in differences.items()}
        type(record)._base_manager.filter(pk=record.pk).update(**computed)
        for name, value in computed.items():
            setattr(record, name, value)
    return differences


def compare(record):
    """Return each derived column whose stored value is wrong, as {name: (stored, computed)}."""
    computed = record.derived()
    stored = type(record)._base_manager.filter(pk=record.pk).values(*computed).first() or {}
    return (
        {
            name: (stored[name], value)
            for name, value in computed.items()
            if stored.get(name) != value
        }
        if stored
        else {}
    )


def derived_models():
    """Return every model with derived columns."""
    return [model for model in apps.get_models() if hasattr(model, "derived")]
