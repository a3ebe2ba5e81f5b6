"""The form that holds the parameters of a list, and its fields."""

import re

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from lunar.text import MAX_QUERY_LENGTH, clean_text

PER_PAGE = ("25", "50", "100")
DEFAULT_PER_PAGE = "50"
SELECTED = mark_safe(" selected")


class PlainSelect(forms.Select):
    """A choice whose options are put together by plain Python.

    Django renders a template for each of them, and there may be hundreds.
    """

    def render(self, name, value, attrs=None, renderer=None):
        chosen = "" if value is None else str(value)
        options = format_html_join(
            "\n",
            '  <option value="{}"{}>{}</option>',
            (
                (option, SELECTED if str(option) == chosen else "", label)
                for option, label in self.choices
            ),
        )
        attributes = flatatt({"name": name} | self.build_attrs(self.attrs, attrs))
        return format_html("<select{}>\n{}\n</select>", attributes, options)


class WordsField(forms.CharField):
    """Words to search for; characters that no text holds are dropped, too many are refused."""

    def clean(self, value):
        text = clean_text(value or "", max_length=MAX_QUERY_LENGTH + 1)
        if len(text) > MAX_QUERY_LENGTH:
            raise forms.ValidationError(f"Search for at most {MAX_QUERY_LENGTH} letters at once.")
        return text


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
        choices=[("", f"Usual ({PER_PAGE[1]})"), *((n, n) for n in PER_PAGE)],
    )
    page = PageField(required=False)

    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("from"), cleaned.get("to")
        if start and end and start.earliest and end.latest and start.earliest > end.latest:
            self.add_error("to", "This date lies before “from”. Swap the two.")
        return cleaned
