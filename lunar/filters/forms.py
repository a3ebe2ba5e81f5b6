"""The form that holds the parameters of a list, and its fields."""

import re
from html import escape

from django import forms
from django.forms.utils import flatatt
from django.utils.safestring import mark_safe

from lunar.text import MAX_QUERY_LENGTH, clean_text

PER_PAGE = ("25", "50", "100")
DEFAULT_PER_PAGE = "50"
SELECTED = " selected"


class PlainSelect(forms.Select):
    """A choice whose options are put together by plain Python.

    Django renders a template for each of them, and there may be hundreds.
    """

    def render(self, name, value, attrs=None, renderer=None):
        chosen = "" if value is None else str(value)
        options = "\n".join(
            f'  <option value="{escape(str(option))}"{SELECTED * (str(option) == chosen)}>'
            f"{escape(str(label))}</option>"
            for option, label in self.choices
        )
        attributes = flatatt({"name": name} | self.build_attrs(self.attrs, attrs))
        return mark_safe(f"<select{attributes}>\n{options}\n</select>")  # noqa: S308  all escaped


class PlainInput(forms.TextInput):
    """A line of text that is put together by plain Python, as a PlainSelect is."""

    def render(self, name, value, attrs=None, renderer=None):
        text = self.format_value(value)
        given = {"type": self.input_type, "name": name} | ({} if text is None else {"value": text})
        attributes = flatatt(given | self.build_attrs(self.attrs, attrs))
        return mark_safe(f"<input{attributes}>")  # noqa: S308  flatatt escapes


class WordsField(forms.CharField):
    """Words to search for; characters that no text holds are dropped, too many are refused."""

    widget = PlainInput

    def clean(self, value):
        text = clean_text(value or "", max_length=MAX_QUERY_LENGTH + 1)
        if len(text) > MAX_QUERY_LENGTH:
            raise forms.ValidationError(f"Search for at most {MAX_QUERY_LENGTH} letters at once.")
        return text


class FacetField(forms.ChoiceField):
    """A choice whose options are counted when they are shown, not where a value is only checked."""

    widget = PlainSelect

    def offer(self, choices, label_of):
        """Take the options from `choices()`; a value is one if `label_of(value)` is a text."""
        self.choices = choices
        self.label_of = label_of

    def valid_value(self, value):
        return bool(self.label_of(value))


class PageField(forms.Field):
    """A page number of ASCII digits, 1 to 999,999."""

    def clean(self, value):
        if not value:
            return 1
        if not re.fullmatch(r"[0-9]{1,6}", value) or int(value) == 0:
            raise forms.ValidationError("Write a page number such as 1 or 12.")
        return int(value)


class ListForm(forms.Form):
    """The parameters that every list has besides its filters."""

    sort = forms.ChoiceField(required=False, widget=PlainSelect)
    per_page = forms.ChoiceField(
        label="Rows on a page",
        required=False,
        widget=PlainSelect,
        choices=[("", f"Usual ({PER_PAGE[1]})"), *((n, n) for n in PER_PAGE)],
    )
    page = PageField(required=False)

    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("from"), cleaned.get("to")
        if start and end and start.earliest and end.latest and start.earliest > end.latest:
            self.add_error("to", "This date lies before “from”. Swap the two.")
        return cleaned
