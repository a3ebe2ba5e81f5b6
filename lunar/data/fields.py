"""Which values the public data of a record or part have, and what belongs to what."""

from functools import cache

from django.db import models

from lunar.canonical.shapes import shapes
from lunar.sources.models import Cited

# Columns that are no data: told in another way, or only there for finding.
LEFT_OUT = {"state", "absent_values", "citation_count", "cited_by", "search_text", "is_public"}


@cache
def stated_fields(model):
    """Return the fields of a record or part that somebody states, in the order of the fixtures."""
    shape = shapes()[model]
    hidden = {*LEFT_OUT, shape.key[0].name}
    return tuple(field for name, field in shape.fields.items() if name not in hidden)


@cache
def derived_fields(model):
    """Return the fields of a record or part that follow from others."""
    return tuple(
        field
        for field in model._meta.concrete_fields
        if not (field.serialize or field.primary_key or field.name in LEFT_OUT)
        and not field.name.endswith(("_earliest", "_latest"))
    )


@cache
def parts_of(model):
    """Return the foreign keys by which the parts of a record belong to it."""
    return tuple(
        field
        for part in shapes()
        if issubclass(part, Cited)
        for field in shapes()[part].columns
        if field.is_relation and _is_owner(field) and field.related_model is model
    )


@cache
def owner_field(model):
    """Return the foreign key by which rows of `model` belong to another row, or None."""
    return next((f for f in shapes()[model].columns if f.is_relation and _is_owner(f)), None)


def _is_owner(field):
    return field.remote_field.on_delete is models.CASCADE
