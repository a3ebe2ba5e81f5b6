"""The form in which a reader suggests a correction."""

import hashlib
import secrets

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

from lunar.desk.models import SuggestedValue, Suggestion
from lunar.desk.models.suggestion import KEEP_SENDER_DAYS
from lunar.desk.suggestions.stamps import FASTEST_SECONDS, OLDEST_SECONDS, Stamp
from lunar.text import clean_text

MOST_VALUES = 20  # in one suggestion
KEPT = 4000  # characters of a text that are shown again when it is too long
# Characters that turn the text around them over: it would end on pages beside other texts.
DIRECTIONS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
TRAP = "website"  # people do not see this field

STALE = (
    "This page was open for more than a day. What you wrote is still here: compare it with how "
    "the record stands now, and send it again."
)
CHANGED = (
    "The record was changed while you were writing. What you wrote is still here: compare it with "
    "how the record stands now, and send it again."
)
FAST = "That was faster than anybody reads. Nothing is lost: please send it once more."
TRAPPED = "One field is meant to stay empty, and something was written into it. Please empty it."


def digest(token):
    """Return what is kept of the secret in a suggestion's address."""
    return hashlib.sha256(token.encode()).hexdigest()


class TextField(forms.CharField):
    """A text that a page can show, with a length that is told instead of cut."""

    def __init__(self, *, longest, is_long=False, **kwargs):
        widget = forms.Textarea(attrs={"rows": 3}) if is_long else forms.TextInput()
        super().__init__(widget=widget, **kwargs)
        self.is_long = is_long
        self.validators.append(
            MaxLengthValidator(longest, f"Keep it to {longest:,} characters, please.")
        )

    def to_python(self, value):
        text = super().to_python(value).translate(DIRECTIONS)
        return text if self.is_long else " ".join(text.split())


class SuggestionForm(forms.Form):
    """Asks what each value of a record should be, what that rests on, and who says so."""

    source = TextField(
        longest=Suggestion.LONGEST_SOURCE,
        is_long=True,
        label="What does your correction rest on?",
        help_text="The address of a page, or what was published where: newspaper and date, book "
        "and page, museum label.",
        error_messages={
            "required": "Say where this can be read: without a source nothing changes."
        },
    )
    remark = TextField(
        longest=Suggestion.LONGEST_REMARK,
        is_long=True,
        required=False,
        label="Remark (optional)",
        help_text="What else the editors should know.",
    )
    sender_name = TextField(
        longest=Suggestion._meta.get_field("sender_name").max_length,
        required=False,
        label="Your name (optional)",
    )
    sender_email = forms.EmailField(required=False, label="Your e-mail address (optional)")
    website = TextField(longest=200, required=False, label="Leave this field empty")
    stamp = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, record, groups, number, data=None):
        self.record, self.groups, self.number = record, groups, number
        self.notice = ""  # why the form is shown again although nothing in it is wrong
        self.values = {self.field_name(v): v for group in groups for v in group.values}
        fresh = Stamp.now(record, number).text
        super().__init__(initial={"stamp": fresh}, use_required_attribute=False)
        for name, value in self.values.items():
            self.fields[name] = value_field(value)
        self.fields["sender_name"].widget.attrs["autocomplete"] = "name"
        self.fields["sender_email"].widget.attrs["autocomplete"] = "email"
        self.fields[TRAP].widget.attrs |= {"autocomplete": "off", "tabindex": "-1"}
        if data is not None:
            self.is_bound = True
            self.data = {
                name: clean_text(data.get(name, "")[:KEPT], max_length=KEPT) for name in self.fields
            }

    @staticmethod
    def field_name(value):
        return f"value_{value.name}"

    @property
    def keep_days(self):
        return KEEP_SENDER_DAYS

    def clean_website(self):
        if self.cleaned_data[TRAP]:
            raise ValidationError(TRAPPED)
        return ""

    def clean(self):
        super().clean()
        proposed = {n: self.cleaned_data[n] for n in self.values if self.cleaned_data.get(n)}
        for name, text in proposed.items():
            if text == self.values[name].now:
                self.add_error(name, "This is how it stands already.")
        if not proposed and not set(self.values) & set(self.errors):
            self.add_error(None, "Say what is wrong: write at least one value as it should be.")
        if len(proposed) > MOST_VALUES:
            self.add_error(
                None, f"Correct at most {MOST_VALUES} values at a time, and send the rest after."
            )
        self._check_stamp()

    def _check_stamp(self):
        stamp = Stamp.read(self.cleaned_data.get("stamp", ""))
        if stamp is None or not stamp.is_for(self.record) or stamp.age > OLDEST_SECONDS:
            self._show_again(STALE)
        elif stamp.number != self.number:
            self._show_again(CHANGED)
        elif stamp.age < FASTEST_SECONDS:
            self.notice = FAST
            self.add_error(None, FAST)

    def _show_again(self, notice):
        self.notice = notice
        self.add_error(None, notice)
        self.data["stamp"] = self.initial["stamp"]

    def save(self):
        """Keep the suggestion; return the secret of its address, which nothing else knows."""
        token = secrets.token_urlsafe(32)
        said = self.cleaned_data
        suggestion = Suggestion.objects.create(
            label=self.record._meta.label_lower,
            key=self.record.natural_key()[0],
            title=str(self.record)[:300],
            seen=self.number,
            token_digest=digest(token),
            **{n: said[n] for n in ("source", "remark", "sender_name", "sender_email")},
        )
        SuggestedValue.objects.bulk_create(
            SuggestedValue(
                suggestion=suggestion,
                name=value.name,
                label=value.full_label[:300],
                stood=value.now,
                proposed=said[name],
            )
            for name, value in self.values.items()
            if said[name]
        )
        return token


def value_field(value):
    """Return the form field that asks what a Value should be; how it stands is its help text."""
    stands = (
        f"Now: {value.stands}" if value.field else "In your own words: what is wrong or missing?"
    )
    if value.choices:
        choices = [("", "Leave it as it is"), *((label, label) for label in value.choices)]
        return forms.ChoiceField(
            choices=choices, required=False, label=value.label, help_text=stands
        )
    return TextField(
        longest=SuggestedValue.LONGEST,
        is_long=value.is_long,
        required=False,
        label=value.label,
        help_text=stands,
    )
