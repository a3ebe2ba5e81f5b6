"""A model field for EDTF dates that databases can sort and filter.

    class Mission(models.Model):
        launch = EdtfField(blank=True)

has three columns: `launch` with the text, and `launch_earliest` and `launch_latest` with the days
it may mean (see `EdtfBoundField`). The text is the truth. The other two are read from it whenever
they are read at all, so that every way of saving an object writes them: `save()`, also with
`update_fields`, `bulk_create()`, and `loaddata`. Only where columns are named one by one,
in `QuerySet.update()` and `bulk_update()`, the caller has to name and set all three.
"""

import functools

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import CheckConstraint, Q
from django.db.models.functions import Coalesce
from django.db.models.query_utils import DeferredAttribute

from lunar.edtf.dates import ACCEPTED_FORMS, MAX_LENGTH, EdtfDate, EdtfError


def _clean(value):
    """Return an `EdtfDate`, or "" for nothing; raise `ValidationError` if it is no date."""
    text = "" if value is None else str(value).strip()
    try:
        return EdtfDate.parse(text) if text else ""
    except EdtfError as error:
        raise ValidationError(str(error), code="invalid") from error


class EdtfFormField(forms.CharField):
    """A line of text that cleans to an `EdtfDate`, or to "" if it is left empty."""

    def __init__(self, *, help_text="", **kwargs):
        super().__init__(help_text=help_text or ACCEPTED_FORMS, **kwargs)

    def to_python(self, value):
        return _clean(super().to_python(value))

    def widget_attrs(self, widget):
        attrs = {"autocomplete": "off", "spellcheck": "false", "size": "24"}
        return super().widget_attrs(widget) | attrs


class EdtfAttribute(DeferredAttribute):
    """Whatever is assigned, an `EdtfDate` or "" is read; only cleaning and saving check it."""

    def __set__(self, instance, value):
        if not isinstance(value, EdtfDate):
            text = "" if value is None else str(value).strip()
            value = EdtfDate(text) if text else ""
        instance.__dict__[self.field.attname] = value
        # Django takes an attribute that is not there for a deferred one, and would not save it.
        for name in self.field.bound_names:
            instance.__dict__.setdefault(name, None)


class BoundAttribute(DeferredAttribute):
    """Reads from the text, or if that is deferred, as the database has it."""

    def __get__(self, instance, cls=None):
        if instance is None:
            return self
        text = instance.__dict__.get(self.field.text_name)
        if text is None:
            return super().__get__(instance, cls)
        try:
            return getattr(text, self.field.bound) if text else None
        except EdtfError:  # the text field refuses it, with a message
            return None

    def __set__(self, instance, value):
        instance.__dict__[self.field.attname] = value


class EdtfBoundField(models.DateField):
    """The `earliest` or `latest` day of an `EdtfField`; null if it is open or the text empty.

    `EdtfField` adds it to the model, and migrations name it, so that a model in a migration
    derives its dates, too.
    """

    descriptor_class = BoundAttribute
    _always = {"null": True, "blank": True, "editable": False, "serialize": False}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs | self._always)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {k: v for k, v in kwargs.items() if k not in self._always}

    def contribute_to_class(self, cls, name, **kwargs):
        # SQLite rebuilds a table from copies of all fields; the copied text field was here first.
        if any(isinstance(f, EdtfBoundField) and f.name == name for f in cls._meta.local_fields):
            return
        # By name, so that a migration which renames all three columns needs no more than that.
        self.text_name, _, self.bound = name.rpartition("_")
        super().contribute_to_class(cls, name, **kwargs)


