"""Forms of the editors' desk: absences, evidence, and the rule that only evidence publishes."""

import re
from decimal import Decimal

from django import forms
from django.contrib.admin.widgets import (
    AutocompleteSelect,
    AutocompleteSelectMultiple,
    RelatedFieldWidgetWrapper,
)
from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ValidationError
from django.db import models
from django.forms.models import construct_instance

from lunar.desk.history import LONGEST_REASON
from lunar.desk.roles import reachable_states
from lunar.sources.models import Citation, Record
from lunar.sources.models.record import Absence

KEY = re.compile("[0-9]{1,18}")  # of a row: what every database can look for
NEEDS_EVIDENCE = (
    "Publishing needs at least one citation that supports the record. "
    "Add one under “Evidence”, or choose another state."
)


class AbsencesWidget(forms.MultiWidget):
    """One select for each value that may be missing: which kind of nothing it is."""

    template_name = "admin/widgets/absences.html"

    def __init__(self, labels):
        self.labels = labels
        choices = [("", "Given, or not looked for yet"), *Absence.choices]
        super().__init__({name: forms.Select(choices=choices) for name in labels})

    def decompress(self, value):
        return [(value or {}).get(name, "") for name in self.labels]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        subwidgets = context["widget"]["subwidgets"]
        for subwidget, label in zip(subwidgets, self.labels.values(), strict=True):
            subwidget["label"] = label
        return context


class AbsencesField(forms.MultiValueField):
    """Edits `Cited.absent_values` without showing its JSON."""

    def __init__(self, model, **kwargs):
        labels = {name: model.field_label(name) for name in fields_that_may_miss(model)}
        choices = forms.ChoiceField(choices=Absence.choices, required=False)
        super().__init__(
            [choices for _ in labels],
            widget=AbsencesWidget(labels),
            required=False,
            require_all_fields=False,
            **kwargs,
        )

    def compress(self, kinds):
        return {name: kind for name, kind in zip(self.widget.labels, kinds, strict=False) if kind}


def fields_that_may_miss(model):
    """Return the cited fields of `model` that can be blank, in order.

    Names that are no columns, like a landing's position, are put together from several; lists
    and yes-or-no values are never blank.
    """
    names = []
    for name in model.CITED_FIELDS:
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            names.append(name)
            continue
        if field.blank and field.editable and not field.many_to_many:
            names.append(name)
    return names


class NamedAutocompleteMixin:
    """Says in an empty autocomplete what it finds, also to those who cannot see the label.

    Django's shows a form again with whatever was sent as the key of a row, and fails where that
    is none.
    """

    def build_attrs(self, base_attrs, extra_attrs=None):
        attrs = super().build_attrs(base_attrs, extra_attrs)
        found = self.field.related_model._meta.verbose_name
        return attrs | {"data-placeholder": f"Find {found}…"}

    def optgroups(self, name, value, attrs=None):
        keys = [key for key in value if KEY.fullmatch(str(key))]
        return super().optgroups(name, keys, attrs)


