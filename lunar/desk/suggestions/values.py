"""The values of a public record that a reader may correct, as its page names and shows them."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from lunar.canonical.rows import path_to_record
from lunar.canonical.shapes import shapes
from lunar.desk.titles import record_models
from lunar.sources.models import Cited, Record

# What has one name on a page and several columns behind it, the most telling first.
BEHIND = {
    "cospar_id": ("cospar_id", "no_cospar_reason"),
    "from_party": ("from_organization", "from_person", "from_country"),
    "giver_person": ("giver_person", "giver_office"),
    "holder": ("holder_organization", "holder_person", "holder_country"),
    "mass_g": ("mass_g", "mass_certainty", "mass_as_stated"),
    "native_name": ("native_name", "native_language"),
    "position": ("latitude", "longitude"),
    "recipient_person": ("recipient_person", "recipient_office"),
    "to_party": ("to_organization", "to_person", "to_country"),
}
TOGETHER = {"position"}  # of which no column says anything alone


@dataclass
class Value:
    """One cited field of a record or part; without a field, the record or part as a whole."""

    subject: Cited
    field: str

    @property
    def name(self):
        """Its name on the record's page: "launch", "landing-1-position", "act-3", ""."""
        part = "" if isinstance(self.subject, Record) else self.subject.anchor
        return "-".join(filter(None, [part, self.field]))

    @property
    def label(self):
        """What people call it beside the name of its record or part."""
        if self.field:
            return self.subject.field_label(self.field)
        kind = self.subject._meta.verbose_name
        return f"Anything else about this {kind}"

    @property
    def full_label(self):
        """What people call it where nothing else names its part."""
        if isinstance(self.subject, Record):
            return self.label
        return f"{self.subject}: {self.label[:1].lower()}{self.label[1:]}"

    @cached_property
    def now(self):
        """The value as it stands, in words; "" for none, and for a whole."""
        return in_words(self.subject, self.field) if self.field else ""

    @property
    def stands(self):
        """What to tell of how it stands: the value, or which kind of nothing it is."""
        return self.now or (self.subject.absence(self.field).label if self.field else "")

    @cached_property
    def columns(self):
        """The columns that an editor changes for it; none if it follows from other values."""
        names = BEHIND.get(self.field, (self.field,)) if self.field else ()
        found = (_column(self.subject, name) for name in names)
        return [column for column in found if column is not None and column.editable]

    @property
    def choices(self):
        """The labels of the only values that it can have; [] if it can have others."""
        if len(self.columns) != 1:
            return []
        [column] = self.columns
        if isinstance(column, models.BooleanField):
            return [YES, NO]
        return [str(label) for value, label in column.choices or () if value]

    @property
    def is_long(self):
        """True where several lines may be needed."""
        return not self.field or any(isinstance(c, models.TextField) for c in self.columns)


@dataclass
class Group:
    """A record or one of its parts, with its values."""

    subject: Cited
    values: list[Value]

    @property
    def heading(self):
        if isinstance(self.subject, Record):
            return f"The {self.subject._meta.verbose_name} itself"
        return f"{str(self.subject._meta.verbose_name).capitalize()}: {self.subject}"


YES, NO = "yes", "no"


def correctable_models():
    """Return every kind of record that has values, by its name in addresses."""
    return {name: m for name, m in record_models().items() if issubclass(m, Record)}


def groups_of(record):
    """Return the Groups of a public record: its own values, then those of each of its parts.

    Takes as many queries for many parts as for few.
    """
    groups = [_group(_loaded(type(record)._base_manager.filter(pk=record.pk)).get())]
    for model in shapes():
        path, root = path_to_record(model)
        if path and root is type(record) and issubclass(model, Cited):
            parts = _loaded(model.objects.public().filter(**{path: record.pk}))
            groups += [_group(part) for part in parts]
    return groups


def find(groups, name):
    """Return the Value called `name`, or the nearest whole that it belongs to."""
    known = {value.name: value for group in groups for value in group.values}
    while name and name not in known:
        name = name.rpartition("-")[0]
    return known[name]


def in_words(subject, name):
    """Return the value of a cited field as plain text, "" for none; what is no public is not named.

    Where the value that gives it its name is missing, the next that says something stands for it.
    """
    columns = [_column(subject, column) for column in BEHIND.get(name, (name,))]
    said = [_column_in_words(subject, column) for column in columns if column is not None]
    if not said:  # follows from other rows
        return subject.value_in_words(name)
    if name in TOGETHER:
        return ", ".join(said) if all(said) else ""
    return next(filter(None, said), "")


def _group(subject):
    return Group(subject, [Value(subject, field) for field in (*subject.CITED_FIELDS, "")])


def _loaded(rows):
    """Load what the words of these rows need along with them."""
    relations = [f.name for f in rows.model._meta.fields if isinstance(f, models.ForeignKey)]
    lists = [f.name for f in rows.model._meta.many_to_many]
    return rows.select_related(*relations).prefetch_related(*lists)


def _column(subject, name):
    try:
        return subject._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _column_in_words(subject, column):
    value = getattr(subject, column.name)
    if isinstance(value, models.Model):
        return str(value) if getattr(value, "is_public", True) else ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, Decimal) and not column.name.endswith("_g"):
        words = f"{value.normalize():f}".replace("-", "−")
        return f"{column.name} {words}" if column.name in BEHIND["position"] else words
    return subject.value_in_words(column.name)
