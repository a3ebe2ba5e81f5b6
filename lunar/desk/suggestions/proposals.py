"""What a reader wrote, read as the columns of a record would have it: a start for the editor."""

import re
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models

from lunar.desk.suggestions.values import BEHIND, YES
from lunar.edtf import EdtfDate, EdtfField
from lunar.edtf.dates import EdtfError
from lunar.edtf.suggestions import suggestions as likely_dates
from lunar.text import fold

GRAMS = {"": 1, "g": 1, "kg": 1000, "mg": Decimal("0.001"), "µg": Decimal("0.000001")}
_MASS = re.compile(r"([0-9][0-9,]{0,15}(?:\.[0-9]{1,12})?)\s*(kg|mg|µg|g|)(?:rams?)?", re.ASCII)
_DEGREES = re.compile(r"([-−]?[0-9]{1,3}(?:\.[0-9]{1,8})?)\s*°?\s*([NSEW]?)", re.ASCII)


def proposed_columns(value, text):
    """Return {column: what `text` makes of it} for the columns behind a Value.

    What cannot be read is left out, and the editor finds the column as it stands.
    """
    names = [column.name for column in value.columns]
    if value.field == "position":
        return _position(text)
    if _are_alternatives(value.columns):
        return _party(value.columns, text)
    if not names or names[0] != BEHIND.get(value.field, names)[0]:
        return {}
    found = _read(value.columns[0], text)
    if found is None:
        return {}
    proposed = {names[0]: found}
    if "no_cospar_reason" in names:
        proposed["no_cospar_reason"] = ""
    if "mass_certainty" in names and value.subject.mass_certainty == "unknown":
        proposed["mass_certainty"] = "exact"
    return proposed


def _read(column, text):
    """Return `text` as a form field of `column` starts with it; None if it cannot be."""
    if isinstance(column, EdtfField):
        return _date(text)
    if isinstance(column, models.ManyToManyField):
        rows = [_row(column, part) for part in re.split("[,;]", text)]
        return rows if all(rows) else None
    if isinstance(column, models.ForeignKey):
        return _row(column, text)
    if isinstance(column, models.BooleanField):
        return text == YES
    if column.choices:
        labels = {fold(str(label)): value for value, label in column.choices}
        return labels.get(fold(text))
    if isinstance(column, models.DecimalField):
        return _number(column, text)
    return text


def _date(text):
    for one in [text, *likely_dates(text)]:
        try:
            return EdtfDate.parse(one)
        except (EdtfError, ValidationError, ValueError):
            continue
    return text


def _number(column, text):
    found = _MASS.fullmatch(text.strip())
    if not found:
        return None
    number = Decimal(found[1].replace(",", ""))
    if column.name.endswith("_g"):
        number *= GRAMS[found[2]]
    return Decimal(f"{number.normalize():f}")


def _row(column, text):
    """Return the key of the only row that is called `text`."""
    name = next(
        (n for n in ("name", "title") if n in {f.name for f in column.related_model._meta.fields}),
        None,
    )
    found = list(
        column.related_model._default_manager.filter(**{f"{name}__iexact": text.strip()})[:2]
        if name
        else []
    )
    return found[0].pk if len(found) == 1 else None


def _are_alternatives(columns):
    return len(columns) > 1 and all(isinstance(column, models.ForeignKey) for column in columns)


def _party(columns, text):
    """Return the columns with the one party that is called `text`, and the others empty."""
    for column in columns:
        row = _row(column, text)
        if row:
            return {other.name: row if other is column else None for other in columns}
    return {}


def _position(text):
    found = _DEGREES.findall(text)
    if len(found) != 2:
        return {}
    (latitude, north), (longitude, east) = found
    return {
        "latitude": _signed(latitude, north == "S"),
        "longitude": _signed(longitude, east == "W"),
    }


def _signed(text, is_negative):
    number = Decimal(text.replace("−", "-"))
    return -number if is_negative else number
