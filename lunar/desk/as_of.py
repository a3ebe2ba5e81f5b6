"""A record as it stood on a day, put together in memory from the revision that was then the latest.

What comes out is an object of the record's model that page classes and templates take for one
loaded with all its parts and citations. Its own row, their rows and the links to other records are
those of the revision; the other records themselves are as they are now.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import F, Value
from django.db.models.sql import Query
from django.db.models.sql.constants import SINGLE

from lunar.canonical.rows import path_to_record
from lunar.canonical.shapes import shapes
from lunar.desk.models import Revision
from lunar.desk.titles import is_record, key_field
from lunar.sources.models import Record, Source


class NotPublicThenError(Exception):
    """A record was not public at the end of a day, or nothing is kept of how it stood then.

    `earliest` is the first day (UTC) of which something is kept, None if there is none;
    `withdrawal` is the revision that had withdrawn the record by then, if one had.
    """

    def __init__(self, earliest, withdrawal):
        super().__init__("There is nothing to show of that day.")
        self.earliest, self.withdrawal = earliest, withdrawal


@dataclass
class Past:
    """A record as it stood at the end of `day`, from its then latest revision.

    `lacks_evidence` says that a source cited then is not public any more, because nothing public
    rests on it now; its citations are left out.
    """

    day: date
    revision: Revision
    record: models.Model
    lacks_evidence: bool


def as_of(present, day):
    """Return the Past of the public record `present` at the end of `day` (UTC).

    Raises NotPublicThenError.
    """
    revisions = Revision.objects.of(present)
    end = datetime.combine(day + timedelta(days=1), time(), UTC)
    latest = revisions.filter(made_at__lt=end).first()
    if latest is None or latest.shown != Revision.Shown.WHOLE:
        shown = revisions.filter(shown=Revision.Shown.WHOLE)
        first = shown.values_list("made_at", flat=True).last()
        raise NotPublicThenError(
            earliest=first and first.astimezone(UTC).date(),
            withdrawal=latest if latest and latest.shown == Revision.Shown.NOTICE else None,
        )
    rebuilt = _Rebuilt(present, latest.canonical_rows)
    return Past(day, latest, rebuilt.record, rebuilt.lacks_evidence)


class _Rebuilt:
    """The objects for all canonical `rows` of one record, tied to each other.

    The record has the key of `present`, which is the same one as it is now. Its parts and
    citations, of which some may be gone, have negative keys: no row of the database has these.
    """

    def __init__(self, present, rows):
        self.present = present
        self.others = _others(rows)
        self.made = {}
        self.lacks_evidence = False
        for place, row in enumerate(rows):
            one = self._make(row, key=place - len(rows))
            if one is not None:
                self.made[row.identity] = one
        self.record = self.made[rows[0].identity]
        self._tell_children()
        if isinstance(self.record, Record):
            self._derive(rows[0].shape)

    def _make(self, row, key):
        """Return the object of one row, or None if what it cannot be without is not public now."""
        one = row.as_object
        one.pk = key
        one._state.adding, one._state.db = False, self.present._state.db
        one._prefetched_objects_cache = {}
        if not self.made:
            _copy(self.present, one, row.shape)
        for field in row.shape.columns:
            if field.is_relation:
                target = self._target(field, row)
                if target is None and not field.null:
                    self.lacks_evidence |= field.related_model is Source
                    return None
                setattr(one, field.name, target)
        for field in row.shape.links:
            _keep(one, field.name, field.related_model, self._linked(field, row))
        if self.made:
            _compute(one)
        return one

    def _target(self, field, row):
        """Return what a row refers to; None for nothing, and for what the row must not name.

        What may be blank may also be a draft: pages look whether it is public.
        """
        identity = field.related_model, tuple(row.fields.get(field.name) or ())
        target = self.made.get(identity) or self.others.get(identity)
        is_named = field.null or getattr(target, "is_public", True)
        return target if is_named else None

    def _linked(self, field, row):
        """Return what a row is linked to, in the usual order."""
        keys = {tuple(key) for key in row.fields.get(field.name, ())}
        return [
            other
            for (model, key), other in self.others.items()
            if model is field.related_model and key in keys
        ]

    def _tell_children(self):
        """Tell every object which parts and citations it has, or that it has none."""
        for model in shapes():
            if path_to_record(model)[1] is not type(self.record) or model is type(self.record):
                continue
            field = _owner_field(model)
            children = defaultdict(list)
            for one in self.made.values():
                if type(one) is model:
                    children[getattr(one, field.name).pk].append(one)
            for owner in self.made.values():
                if type(owner) is field.related_model:
                    own = sorted(children[owner.pk], key=_place)
                    if field.one_to_one:
                        field.remote_field.set_cached_value(owner, own[0] if own else None)
                    else:
                        _keep(owner, field.remote_field.get_accessor_name(), model, own)

    def _derive(self, shape):
        """Derive from the parts of then what is derived from parts."""
        for name, value in self.record.derived_from_parts().items():
            setattr(self.record, name, value)
        known = {(type(one), one.pk): one for one in self.others.values()}
        for field in self.record._meta.local_concrete_fields:
            if field.is_relation and field not in shape.columns:
                key = getattr(self.record, field.attname)
                setattr(self.record, field.name, known.get((field.related_model, key)))


def _others(rows):
    """Return the present rows that `rows` refer to, in the usual order of their models.

    {identity: object}, with a query for each model; sources only if they are public.
    """
    wanted = defaultdict(set)
    for row in rows:
        for model, (key, *_) in row.references:
            if is_record(model):  # parts are among the rows themselves
                wanted[model].add(key)
    found = {}
    for model, keys in wanted.items():
        present = Source.objects.public() if model is Source else model._default_manager
        named = present.filter(**{f"{key_field(model)}__in": keys})
        found |= {(model, one.natural_key()): one for one in named}
    return found


def _owner_field(model):
    """Return the field of a part or citation that names what it is a part or citation of."""
    return next(
        field
        for field in shapes()[model].columns
        if field.is_relation and field.remote_field.on_delete is models.CASCADE
    )


def _copy(present, record, shape):
    """Give `record` what no revision holds of it: its key, and what is computed or derived."""
    for field in present._meta.local_concrete_fields:
        if field not in shape.columns:
            setattr(record, field.attname, getattr(present, field.attname))


def _keep(one, name, model, objects):
    """Let `objects` be what the manager `name` of `one` has loaded."""
    loaded = model._default_manager.filter(pk__in=[other.pk for other in objects])
    loaded._result_cache, loaded._prefetch_done = objects, True
    one._prefetched_objects_cache[name] = loaded


def _compute(part):
    """Set the columns that the database computes from others, as the database would."""
    for field in part._meta.local_concrete_fields:
        if field.generated:
            query = Query(None)
            for other in part._meta.local_concrete_fields:
                if not (other.generated or other.is_relation or other.primary_key):
                    value = Value(getattr(part, other.attname), output_field=other)
                    query.add_annotation(value, other.name, select=False)
            query.add_annotation(field.expression, "computed")
            row = query.get_compiler(using=DEFAULT_DB_ALIAS).execute_sql(SINGLE)
            setattr(part, field.attname, field.to_python(row[0]))


def _place(one):
    """Return where an object comes among its siblings: the `ordering` of its model, all rising."""
    return [_sort_key(one, term) for term in one._meta.ordering]


def _sort_key(one, term):
    """Return the key of one term of an ordering: a lookup, or the first known of several columns.

    What none of the columns of an expression tells comes last.
    """
    if isinstance(term, str):
        value = one
        for name in term.split("__"):
            value = getattr(value, name)
        return value.pk if isinstance(value, models.Model) else value
    columns = [getattr(one, part.name) for part in term.flatten() if isinstance(part, F)]
    known = [value for value in columns if value is not None]
    return (not known, known[:1])
