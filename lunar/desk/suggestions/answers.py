"""What an editor answers: each value by itself, all changes of the record at once."""

from functools import partial

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.forms.models import modelform_factory
from django.forms.utils import ErrorDict
from django.utils import timezone

from lunar.desk import roles
from lunar.desk.admin.editor import change_url
from lunar.desk.admin.forms import CitedForm, LoadedAutocompleteSelect, ReasonField
from lunar.desk.history import LONGEST_REASON, Way, latest_revision, recording, revision_number
from lunar.desk.models import SuggestedValue, Suggestion
from lunar.desk.suggestions.proposals import proposed_columns
from lunar.desk.suggestions.values import groups_of, in_words
from lunar.sources.models import Source
from lunar.text import clean_text, fold

State = SuggestedValue.State

WAIT, ACCEPT, BY_HAND, DECLINE = "wait", "accept", "by_hand", "decline"
DECISIONS = {
    WAIT: "Leave waiting",
    ACCEPT: "Accept",
    BY_HAND: "Done by hand",
    DECLINE: "Decline",
}
LONGEST_ANSWER = 2000
LARGEST = 10**9
ANSWERED_MEANWHILE = (
    "Somebody else has answered this suggestion since you opened it. Nothing was changed; below is "
    "how it stands now."
)


class AnsweredMeanwhileError(Exception):
    """Another editor has answered the same suggestion first."""


class ColumnsForm(CitedForm):
    """The columns behind the values that are accepted, checked with all the rest of their row."""

    def _get_validation_exclusions(self):
        return {name for name in self.fields if name in self._errors}


class ValueAnswer:
    """One value of a suggestion as the desk shows it: suggested, as it stands, and the answer.

    `offered` is the Value of the record's page that it speaks of; None if it is no longer there.
    """

    def __init__(self, form, suggested, offered):
        self.form, self.suggested, self.offered = form, suggested, offered
        self.now = offered.now if offered else ""
        self.stands = offered.stands if offered else ""

    @property
    def has_changed(self):
        """Whether the value is another than when the suggestion was sent."""
        return self.offered is None or self.now != self.suggested.stood

    @property
    def is_waiting(self):
        return self.suggested.state == State.WAITING

    @property
    def subject(self):
        return self.offered.subject if self.offered else None

    @property
    def edit_url(self):
        """Where it is changed by hand; "" once it is gone."""
        return change_url(self.subject) if self.subject else ""

    @property
    def column_names(self):
        return [column.name for column in self.offered.columns] if self.offered else []

    @property
    def inputs(self):
        """The bound fields of the columns that accepting it would change."""
        columns = self.form.columns_forms.get(self.subject)
        return [columns[name] for name in self.column_names] if columns else []

    @property
    def decision(self):
        return self.form[f"decision_{self.suggested.pk}"]

    @property
    def answer(self):
        return self.form[f"answer_{self.suggested.pk}"]

    @property
    def decided(self):
        return self.form.cleaned_data.get(f"decision_{self.suggested.pk}", WAIT)


