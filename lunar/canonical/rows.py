"""Rows in their canonical form: plain JSON values, natural keys, nothing that is a default.

A row of a fixture and the same row of the database have the same canonical form, and so the same
fingerprint. Reading the database takes a few queries for each table, however many rows it has.
"""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, cached_property

from django.db import models

from lunar.canonical.shapes import Shape, canonical, shapes

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


@dataclass(eq=False, repr=False)
class Row:
    """One row; `fields` lack what equals its default, `pk` is None until it is in the database."""

    shape: Shape
    key: tuple
    fields: dict
    pk: int | None = None

    def __str__(self):
        return f"{self.shape.label}:{'/'.join(map(str, self.key))}"

    @property
    def identity(self):
        """What tells this row from every other of the record: its model and natural key."""
        return self.shape.model, self.key

    @cached_property
    def fingerprint(self):
        return hashlib.sha256(_encode(self.fields).encode()).hexdigest()

    @cached_property
    def key_text(self):
        """The natural key as JSON."""
        return _encode(self.key)

    @cached_property
    def references(self):
        """The identities of all rows to which this one refers."""
        found = [
            (field.related_model, tuple(self.fields[field.name]))
            for field in self.shape.columns
            if field.is_relation and field.name in self.fields
        ]
        for field in self.shape.links:
            found += [(field.related_model, tuple(key)) for key in self.fields.get(field.name, ())]
        return found

    @property
    def owners(self):
        """The identities of the rows without which this one cannot be: its mission, its subject."""
        return [
            (field.related_model, tuple(self.fields[field.name]))
            for field in self.shape.columns
            if field.is_relation and field.remote_field.on_delete is models.CASCADE
        ]

    @property
    def title(self):
        """What the row is called, as far as its own columns tell."""
        return str(self.as_object)

    @cached_property
    def as_object(self):
        """The row as an object of its model, unsaved and without what it refers to."""
        one = self.shape.model()
        for field in self.shape.columns:
            if not field.is_relation:
                value = self.fields.get(field.name, self.shape.defaults[field.name])
                setattr(one, field.name, field.to_python(value))
        return one

    def differing_fields(self, other):
        """Return the names of the fields in which this row and `other` are not the same."""
        return [
            name for name in self.shape.fields if self.fields.get(name) != other.fields.get(name)
        ]


def make_row(shape, values, pk=None):
    """Return the Row for the canonical `values` of all fields, given by name."""
    fields = {
        name: values[name] for name, default in shape.defaults.items() if values[name] != default
    }
    return Row(shape, natural_key(shape, values), fields, pk)


def entry(row):
    """Return a row as it stands in a fixture: {"model": label, "fields": {…}}."""
    return {"model": row.shape.label, "fields": row.fields}


def rows_from(entries):
    """Return the Rows of fixture entries, such as a revision keeps.

    A field that the model has gained since has its default; one that it has lost is left out.
    """
    by_label = {shape.label: shape for shape in shapes().values()}
    return [
        make_row(
            shape, shape.defaults | {n: v for n, v in e["fields"].items() if n in shape.fields}
        )
        for e in entries
        if (shape := by_label.get(e["model"]))
    ]


def natural_key(shape, values):
    """Return the natural key in one flat tuple: a foreign key stands for the key of its target."""
    key = []
    for field in shape.key:
        value = values[field.name]
        key.extend(value if field.is_relation else [value])
    return tuple(key)


def stored_rows():
    """Return every canonical row of the database: {model: {natural key: Row}}, sorted by key."""
    keys = _NaturalKeys()
    return {shape.model: _stored_rows(shape, keys) for shape in shapes().values()}


def rows_of(record):
    """Return the canonical rows of one record: its own, those of its parts and their citations.

    They come in load order. The number of queries depends on the kind of record, not on how many
    rows it has.
    """
    return rows_of_all(type(record), [record.pk]).get(record.natural_key()[0], [])