class NamedAutocompleteSelectMultiple(NamedAutocompleteMixin, AutocompleteSelectMultiple):
    pass


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows by their keys; one that no database can look for is no choice either."""

    def clean(self, value):
        for key in value or ():
            if not KEY.fullmatch(str(key)):
                said = self.error_messages["invalid_choice"]
                raise ValidationError(said, code="invalid_choice", params={"value": key})
        return super().clean(value)


class LoadedAutocompleteSelect(NamedAutocompleteMixin, AutocompleteSelect):
    """An autocomplete that asks the database nothing about a row that is loaded already."""

    loaded = None

    def optgroups(self, name, value, attrs=None):
        if not self.loaded or value != [str(self.loaded.pk)]:
            return super().optgroups(name, value, attrs)
        label = self.choices.field.label_from_instance(self.loaded)
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        options.append(self.create_option(name, value[0], label, set(value), len(options)))
        return [(None, options, 0)]


class ReasonField(forms.CharField):
    """Asks for what a revision says of a change in public."""

    MISSING = "Say why, and on what source: it is shown in public beside the change."

    def __init__(self, **kwargs):
        super().__init__(
            label="Why, and on what source?",
            help_text="Shown in public with this change: “Mass corrected after NASA's catalogue”.",
            max_length=LONGEST_REASON,
            widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            error_messages={"required": self.MISSING},
            **kwargs,
        )


class ReasonForm(forms.Form):
    """Asks why, before something is done to what is chosen already."""

    change_reason = ReasonField()


class EditorForm(forms.ModelForm):
    """A form that tells what the database would refuse, before or after it has done so."""

    refusal = ""  # set on the class made for a request that the database has refused
    user = None  # set on the class made for a page: who sends the form

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(self.initial.get(name), Decimal):  # 1.142, not 1.1420000
                self.initial[name] = Decimal(f"{self.initial[name].normalize():f}")
            widget = field.widget
            if isinstance(widget, RelatedFieldWidgetWrapper):
                widget = widget.widget
            if isinstance(widget, LoadedAutocompleteSelect):
                widget.loaded = self.instance._state.fields_cache.get(name)

    def clean(self):
        super().clean()
        if self.refusal:
            raise ValidationError(self.refusal)

    def _get_validation_exclusions(self):
        # The key is in no form, but a constraint may compare with it (“not itself”).
        return super()._get_validation_exclusions() - {self._meta.model._meta.pk.name}

    def _update_errors(self, errors):
        # Model.clean() may speak of a field that this form leaves to another page.
        elsewhere = set(getattr(errors, "error_dict", {})) - {*self.fields, NON_FIELD_ERRORS}
        for name in elsewhere:
            moved = errors.error_dict.pop(name)
            errors.error_dict.setdefault(NON_FIELD_ERRORS, []).extend(moved)
        super()._update_errors(errors)


class CitedForm(EditorForm):
    """A form for something whose values sources evidence, or are missing for a reason."""

    def clean_absent_values(self):
        offered = self.fields["absent_values"].widget.labels
        stored = self.instance.absent_values
        kept = {name: kind for name, kind in stored.items() if name not in offered}
        return kept | self.cleaned_data["absent_values"]

    def _post_clean(self):
        if "absent_values" not in self.fields:
            # A value typed in where absences are not shown is no longer absent.
            construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)
            self.instance.absent_values = {
                name: kind
                for name, kind in self.instance.absent_values.items()
                if getattr(self.instance, name, None) in (None, "")
            }
        super()._post_clean()


class RecordForm(CitedForm):
    """A form for a whole record, with the states to which its editor may bring it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.record_form = self  # for CitationFormSet, which is validated after it
        if "state" in self.fields:
            offered = set(reachable_states(self.user, self.instance))
            state = self.fields["state"]
            state.error_messages["invalid_choice"] = "You cannot bring this record to that state."
            state.choices = [choice for choice in Record.State.choices if choice[0] in offered]


class CitationForm(EditorForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "field" in self.fields:
            subject = self._meta.model.subject_model()
            names = ["", *subject.CITED_FIELDS]
            self.fields["field"] = forms.ChoiceField(
                choices=[(name, subject.field_label(name)) for name in names],
                required=False,
                label="Evidence for",
                initial="",
            )


class CitationAloneForm(CitationForm):
    """A citation on a page of its own, without the record that it may carry alone."""

    def clean_stance(self):
        stance = self.cleaned_data["stance"]
        if stance != Citation.Stance.SUPPORTS and carries_publication([self.instance]):
            raise ValidationError(
                "A published record rests on this citation alone. "
                "Cite another source for it first, or withdraw it."
            )
        return stance


class CitationFormSet(forms.BaseInlineFormSet):
    """The evidence of a record or part, validated together with the record's state."""

    def clean(self):
        super().clean()
        record = self.instance
        if not isinstance(record, Record) or record.state != Record.State.PUBLISHED:
            return
        if any(self.errors):  # they are told first
            return
        kept = [form for form in self.forms if form not in self.deleted_forms]
        if any(form.cleaned_data.get("stance") == Citation.Stance.SUPPORTS for form in kept):
            return
        record.record_form.add_error("state", NEEDS_EVIDENCE)
        raise ValidationError("The record is to be published, but nothing here supports it.")


def carries_publication(citations):
    """Return the published records that would have no support without these citations."""
    supporting = {}
    for citation in citations:
        if citation.pk and isinstance(citation.subject, Record):
            supporting.setdefault(citation.subject, set()).add(citation.pk)
    return [
        record
        for record, keys in supporting.items()
        if record.state == Record.State.PUBLISHED
        and not record.citations.filter(stance=Citation.Stance.SUPPORTS)
        .exclude(pk__in=keys)
        .exists()
    ]


def autocomplete_relations(model):
    """Return the names of every editable relation of `model`: all are found by typing."""
    return [
        field.name
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if isinstance(field, (models.ForeignKey, models.ManyToManyField)) and field.editable
    ]