class AnswerForm(forms.Form):
    """Asks what is to become of each value that waits, why the record changes, and on what source.

    The rows' own forms (`columns_forms`) are part of it: one for each record or part concerned.
    """

    version = forms.IntegerField(min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    seen = forms.IntegerField(min_value=0, max_value=LARGEST, widget=forms.HiddenInput)
    locator = forms.CharField(
        max_length=120,
        required=False,
        label="Where in it",
        help_text="Page, paragraph, table.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    def __init__(self, suggestion, request, data=None):
        self.suggestion, self.user = suggestion, request.user
        self.record = suggestion.record
        groups = groups_of(self.record) if self.record else []
        offered = {value.name: value for group in groups for value in group.values}
        number = revision_number(self.record) if self.record else 0
        super().__init__(
            data, initial={"version": suggestion.version, "seen": number, **self._reason()}
        )
        self.answers = [
            ValueAnswer(self, one, offered.get(one.name)) for one in suggestion.values.all()
        ]
        self.waiting = [answer for answer in self.answers if answer.is_waiting]
        self.may_change = bool(self.record) and roles.may_change(self.user, self.record)
        self.fields["change_reason"] = ReasonField(required=False)
        self.fields["source"] = _source_field(self.record)
        for answer in self.waiting:
            self._ask(answer)
        self._request = request
        self.columns_forms = {
            subject: self._columns_form(subject, answers, data)
            for subject, answers in self._by_subject(self.waiting).items()
        }
        self._checked = {}

    def _reason(self):
        start = clean_text(f"Suggested by a reader: {' '.join(self.suggestion.source.split())}")
        return {"change_reason": start[:LONGEST_REASON]}

    def _ask(self, answer):
        pk = answer.suggested.pk
        choices = dict(DECISIONS)
        if not (answer.column_names and self.may_change):
            del choices[ACCEPT]
        self.fields[f"decision_{pk}"] = forms.ChoiceField(
            choices=list(choices.items()), widget=forms.RadioSelect, initial=WAIT, label="Decision"
        )
        self.fields[f"answer_{pk}"] = forms.CharField(
            required=False,
            max_length=LONGEST_ANSWER,
            label="Answer to the sender",
            widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            help_text="Needed to decline: why.",
        )

    def _by_subject(self, answers):
        found = {}
        for answer in answers:
            if answer.column_names and self.may_change:
                found.setdefault(answer.subject, []).append(answer)
        return found

    def _columns_form(self, subject, answers, data, *, is_checked=False):
        """Return the form of one row with the columns of these answers, as the reader has them."""
        names = list(dict.fromkeys(name for answer in answers for name in answer.column_names))
        page = admin.site.get_model_admin(type(subject))
        form_class = modelform_factory(
            type(subject),
            form=ColumnsForm,
            fields=names,
            formfield_callback=partial(page.formfield_for_dbfield, request=self._request),
        )
        proposed = {}
        for answer in answers:
            proposed |= proposed_columns(answer.offered, answer.suggested.proposed)
        row = type(subject)._base_manager.get(pk=subject.pk)
        prefix = f"{subject._meta.model_name}-{subject.pk}"
        form = form_class(data, instance=row, prefix=prefix, initial=proposed)
        if data is not None and not is_checked:
            form._errors = ErrorDict()  # only what is accepted is checked, in a form of its own
        return form

    def clean(self):
        super().clean()
        for name, text in self.cleaned_data.items():
            if isinstance(text, str) and name.startswith(("answer_", "change_reason", "locator")):
                self.cleaned_data[name] = clean_text(text, max_length=LONGEST_ANSWER)
        self.accepted = [a for a in self.waiting if a.decided == ACCEPT]
        for answer in self.waiting:
            name = f"answer_{answer.suggested.pk}"
            if answer.decided == DECLINE and not self.cleaned_data.get(name):
                self.add_error(name, "Say why it is declined: its sender reads it.")
        if all(answer.decided == WAIT for answer in self.waiting) and not self.errors:
            raise ValidationError("Decide at least one of the values.")
        if self.accepted and not self.cleaned_data.get("change_reason"):
            self.add_error("change_reason", ReasonField.MISSING)
        for subject, answers in self._by_subject(self.accepted).items():
            self._check(subject, answers)

    def _check(self, subject, answers):
        """Check the accepted columns of one row, and tell what is wrong beside them."""
        checked = self._columns_form(subject, answers, self.data, is_checked=True)
        if checked.is_valid():
            self._checked[subject] = checked
            return
        shown = self.columns_forms[subject]
        for name, errors in checked.errors.items():
            if name in shown.fields:
                shown._errors[name] = errors
        said = checked.non_field_errors()
        self.add_error(None, [f"{subject}: {text}" for text in said] or "Correct the values below.")

    def save(self):
        """Do all that was decided, or nothing.

        Raises AnsweredMeanwhileError or StaleRecordError where another editor was faster, and
        IntegrityError where the database refuses a value.
        """
        said = self.cleaned_data
        with transaction.atomic():
            unanswered = Suggestion.objects.filter(pk=self.suggestion.pk, version=said["version"])
            if not unanswered.update(version=F("version") + 1):
                raise AnsweredMeanwhileError
            revision = self._change_record() if self.accepted else None
            for answer in self.waiting:
                self._answer(answer, revision)
            if not self.suggestion.values.waiting().exists():
                Suggestion.objects.filter(pk=self.suggestion.pk).update(
                    state=Suggestion.State.ANSWERED, answered_at=timezone.now()
                )
        return revision

    def _change_record(self):
        """Write the accepted values as one revision, with the source cited for them; return it."""
        said = self.cleaned_data
        with recording(self.user, said["change_reason"], Way.CORRECTION) as change:
            change.expect(self.record, said["seen"])
            for form in self._checked.values():
                form.save()
            if said["source"]:
                for answer in self.accepted:
                    self._cite(answer)
        # What stood like this already has been changed before.
        return next(iter(change.revisions), None) or latest_revision(
            type(self.record), self.record.natural_key()[0]
        )

    def _cite(self, answer):
        citations = self._checked[answer.subject].instance.citations
        citations.get_or_create(
            field=answer.offered.field,
            source=self.cleaned_data["source"],
            stance=citations.model.Stance.SUPPORTS,
            stated_value="",
            defaults={"locator": self.cleaned_data["locator"]},
        )

    def _answer(self, answer, revision):
        decided, one = answer.decided, answer.suggested
        if decided == WAIT:
            return
        one.answer = self.cleaned_data[f"answer_{one.pk}"]
        one.answered_at, one.answered_by = timezone.now(), self.user
        if decided == DECLINE:
            one.state = State.DECLINED
        elif decided == BY_HAND:
            one.state = State.BY_HAND
            one.revision = self.suggestion.later_revisions.first()
        else:
            row = self._checked[answer.subject].instance
            fresh = type(row)._base_manager.get(pk=row.pk)
            one.became = in_words(fresh, answer.offered.field)
            one.state = State.ACCEPTED if self._as_proposed(answer, one) else State.ADJUSTED
            one.revision = revision
        one.save()

    def _as_proposed(self, answer, one):
        """Whether what was accepted is what the reader proposed."""
        form = self._checked[answer.subject]
        proposed = proposed_columns(answer.offered, one.proposed)
        is_kept = bool(proposed) and not any(name in form.changed_data for name in proposed)
        return is_kept or fold(one.became) == fold(one.proposed)


def _source_field(record):
    """Return the field that finds the source to cite for what is accepted."""
    sources = Source.objects.all()
    if record is None:
        return forms.ModelChoiceField(sources, required=False)
    column = record.citations.model._meta.get_field("source")
    return forms.ModelChoiceField(
        sources,
        required=False,
        label="Source to cite for what is accepted",
        widget=LoadedAutocompleteSelect(column, admin.site),
    )
