"""Fixtures read and checked in full before anything is written.

The format is Django's own (`loaddata` reads it, too), held to more: no primary keys, exact types,
references only to rows of the fixtures, each row and each unique value once, no published record
without a supporting citation.
"""

import json
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import models

from lunar.canonical.rows import Row, make_row
from lunar.canonical.shapes import canonical, shapes
from lunar.sources.models import Citation, Record

# What JSON has to hold for a field; the first class that fits counts.
TYPES = (
    (models.BooleanField, (bool,), "true or false"),
    (models.IntegerField, (int,), "a whole number"),
    (models.DecimalField, (str, int, Decimal), "a number as text"),
    (models.JSONField, (dict,), "an object"),
    (models.Field, (str,), "text"),
)


class RecordError(Exception):
    """What was to be loaded is refused as a whole; `problems` say where and why."""

    def __init__(self, problems):
        # A problem may quote what cannot even be printed.
        self.problems = [text.encode(errors="backslashreplace").decode() for text in problems]
        super().__init__("\n".join(self.problems))


class RefusalError(ValueError):
    """A value cannot be what the fixture says; the message ends a line that names its place."""


def read_fixtures(directory):
    """Return the rows of all fixtures in `directory`: {model: {natural key: Row}}, sorted by key.

    Raises RecordError with every problem found, by file, record and field.
    """
    entries = _read_files(Path(directory))
    reader = _Reader()
    rows = {model: reader.read(shape, entries[model]) for model, shape in shapes().items()}
    problems = reader.problems or [*_uncited_records(rows), *_shared_values(rows)]
    if problems:
        raise RecordError(problems)
    return rows


def _read_files(directory):
    """Return what each file lists: {model: [entry, …]}."""
    if not directory.is_dir():
        raise RecordError([f"{directory}: there is no such directory."])
    entries, problems = {}, []
    for model, shape in shapes().items():
        try:
            entries[model] = _parse(directory / shape.file)
        except RefusalError as problem:
            problems.append(f"{shape.file}{problem}")
    # A file of another name would never be loaded, and nobody would notice.
    expected = {shape.file for shape in shapes().values()}
    strangers = sorted({path.name for path in directory.glob("*.json")} - expected)
    problems += [f"{name}: is not one of the canonical fixtures." for name in strangers]
    if problems:
        raise RecordError(problems)
    return entries


def _parse(path):
    try:
        text = path.read_bytes().decode()
        rows = json.loads(text, object_pairs_hook=_object, parse_float=Decimal)
    except FileNotFoundError:
        raise RefusalError(" is missing; a file without rows holds [].") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise RefusalError(f", line {line}: is not UTF-8.") from error
    except json.JSONDecodeError as error:
        place = f", line {error.lineno}, column {error.colno}"
        raise RefusalError(f"{place}: is not JSON: {error.msg}.") from error
    except RefusalError:
        raise
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, deep nesting
        raise RefusalError(f": cannot be read: {error}.") from error
    if not isinstance(rows, list):
        raise RefusalError(": must hold a list of rows.")
    return rows