def rows_of_all(model, pks):
    """Return the canonical rows of several records of one kind: {key: rows as `rows_of` has them}.

    It takes as many queries as for one record.
    """
    keys, found = _NaturalKeys(), defaultdict(list)
    for shape in shapes().values():
        path, root = path_to_record(shape.model)
        if root is model:
            for row in _stored_rows(shape, keys, {f"{path or 'pk'}__in": pks}).values():
                found[row.key[0]].append(row)  # a key begins with that of what the row belongs to
    return found


@cache
def path_to_record(model):
    """Return how a row of `model` leads to the record it belongs to, and that record's model.

    A citation of a landing answers ("subject__mission", Mission), a mission ("", Mission).
    """
    for field in shapes()[model].columns:
        if field.is_relation and field.remote_field.on_delete is models.CASCADE:
            path, root = path_to_record(field.related_model)
            return "__".join(filter(None, [field.name, path])), root
    return "", model


class _NaturalKeys:
    """The natural keys of rows read so far; those of others are looked up."""

    def __init__(self):
        self._known = defaultdict(dict)

    def learn(self, model, keys):
        self._known[model] |= keys

    def of(self, model, pks):
        """Return {pk: natural key} with at least the rows named."""
        known = self._known[model]
        missing = [pk for pk in set(pks) if pk is not None and pk not in known]
        if missing:
            names = _key_lookups(shapes()[model])
            found = model._base_manager.filter(pk__in=missing).values_list("pk", *names)
            known |= {pk: key for pk, *key in (map(canonical, row) for row in found)}
        return known


def _key_lookups(shape):
    """Return the lookups that give a row's natural key: ["mission__slug", "number"]."""
    return [
        f"{field.name}__{lookup}" if lookup else field.name
        for field in shape.key
        for lookup in (_key_lookups(shapes()[field.related_model]) if field.is_relation else [""])
    ]


def _stored_rows(shape, keys, within=None):
    """Read one table, or the rows of it that the lookups `within` choose."""
    names = [field.name for field in shape.columns]
    relations = {field.name: field.related_model for field in shape.columns if field.is_relation}
    in_key = [field.name for field in shape.key if field.is_relation]
    rows = shape.model._base_manager.filter(**within or {}).order_by()
    tables = {
        pk: dict(zip(names, map(canonical, columns), strict=True))
        for pk, *columns in rows.values_list("pk", *(field.attname for field in shape.columns))
    }
    own = {}
    for name in in_key:
        _name_targets(tables, name, keys.of(relations[name], _column(tables, name)))
    for pk, values in tables.items():
        own[pk] = natural_key(shape, values)
    keys.learn(shape.model, own)
    # The others may refer to rows of this same table, whose keys are known only now.
    for name in relations.keys() - in_key:
        _name_targets(tables, name, keys.of(relations[name], _column(tables, name)))
    for field in shape.links:
        links = _stored_links(field, keys, tables if within else None)
        for pk, values in tables.items():
            values[field.name] = links.get(pk, [])
    ordered = sorted(own, key=own.get)
    return {own[pk]: make_row(shape, tables[pk], pk) for pk in ordered}


def _column(tables, name):
    return [values[name] for values in tables.values()]


def _name_targets(tables, name, keys):
    """Put natural keys in the place of primary keys."""
    for values in tables.values():
        if values[name] is not None:
            values[name] = list(keys[values[name]])


def _stored_links(field, keys, pks=None):
    """Return what each row, or each of `pks`, is linked to: {pk: sorted natural keys}."""
    near, far = link_columns(field)
    rows = field.remote_field.through._base_manager.order_by()
    if pks is not None:
        rows = rows.filter(**{f"{near}__in": list(pks)})
    pairs = list(rows.values_list(near, far))
    targets = keys.of(field.related_model, [target for _, target in pairs])
    links = defaultdict(list)
    for pk, target in pairs:
        links[pk].append(list(targets[target]))
    for found in links.values():
        found.sort()
    return links


def link_columns(field):
    """Return the two columns of a many-to-many field's table: of the row, and of its target."""
    return f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