class EdtfField(models.CharField):
    """An EDTF date; the attribute is an `EdtfDate`, or "" if `blank`. Never null.

    Cleaning a text that is no date raises `ValidationError`, saving it `EdtfError`.
    `index_bounds` gives an index to each of the derived columns. Migrations set `add_bounds` to
    False because they name the derived columns themselves.
    """

    description = "Date in EDTF"
    descriptor_class = EdtfAttribute

    def __init__(self, *args, index_bounds=False, add_bounds=True, **kwargs):
        kwargs.setdefault("max_length", MAX_LENGTH)
        super().__init__(*args, **kwargs)
        self.index_bounds, self.add_bounds = index_bounds, add_bounds

    @property
    def bound_names(self):
        return f"{self.name}_earliest", f"{self.name}_latest"

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"add_bounds": False}

    def contribute_to_class(self, cls, name, **kwargs):
        super().contribute_to_class(cls, name, **kwargs)
        if cls._meta.abstract:
            return
        _save_together(cls, self.name, self.bound_names)
        if self.add_bounds:
            for bound_name in self.bound_names:
                cls.add_to_class(bound_name, EdtfBoundField(db_index=self.index_bounds))

    def to_python(self, value):
        return _clean(value)

    def from_db_value(self, value, expression, connection):
        return EdtfDate(value) if value else value

    def get_prep_value(self, value):
        # Not to_python(): a lookup may ask for a part of a text, or for a text that is no date.
        value = models.Field.get_prep_value(self, value)
        return value if value is None else str(value)

    def get_db_prep_save(self, value, connection):
        if value and not hasattr(value, "as_sql"):
            value = EdtfDate.parse(str(value))
        return super().get_db_prep_save(value, connection)

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": EdtfFormField} | kwargs)


def _save_together(cls, name, bound_names):
    """Make `save(update_fields=[name])` save the bounds, too.

    Django gives no hook for this: a field sees only its own column, and the signal comes with a
    set that cannot be changed.
    """
    save_base = cls.save_base

    @functools.wraps(save_base)
    def save_base_with_bounds(self, *args, update_fields=None, **kwargs):
        if update_fields is not None and name in update_fields:
            update_fields = frozenset(update_fields).union(bound_names)
        return save_base(self, *args, update_fields=update_fields, **kwargs)

    cls.save_base = save_base_with_bounds


def date_range_check(field_name, *, name):
    """Return a constraint: the text is empty if, and only if, both derived columns are null."""
    earliest, latest = f"{field_name}_earliest", f"{field_name}_latest"
    unknown = Q(**{f"{earliest}__isnull": True, f"{latest}__isnull": True})
    known = Q(**{f"{earliest}__isnull": False}) | Q(**{f"{latest}__isnull": False})
    empty = Q(**{field_name: ""})
    return CheckConstraint(
        condition=(empty & unknown) | (~empty & known),
        name=name,
        violation_error_message=f"The days derived from {field_name} do not fit its text.",
    )


def overlaps(field_name, wanted):
    """Return a `Q` for the rows that may share a day with `wanted`, an `EdtfDate`.

    Open ends have no limit. A row with an empty date never matches.
    """
    earliest, latest = f"{field_name}_earliest", f"{field_name}_latest"
    no_earliest, no_latest = Q(**{f"{earliest}__isnull": True}), Q(**{f"{latest}__isnull": True})
    condition = Q(**{f"{earliest}__isnull": False}) | Q(**{f"{latest}__isnull": False})
    if wanted.latest:
        condition &= no_earliest | Q(**{f"{earliest}__lte": wanted.latest})
    if wanted.earliest:
        condition &= no_latest | Q(**{f"{latest}__gte": wanted.earliest})
    return condition


def chronological(field_name, descending=False):
    """Return expressions for `order_by()` or `Meta.ordering`; empty dates come last either way.

    A range without a beginning or an end is filed under its known end, as `EdtfDate.sort_key` is.
    """
    earliest, latest = f"{field_name}_earliest", f"{field_name}_latest"
    keys = [Coalesce(earliest, latest), Coalesce(latest, earliest)]
    return [key.desc(nulls_last=True) if descending else key.asc(nulls_last=True) for key in keys]
