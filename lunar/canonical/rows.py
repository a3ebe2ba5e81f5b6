"""Rows in their canonical form: plain JSON values, natural keys, nothing that is a default.

A row of a fixture and the same row of the database have the same canonical form, and so the same
fingerprint. Reading the database takes a few queries for each table, however many rows it has.
"""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

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


def natural_key(shape, values):
    """Return the natural key in one flat tuple: a foreign key stands for the key of its target."""
    key = []
    for field in shape.key:
        value = values[field.name]
        key.extend(value if field.is_relation else [value])
    return tuple(key)


def stored_rows():
    """Return every canonical row of the database: {model: {natural key: Row}}, sorted by key."""
    keys = {}
    return {shape.model: _stored_rows(shape, keys) for shape in shapes().values()}


def _stored_rows(shape, keys):
    """Read one table; `keys` maps each model read before to {pk: natural key} and gains this."""
    names = [field.name for field in shape.columns]
    relations = {field.name: field.related_model for field in shape.columns if field.is_relation}
    in_key = [field.name for field in shape.key if field.is_relation]
    records = shape.model._base_manager.order_by().values_list(
        "pk", *(field.attname for field in shape.columns)
    )
    tables = {}
    own = keys[shape.model] = {}
    for pk, *columns in records:
        tables[pk] = values = dict(zip(names, map(canonical, columns), strict=True))
        for name in in_key:
            values[name] = list(keys[relations[name]][values[name]])
        own[pk] = natural_key(shape, values)
    for name in (
        relations.keys() - in_key
    ):  # perhaps to rows of this table, whose keys are known now
        targets = keys[relations[name]]
        for values in tables.values():
            if values[name] is not None:
                values[name] = list(targets[values[name]])
    for field in shape.links:
        links = _stored_links(field, keys)
        for pk, values in tables.items():
            values[field.name] = links.get(pk, [])
    ordered = sorted(own, key=own.get)
    return {own[pk]: make_row(shape, tables[pk], pk) for pk in ordered}


def _stored_links(field, keys):
    """Return what each row of a many-to-many field is linked to: {pk: sorted natural keys}."""
    near, far = link_columns(field)
    links = defaultdict(list)
    for pk, target in field.remote_field.through._base_manager.order_by().values_list(near, far):
        links[pk].append(list(keys[field.related_model][target]))
    for targets in links.values():
        targets.sort()
    return links


def link_columns(field):
    """Return the two columns of a many-to-many field's table: of the row, and of its target."""
    return f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
