"""What a form holds that was sent: as hidden fields, in words, and without what is gone."""

import re
from dataclasses import dataclass

from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst

from lunar.canonical.shapes import canonical, shapes
from lunar.edtf import EdtfDate
from lunar.sources.models.record import Absence

NEVER_SENT_ON = ("csrfmiddlewaretoken",)


@dataclass(frozen=True)
class Typed:
    """What somebody typed into one row: (label, value in words) of everything that is not empty."""

    title: str
    values: list[tuple[str, str]]


def hidden_fields(data, without):
    """Return (name, value) of all that was sent, but for names that begin with one of `without`."""
    left_out = (*NEVER_SENT_ON, *without)
    return [
        (name, value)
        for name, values in data.lists()
        for value in values
        if not name.startswith(left_out)
    ]


def typed_rows(model_admin, request):
    """Return what was Typed into every row of a whole form that cannot be shown again."""
    fields = flatten_fieldsets(model_admin.get_fieldsets(request))
    form = model_admin.get_form(request, fields=fields)(request.POST)
    rows = [Typed(capfirst(model_admin.opts.verbose_name), _in_words(form))]
    for formset_class, _ in model_admin.get_formsets_with_inlines(request):
        prefix = formset_class.get_default_prefix()
        rows += [
            Typed(_title(formset_class), _in_words(_form(formset_class, request.POST, number)))
            for number in sorted(_numbers(request.POST, prefix))
        ]
    return [row for row in rows if row.values]


def without_gone_rows(model_admin, request, row, base):
    """Return what was sent, less the rows of `row` that are not in the database any more.

    Also returns what was Typed into those; left out are those that stood so in `base`, the
    canonical rows with which the form was opened, and those that were to be deleted.
    """
    data, gone = request.POST.copy(), []
    for formset_class, _ in model_admin.get_formsets_with_inlines(request, row):
        model, prefix = formset_class.model, formset_class.get_default_prefix()
        there = model._base_manager.filter(**{formset_class.fk.name: row})
        there = {str(pk) for pk in there.values_list("pk", flat=True)}
        pk_name = model._meta.pk.name
        numbers = _numbers(data, prefix)
        missing = {
            n for n in numbers if data.get(f"{prefix}-{n}-{pk_name}") not in {*there, "", None}
        }
        for number in sorted(missing):
            form = _form(formset_class, data, number)
            if f"{prefix}-{number}-DELETE" not in data and not _is_among(form, base):
                gone.append(Typed(_title(formset_class), _in_words(form)))
        if missing:
            _leave_out(data, prefix, numbers, missing)
    return data, gone


def _title(formset_class):
    return capfirst(formset_class.model._meta.verbose_name)


def _form(formset_class, data, number):
    return formset_class.form(data, prefix=f"{formset_class.get_default_prefix()}-{number}")


def _numbers(data, prefix):
    """Return the numbers of all rows of an inline that were sent."""
    matches = (re.fullmatch(rf"{re.escape(prefix)}-([0-9]{{1,6}})-.+", name) for name in data)
    return {int(match[1]) for match in matches if match}


def _leave_out(data, prefix, numbers, missing):
    """Take rows out of an inline and number the others anew."""
    for kind in ("TOTAL", "INITIAL"):
        name = f"{prefix}-{kind}_FORMS"
        if re.fullmatch("[0-9]{1,6}", data.get(name, "")):
            data[name] = str(int(data[name]) - len(missing))
    moved = {}
    for new, old in enumerate(sorted(numbers - missing)):
        names = [name for name in data if name.startswith(f"{prefix}-{old}-")]
        moved |= {name.replace(f"-{old}-", f"-{new}-", 1): data.getlist(name) for name in names}
    for name in list(data):
        if re.match(rf"{re.escape(prefix)}-[0-9]{{1,6}}-", name):
            del data[name]
    for name, values in moved.items():
        data.setlist(name, values)


def _values(form):
    """Return {name: what was typed, as the field understands it, or else the text itself}."""
    values = {}
    for name, field in form.fields.items():
        hidden = field.widget.is_hidden or name in {form._meta.model._meta.pk.name, "DELETE"}
        if hidden:
            continue
        raw = field.widget.value_from_datadict(form.data, {}, form.add_prefix(name))
        try:
            values[name] = field.clean(raw)
        except ValidationError:
            values[name] = raw
    return values


def _is_among(form, base):
    """Return whether one of the canonical rows `base` has every value that was typed."""
    shape = shapes().get(form._meta.model)
    typed = {
        name: _canonical(value)
        for name, value in _values(form).items()
        if shape and name in shape.fields
    }
    return any(
        all(row.fields.get(name, shape.defaults[name]) == value for name, value in typed.items())
        for row in base or ()
        if row.shape is shape
    )


def _canonical(value):
    if isinstance(value, models.Model):
        return list(value.natural_key())
    if isinstance(value, models.QuerySet):
        return sorted(list(row.natural_key()) for row in value)
    return canonical(value)


def _in_words(form):
    """Return (label, what was typed in words) of the fields that are not empty."""
    said = []
    for name, value in _values(form).items():
        words = _words(form.fields[name], value)
        if words:
            said.append((str(form.fields[name].label or capfirst(name)), words))
    return said


def _words(field, value):
    if value in (None, "", False) or (isinstance(value, (list, dict)) and not value):
        return ""
    if isinstance(value, (list, models.QuerySet)):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        kinds = dict(Absence.choices)
        return ", ".join(f"{field.widget.labels[n]}: {kinds[kind]}" for n, kind in value.items())
    if isinstance(value, EdtfDate):
        return value.in_words
    if value is True:
        return "Yes"
    if hasattr(field, "queryset"):
        return str(value) if isinstance(value, models.Model) else "what was chosen is gone"
    return str(dict(getattr(field, "choices", ())).get(value, value))
