"""The index kept in step with the record, by `lunar.sources.derivation`, which sees every change.

What a change touches is looked at afresh: the record itself, and the records found through its
names. An entry is written only if something in it differs.
"""

import hashlib
from itertools import chain

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Q

from lunar.search import spelling
from lunar.search.documents import kind_of, kinds
from lunar.search.fields import IndexedWords
from lunar.search.models import Entry
from lunar.search.numbers import number_of
from lunar.search.words import spellings, squeezed, vocabulary, words

FORMAT = "1"  # another one makes every entry differ from what is stored
BATCH = 500
MOST_FOLLOWED = 1_000  # records changed at once; of more, everything is looked at afresh
SHOWN = (
    "id",
    "key",
    "name",
    "language",
    "native_name",
    "native_language",
    "other_names",
    "texts",
)


def follow(sender, changed, **kwargs):
    """Bring the index to what the record says after a change: {model: numbers of records}."""
    touched = {(model, pk) for model, pks in changed.items() if kind_of(model) for pk in pks}
    if len(touched) > MOST_FOLLOWED:
        rebuild()
        return
    with transaction.atomic():
        renamed = _update(touched)
        if renamed:
            _update(_found_through(renamed) - touched)


def catch_up(using=DEFAULT_DB_ALIAS, plan=None, **kwargs):
    """Bring the whole index to what the record says, once a migration has made it as it is now."""
    if plan != [] and using == DEFAULT_DB_ALIAS and _is_migrated():
        rebuild()


def _is_migrated():
    """Whether no migration is left to do, so that every column that is read is there."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def rebuild():
    """Look at every record afresh; entries of records that are gone go, too."""
    with transaction.atomic():
        for kind in kinds().values():
            there = kind.model._base_manager.values_list("pk", flat=True)
            indexed = Entry.objects.filter(kind=kind.name).values_list("record_id", flat=True)
            _update({(kind.model, pk) for pk in chain(there, indexed)})


def make_entry(kind, record_id, key, document):
    """Return the Entry, not saved, of the public record with this number and key."""
    told = list(dict.fromkeys([*document.other_names, *document.sayings]))
    entry = Entry(
        id=number_of(kind, document.name, record_id),
        kind=kind.name,
        record_id=record_id,
        key=key,
        name=document.name,
        language=document.language,
        native_name=document.native_name,
        native_language=document.native_language,
        other_names="\n".join(_one_line(name) for name in told),
        texts="\n".join(_one_line(text) for text in document.texts),
        squeezed_name=squeezed(document.name),
        squeezed_native_name=squeezed(document.native_name),
        words=IndexedWords(
            whole=_squeezed([document.name, document.native_name]),
            others=_squeezed(document.other_names),
            names=tuple(
                word
                for name in names_told(document)
                for form in spellings(name)
                for word in words(form)
            ),
            texts=tuple(word for text in document.texts for word in words(text)),
        ),
    )
    shown = (str(getattr(entry, name)) for name in SHOWN)
    made_from = [FORMAT, *shown, *vars(entry.words).values()]
    entry.fingerprint = hashlib.sha256(repr(made_from).encode()).hexdigest()
    return entry


def _squeezed(names):
    return tuple(filter(None, dict.fromkeys(map(squeezed, names))))


def names_told(document):
    """Return every name of a document, and what is told of them."""
    names = [document.name, document.native_name, *document.other_names, *document.sayings]
    return [name for name in dict.fromkeys(names) if name]


def _one_line(text):
    return " ".join(text.split())


def _update(records):
    """Write the entries of some records; return those whose names came, went or changed."""
    renamed = set()
    for kind in kinds().values():
        numbers = sorted({pk for model, pk in records if model is kind.model})
        for start in range(0, len(numbers), BATCH):
            before, after = _update_batch(kind, numbers[start : start + BATCH])
            renamed |= {(kind.model, pk) for pk, _ in before.items() ^ after.items()}
    return renamed


def _update_batch(kind, record_ids):
    """Write the entries of some records of a kind; return their names, before and after."""
    entries = Entry.objects.filter(kind=kind.name, record_id__in=record_ids)
    before = {entry.record_id: entry for entry in entries.defer("words", "texts")}
    after = {
        pk: make_entry(kind, pk, key, document)
        for pk, (key, document) in kind.documents(record_ids).items()
    }
    same = {pk for pk in before if pk in after and before[pk].fingerprint == after[pk].fingerprint}
    gone = [entry for pk, entry in before.items() if pk not in same]
    come = [entry for pk, entry in after.items() if pk not in same]
    if gone:
        Entry.objects.filter(pk__in=[entry.pk for entry in gone]).delete()
    if come:
        Entry.objects.bulk_create(come)
    words_come = set(chain.from_iterable(map(name_words, come)))
    words_gone = set(chain.from_iterable(map(name_words, gone)))
    spelling.learn(words_come - words_gone)
    spelling.forget_unused(words_gone - words_come)
    return _names(before), _names(after)


def name_words(entry):
    """Return the words of all names of an entry."""
    return vocabulary(f"{entry.name}\n{entry.native_name}\n{entry.other_names}")


def _names(entries):
    return {pk: (entry.name, entry.native_name) for pk, entry in entries.items()}


def _found_through(records):
    """Return the records that are found by the names of some others."""
    found = set()
    for kind in kinds().values():
        leads_here = Q()
        for path in getattr(kind.model, "FOUND_THROUGH", ()):
            numbers = [pk for model, pk in records if model is _at_the_end(kind.model, path)]
            if numbers:
                leads_here |= Q(**{f"{path}__in": numbers})
        if leads_here:
            rows = kind.model._base_manager.filter(leads_here).order_by()
            found |= {(kind.model, pk) for pk in rows.values_list("pk", flat=True)}
    return found


def _at_the_end(model, path):
    for name in path.split("__"):
        model = model._meta.get_field(name).related_model
    return model
