"""Keep what records derive in step with what it is derived from, in this one place.

Whenever a record, a part of one or a citation is saved or deleted, by a form, a command or a raw
fixture load, the record it belongs to, and the one it belonged to before, is derived afresh. Bulk
operations of a queryset send no signals: after one, call `refresh`.

Whoever keeps more than columns in step with the record listens to `derived`.
"""

from contextlib import contextmanager, suppress
from contextvars import ContextVar

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import Signal

from lunar.sources.models import Citation, Cited, Record, Source

# Sent when records and sources were derived afresh, or are gone, with `changed`: {model: numbers}.
derived = Signal()

BATCH = 500

_postponed = ContextVar("records whose derivation waits for the end of a load", default=None)
_gathered = ContextVar("what `derived` is to tell at the end of a load", default=None)


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
    instance._owners_before = _owners(stored) if stored else []


def _derive_owners(sender, instance, **kwargs):
    before = instance.__dict__.pop("_owners_before", [])
    with gathered():
        for owner in dict.fromkeys([*_owners(instance), *before]):
            _derive(owner)


def _owners(instance):
    """Return what is to be derived afresh for an object: itself, its record, the sources cited."""
    owners = [instance] if isinstance(instance, Source) else []
    with suppress(ObjectDoesNotExist):  # the record itself is being deleted
        if isinstance(instance, (Cited, Citation)):
            owners.append(instance.owner)
    if isinstance(instance, Citation):
        owners.append(instance.source)
    elif isinstance(instance, Cited) and not isinstance(instance, Record):
        # Moved to another record, a part is public or not along with what is cited for it.
        owners += [citation.source for citation in instance.citations.select_related("source")]
    return owners


def _derive(owner):
    waiting = _postponed.get()
    if waiting is None:
        refresh(owner)
    else:
        waiting[type(owner), owner.pk] = None


@contextmanager
def postponed():
    """Derive each record touched in the outermost such block once, at its end."""
    if _postponed.get() is not None:
        yield
        return
    waiting = {}
    token = _postponed.set(waiting)
    try:
        yield
    finally:
        _postponed.reset(token)
    with gathered():
        for model, pks in _by_model(waiting).items():
            announce(model, set(pks) - refresh_many(model, pks))


def _by_model(waiting):
    found = {}
    for model, pk in waiting:
        found.setdefault(model, []).append(pk)
    return found


@contextmanager
def gathered():
    """Tell `derived` once, at the end of the outermost such block, of all derived in it."""
    if _gathered.get() is not None:
        yield
        return
    changed = {}
    token = _gathered.set(changed)
    try:
        yield
    finally:
        _gathered.reset(token)
    if changed:
        derived.send(None, changed=changed)


def announce(model, pks):
    """Tell `derived` of records or sources that were written or removed past their signals."""
    changed = _gathered.get()
    if changed is None:
        derived.send(None, changed={model: set(pks)})
    else:
        changed.setdefault(model, set()).update(pks)


def refresh(record):
    """Write the derived columns of `record` and of the object itself; return what had differed.

    The answer maps each changed column to (stored, computed).
    """
    for current, differences in refreshed(type(record), [record.pk]):
        for name, value in current.derived().items():
            setattr(record, name, value)
        return differences
    return {}


def refresh_many(model, pks):
    """Write the derived columns of some records; return the numbers of those that are there."""
    return {record.pk for record, _ in refreshed(model, pks)}


def refreshed(model, pks=None):
    """Write the derived columns of records of `model`, or of all; yield (record, what differed).

    A row stays locked until the transaction ends: of two that change what one record derives from,
    the second computes after the first has ended, from what both have written. Sources on which
    more or less that is public rests than before, as a record came or went, are derived as well;
    whoever derives all of a model goes on with the others, and with all sources in the end.
    """
    for batch in _batches(model, pks):
        with transaction.atomic(savepoint=False):
            _lock(model, batch)
            found = [(record, _differences(record)) for record in model.to_derive(batch)]
            for record, differences in found:
                if differences:
                    new = {name: computed for name, (_, computed) in differences.items()}
                    model._base_manager.filter(pk=record.pk).update(**new)
            announce(model, {record.pk for record, _ in found})
            if pks is not None and model is not Source:
                refresh_many(Source, _miscounted(model, batch))
        yield from found


def _lock(model, pks):
    """Keep others from changing some rows till the end; they may refer to them (no_key)."""
    rows = model._base_manager.select_for_update(no_key=True).filter(pk__in=pks)
    list(rows.order_by("pk").values_list("pk"))


def _miscounted(model, pks):
    """Return the sources cited for some records whose number of public statements is wrong.

    Number and statements are read in one statement, so that what another writes meanwhile is in
    both or in neither.
    """
    cited = set()
    for table in Citation.concrete_models():
        for other, path in table.public_with():
            if other is model:
                rows = table._base_manager.filter(**{f"{path}__in": pks})
                cited.update(rows.order_by().values_list("source", flat=True).distinct())
    return [
        source.pk
        for batch in _batches(Source, sorted(cited))
        for source in Source.to_derive(batch)
        if source.cited_by != source.public_statements
    ]


def compared(model):
    """Yield every record of `model` with its wrong columns, as {name: (stored, computed)}."""
    for batch in _batches(model):
        for record in model.to_derive(batch):
            yield record, _differences(record)


def compare(record):
    """Return each derived column whose stored value is wrong, as {name: (stored, computed)}."""
    for current in type(record).to_derive([record.pk]):
        return _differences(current)
    return {}


def _batches(model, pks=None):
    if pks is None:
        pks = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(pks), BATCH):
        yield pks[start : start + BATCH]


def _differences(record):
    computed = record.derived()
    stored = {name: getattr(record, name) for name in computed}
    return {
        name: (stored[name], value) for name, value in computed.items() if stored[name] != value
    }


def derived_models():
    """Return every model with derived columns; sources last, as what rests on them is derived."""
    models = [model for model in apps.get_models() if hasattr(model, "derived")]
    return sorted(models, key=lambda model: model is Source)
