"""Values of the record as cells of a table, and back.

A natural key is one word, with slashes if it has parts: chang-e-5, apollo-11/2. Several keys stand
in one cell as “moon; mars”, absences as “launch_site: unknown; ended: not_given”.
"""

import re
import unicodedata
from functools import cache

from django.core.exceptions import ValidationError
from django.db import models

from lunar.canonical.shapes import canonical, shapes
from lunar.data.cells import showable

SEPARATOR = "; "
TRUTHS = {"true": True, "false": False}
NUMBER_FORMS = {
    models.IntegerField: ("[+-]?[0-9]{1,18}", "a whole number: write it in digits, such as 12."),
    models.DecimalField: ("[+-]?[0-9]{1,18}([.][0-9]{1,18})?", "a number: write it like 1731.5."),
}


def cell_of(row, field):
    """Return the value that a row has in one field as the text of a cell, "" for none."""
    if field.many_to_many:
        return SEPARATOR.join(sorted(key_text(target) for target in getattr(row, field.name).all()))
    return cell_text(field, getattr(row, field.name))


def cell_text(field, value):
    """Return a value of a field, or the rows of a many-to-many field, as the text of a cell."""
    if value is None:
        return ""
    if field.many_to_many:
        return SEPARATOR.join(sorted(map(key_text, value)))
    if field.is_relation:
        return key_text(value)
    if isinstance(field, models.JSONField):
        return SEPARATOR.join(f"{name}: {kind}" for name, kind in sorted(value.items()))
    if isinstance(value, bool):
        return str(value).lower()
    return showable(str(canonical(value)))


def key_text(row):
    """Return the natural key of a row in one word."""
    return "/".join(map(str, row.natural_key()))


def is_number(field):
    """Return whether a spreadsheet should take the cells of this field for numbers."""
    return isinstance(field, tuple(NUMBER_FORMS))


@cache
def key_leaves(model):
    """Return the lookups of a natural key, each with its field: mission__slug, number."""
    return [
        (f"{field.name}__{lookup}" if lookup else field.name, leaf)
        for field in shapes()[model].key
        for lookup, leaf in (
            key_leaves(field.related_model) if field.is_relation else [("", field)]
        )
    ]


def read_key(model, text):
    """Return the natural key that a cell names, as a tuple; raise ValidationError if it cannot."""
    leaves, parts = key_leaves(model), text.split("/")
    name = model._meta.verbose_name
    if len(parts) != len(leaves):
        form = "/".join(leaf.name for _, leaf in leaves)
        raise ValidationError(f"“{text}” is no key of a {name}: write {form}.")
    numbers = [isinstance(leaf, models.IntegerField) for _, leaf in leaves]
    if any(
        number and not re.fullmatch("[0-9]{1,9}", part)
        for number, part in zip(numbers, parts, strict=True)
    ):
        raise ValidationError(f"“{text}” is no key of a {name}: its last part is a number.")
    return tuple(int(part) if number else part for number, part in zip(numbers, parts, strict=True))


def read_keys(field, text):
    """Return the natural keys that a cell of a relation names; raise ValidationError."""
    names = (
        [name.strip() for name in text.split(SEPARATOR.strip())] if field.many_to_many else [text]
    )
    keys = [read_key(field.related_model, name) for name in names if name]
    for key in keys:
        if keys.count(key) > 1:
            raise ValidationError(f"“{'/'.join(map(str, key))}” is named twice.")
    return keys


def read_value(field, text):
    """Return the value of a field that is no relation for a cell's text, which is not empty.

    Raises ValidationError, in words for whoever wrote the table.
    """
    if isinstance(field, models.JSONField):
        return _read_absences(text)
    if isinstance(field, models.BooleanField):
        if text.lower() not in TRUTHS:
            raise ValidationError(f"“{text}” is neither true nor false.")
        return TRUTHS[text.lower()]
    for kind, (form, words) in NUMBER_FORMS.items():
        if isinstance(field, kind) and not re.fullmatch(form, text):
            raise ValidationError(f"“{text}” is not {words}")
    value = field.to_python(unicodedata.normalize("NFC", text))
    if field.choices and value not in dict(field.flatchoices):
        offered = ", ".join(str(choice) for choice, _ in field.flatchoices if choice)
        raise ValidationError(f"“{text}” is none of: {offered}.")
    return value


def empty_value(field, is_new):
    """Return what an empty cell means: no value; in a new row what the field has by default."""
    if field.many_to_many:
        return []
    if field.null:
        return None
    if not is_new and isinstance(field, (models.CharField, models.TextField)):
        return ""
    return field.get_default()


def _read_absences(text):
    absences = {}
    for part in filter(None, map(str.strip, text.split(";"))):
        name, colon, kind = (piece.strip() for piece in part.partition(":"))
        if not colon or not name or not kind:
            raise ValidationError(f"“{part}” is no absence: write it like “ended: unknown”.")
        if name in absences:
            raise ValidationError(f"“{name}” is named twice.")
        absences[name] = kind
    return absences