def _object(pairs):
    """Make an object, refusing what JSON's own reader would silently drop."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise RefusalError(f": has “{twice}” twice in one object: {ascii(found)[:120]}.")
    return found


class _Reader:
    """Turns the entries of file after file into rows; `problems` grow on the way."""

    def __init__(self):
        self.problems = []
        self.keys = {}  # {model: {natural key: the same key, as its own row has it}}

    def read(self, shape, entries):
        """Return the sound rows of one file by natural key."""
        known = self.keys[shape.model] = {}
        found = []
        for number, entry in enumerate(entries, start=1):
            place = f"{shape.file}: row {number}"
            try:
                fields = _fields(shape, entry)
                key = self._key(shape, fields)
            except RefusalError as problem:
                self.problems.append(f"{place}: {problem}")
                continue
            place = f"{shape.file}: {Row(shape, key, {})}"
            if key in known:
                self.problems.append(f"{place}: is there twice.")
            known[key] = key
            found.append((place, fields))
        # Only now are all keys known to which a row of the same file may refer.
        rows = [self._row(shape, fields, place) for place, fields in found]
        return {row.key: row for row in sorted(filter(None, rows), key=lambda row: row.key)}

    def _key(self, shape, fields):
        key = []
        for field in shape.key:
            try:
                value = self._value(shape, field, fields)
            except RefusalError as problem:
                raise RefusalError(f"{field.name}: {problem}") from problem
            key.extend(value if field.is_relation else [value])
        return tuple(key)

    def _row(self, shape, fields, place):
        """Return the Row of one entry, or None if anything in it was refused."""
        refused = []
        for name in sorted(fields.keys() - shape.fields.keys()):
            columns = {field.name for field in shape.model._meta.get_fields()}
            why = "is derived, not loaded" if name in columns else "is no field of this model"
            refused.append(f"{place}: {name}: {why}.")
        values = {}
        for name, field in shape.fields.items():
            try:
                values[name] = self._value(shape, field, fields)
            except RefusalError as problem:
                refused.append(f"{place}: {name}: {problem}")
        self.problems += refused
        return None if refused else make_row(shape, values)

    def _value(self, shape, field, fields):
        """Return the canonical value of one field."""
        value = fields.get(field.name, shape.defaults[field.name])
        if field.many_to_many:
            return self._references(field, value)
        if value is None:
            if not field.null:
                raise RefusalError("is missing.")
            return None
        return self._reference(field, value) if field.is_relation else _scalar(field, value)

    def _references(self, field, value):
        if not isinstance(value, list):
            raise RefusalError("must be a list of natural keys.")
        keys = sorted(self._reference(field, key) for key in value)
        for key, following in pairwise(keys):
            if key == following:
                raise RefusalError(f"names {'/'.join(map(str, key))} twice.")
        return keys

    def _reference(self, field, value):
        """Return the natural key of the row that `value` names."""
        if not isinstance(value, list) or any(isinstance(part, (list, dict)) for part in value):
            raise RefusalError(f"{value!r} is no natural key; write it as a list.")
        key = self.keys[field.related_model].get(tuple(value))
        if key is None:
            raise RefusalError(f"there is no {Row(shapes()[field.related_model], value, {})}.")
        return list(key)


def _fields(shape, entry):
    """Return the fields of an entry by name."""
    if not isinstance(entry, dict) or set(entry) != {"model", "fields"}:
        raise RefusalError("needs “model” and “fields”, and nothing else.")
    if entry["model"] != shape.label:
        raise RefusalError(
            f"its model is {entry['model']!r}; in this file it must be {shape.label!r}."
        )
    if not isinstance(entry["fields"], dict):
        raise RefusalError("“fields” must be an object.")
    return entry["fields"]


@cache
def _json_types(field_class):
    """Return the Python types in which JSON gives a value of such a field, and their name."""
    return next((types, words) for kind, types, words in TYPES if issubclass(field_class, kind))


def _scalar(field, value):
    types, wanted = _json_types(type(field))
    if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
        raise RefusalError(f"{value!a} must be {wanted}.")
    if value == "" and field.null:
        return None
    try:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        text.encode()
        if "\0" in text or (text is not value and "\\u0000" in text):
            raise RefusalError("holds the character NUL, which not every database can store.")
        return canonical(field.to_python(value))
    except UnicodeEncodeError as error:
        broken = ascii(text[error.start])
        raise RefusalError(
            f"holds {broken}, half of a character, which cannot be stored."
        ) from error
    except ValidationError as error:
        raise RefusalError(" ".join(error.messages)) from error
    except TypeError as error:
        raise RefusalError(f"{value!a} cannot be stored: {error}.") from error


def _uncited_records(rows):
    """Yield the published records that no citation of the fixtures supports."""
    supported = {
        (model._meta.get_field("subject").related_model, tuple(row.fields["subject"]))
        for model in rows
        if issubclass(model, Citation)
        for row in rows[model].values()
        if row.fields.get("stance", Citation.Stance.SUPPORTS) == Citation.Stance.SUPPORTS
    }
    for model, shape in shapes().items():
        if issubclass(model, Record):
            for row in rows[model].values():
                published = row.fields.get("state") == Record.State.PUBLISHED
                if published and row.identity not in supported:
                    yield f"{shape.file}: {row}: state: is published without a supporting citation."


def _shared_values(rows):
    """Yield the rows whose value of a unique field another row has as well."""
    for model, shape in shapes().items():
        for name in shape.unique:
            owners = {}
            for row in rows[model].values():
                value = row.fields.get(name)
                if value is not None and owners.setdefault(value, row) is not row:
                    yield f"{shape.file}: {row}: {name}: {owners[value]} has {value!r} as well."
