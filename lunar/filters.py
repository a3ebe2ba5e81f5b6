"""What the address of a list may ask for, on django-filter: words, facets, dates, sort, page.

Every parameter is a field of one form. A bad value leaves the list empty and is told beside its
field; it never yields another list than the one asked for.
"""

import re
from dataclasses import dataclass

import django_filters as filters
from django import forms
from django.db.models import Count, Q
from django.forms.utils import flatatt
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from lunar.edtf import EdtfFormField, overlaps
from lunar.edtf.dates import EdtfDate
from lunar.serving.remembered import remembered
from lunar.text import MAX_QUERY_LENGTH, clean_text

PER_PAGE = ("25", "50", "100")
DEFAULT_PER_PAGE = "50"
MOST_COUNTED = 50_000  # rows of a filtered list whose facets still tell their numbers
SELECTED = mark_safe(" selected")
DEFAULTS = {("per_page", DEFAULT_PER_PAGE), ("page", "1")}  # left out of addresses
BLANKS = " \t\r\n\u00a0\u3000"
UNREADABLE = "\ufffd"  # what browsers show for it


def asked_for(parameters):
    """Return {name: text} of the parameters of an address that say something.

    One of nothing but characters that no text holds is not left out, as it would then yield the
    whole list: no field takes it.
    """
    return {
        name: clean_text(value, max_length=MAX_QUERY_LENGTH + 1) or UNREADABLE
        for name, value in parameters.items()
        if value.strip(BLANKS)
    }


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


@dataclass(frozen=True)
class Facet:
    """A filter by one of the values that occur, each shown with its number of rows.

    `path` leads to the value in the address, `label_path` to what people read; for a field with
    choices give `choices` instead. Of a field with choices, or of a record with a page of its own,
    any value may be asked for, even while no row has it.
    """

    name: str
    label: str
    path: str
    label_path: str = ""
    choices: type | None = None

    def options(self, queryset):
        """Return {value: (label, number of rows)} of what occurs in `queryset`."""
        if self.label_path:
            return self._related_options(queryset)
        numbers = {value: n for value, n in self._numbers(queryset, self.path) if value}
        labels = self.choices.choices if self.choices else ((v, v) for v in sorted(numbers))
        return {str(value): (label, numbers[value]) for value, label in labels if value in numbers}

    def _related_options(self, queryset):
        """Return the options of a facet by related records; no draft is named."""
        relation, _, name = self.path.rpartition("__")
        numbers = dict(self._numbers(queryset, relation))
        related = self._related(queryset.model)
        rows = related._base_manager.filter(pk__in=[pk for pk in numbers if pk])
        if _has_drafts(related):
            rows = rows.filter(is_public=True)
        label = self.label_path.rpartition("__")[2]
        found = rows.order_by(label, "pk").values_list("pk", name, label)
        return {str(value): (words, numbers[pk]) for pk, value, words in found}

    def _numbers(self, queryset, path):
        """Return (value, number of rows) of what `path` leads to."""
        if queryset.query.annotations:  # rows with numbers of their own would be grouped by them
            keys = queryset.order_by().values("pk")
            queryset = queryset.model._base_manager.filter(pk__in=keys)
        rows = queryset.order_by().values_list(path)
        # Only the parts of a record may have one value several times.
        is_part = self._leads_to_parts(queryset.model, path)
        return rows.annotate(n=Count("pk", distinct=is_part))

    def label_of(self, value, model):
        """Return what people read for a value that no row may have; "" if it is not one."""
        if self.choices:
            return dict(self.choices.choices).get(value, "")
        related = self._related(model)
        if not _has_drafts(related):
            return ""
        named = related._base_manager.filter(is_public=True, **{self.path.split("__")[-1]: value})
        return named.values_list(self.label_path.split("__")[-1], flat=True).first() or ""

    def apply(self, queryset, value):
        """Return the rows with this value; a row with two such values still comes once."""
        chosen = queryset.model._base_manager.filter(**{self.path: value}).values("pk")
        return queryset.filter(pk__in=chosen)

    def _leads_to_parts(self, model, path):
        for name in path.split("__"):
            field = model._meta.get_field(name)
            if field.one_to_many:
                return True
            model = field.related_model
        return False

    def _related(self, model):
        for name in self.path.split("__")[:-1]:
            model = model._meta.get_field(name).related_model
        return model


def _has_drafts(model):
    return any(field.name == "is_public" for field in model._meta.fields)


@dataclass(frozen=True)
class ConditionFacet:
    """A filter by one of a few named conditions, each shown with its number of rows.

    `conditions` maps the value in the address to what people read and a `Q`. Unlike the values of
    a `Facet`, each may be asked for even while no row fits it.
    """

    name: str
    label: str
    conditions: dict[str, tuple[str, Q]]

    def options(self, queryset):
        """Return {value: (label, number of rows)} in the order of the conditions."""
        rows = queryset.order_by()
        return {
            value: (label, rows.filter(condition).count())
            for value, (label, condition) in self.conditions.items()
        }

    def label_of(self, value, model):
        """Return "": its options name every value that there is."""
        return ""

    def apply(self, queryset, value):
        return queryset.filter(self.conditions[value][1])


class FacetFilter(filters.ChoiceFilter):
    def __init__(self, facet):
        super().__init__(label=facet.label, empty_label="Any", widget=PlainSelect)
        self.facet = facet

    def filter(self, queryset, value):
        return self.facet.apply(queryset, value) if value else queryset


class WordsFilter(filters.Filter):
    field_class = WordsField

    def filter(self, queryset, value):
        return queryset.matching(value) if value else queryset


class DateFilter(filters.Filter):
    """Rows whose date, as far as it is known, may lie on the given side of a date."""

    field_class = EdtfFormField

    def __init__(self, field_name, *, is_start, label):
        super().__init__(field_name=field_name, label=label)
        self.is_start = is_start
        self.extra["help_text"] = "1972 or 1972-04-13"

    def filter(self, queryset, value):
        if not value:
            return queryset
        wanted = EdtfDate(value)
        bound = (
            wanted.earliest or wanted.latest if self.is_start else wanted.latest or wanted.earliest
        )
        range_ = f"{bound.isoformat()}/.." if self.is_start else f"../{bound.isoformat()}"
        return queryset.filter(overlaps(self.field_name, EdtfDate(range_)))


class RecordFilterSet(filters.FilterSet):
    """Base of every list's filters: set `facets`, and `date_field` where rows have a date."""

    facets = ()
    date_field = ""

    class Meta:
        form = ListForm

    def __init__(self, data, queryset, *, table_class):
        super().__init__({"per_page": DEFAULT_PER_PAGE} | asked_for(data), queryset)
        self.table_class = table_class
        self._labels = {}
        self._set_options()

    @classmethod
    def parameters(cls):
        """Return the names of all that an address may ask for."""
        return (*cls.base_filters, *cls._meta.form.base_fields)

    @classmethod
    def get_filters(cls):
        found = {"q": WordsFilter(label="Search")}
        found |= {facet.name: FacetFilter(facet) for facet in cls.facets}
        if cls.date_field:
            found["from"] = DateFilter(cls.date_field, is_start=True, label="From")
            found["to"] = DateFilter(cls.date_field, is_start=False, label="To")
        return found

    def _set_options(self):
        """Give each facet the values that occur in the whole list, counted in the filtered one.

        In a very long one they are not counted: everybody would wait for numbers that few read.
        """
        self.form.order_fields([*self.filters, "sort", "per_page", "page"])
        fields = self.form.fields
        fields["sort"].choices = [("", "Usual order"), *self.table_class.sorts()]
        everything = {
            facet.name: self._options(facet, without=self.filters) for facet in self.facets
        }
        for facet in self.facets:
            options, selected = everything[facet.name], self.data.get(facet.name)
            if selected and selected not in options:
                label = facet.label_of(selected, self.queryset.model)
                if label:
                    options = everything[facet.name] = options | {selected: (label, 0)}
            self._labels[facet.name] = {value: label for value, (label, _) in options.items()}
            fields[facet.name].choices = list(self._labels[facet.name].items())
        if not self.is_valid() or not self.chosen():
            counted = everything
        elif self.count > MOST_COUNTED:
            counted = {}
        else:
            counted = {
                facet.name: self._options(facet, without=[facet.name]) for facet in self.facets
            }
        for facet in self.facets:
            selected = self.data.get(facet.name, "")
            fields[facet.name].choices = [("", "Any")] + [
                (value, f"{label} ({counted[facet.name].get(value, (label, 0))[1]})")
                if counted
                else (value, label)
                for value, (label, _) in everything[facet.name].items()
                if not counted or value in counted[facet.name] or value == selected
            ]

    @property
    def count(self):
        """How many rows are asked for."""
        return remembered(f"count {self.name}", self.qs.order_by().count)

    @property
    def name(self):
        """What tells the rows asked for from those of any other list and filter."""
        return self._name_of()

    def _name_of(self, without=()):
        kind = f"{type(self).__name__} {self.queryset.model._meta.label_lower}"
        unasked = dict.fromkeys([*without, "sort", "per_page", "page"], "")
        return f"{kind} {self.link(**unasked)}"

    def _options(self, facet, without):
        """Return the options of a facet among the rows that fit all filters but those."""
        return remembered(
            f"facet {facet.name} {self._name_of(without)}",
            lambda: facet.options(self._filtered(without)),
        )

    def _filtered(self, without=()):
        queryset = self.queryset
        for name, filter_ in self.filters.items():
            if name not in without:
                queryset = filter_.filter(queryset, self.form.cleaned_data.get(name))
        return queryset

    @property
    def qs(self):
        """The rows asked for; none at all if a parameter is wrong."""
        return self._filtered() if self.is_valid() else self.queryset.none()

    def chosen(self):
        """Return [(label, value in words, address without it)] for each filter in use."""
        found = []
        for name in self.filters:
            value = self.form.cleaned_data.get(name) if self.is_valid() else None
            if not value:
                continue
            words = self._labels.get(name, {}).get(value, value)
            found.append((self.form.fields[name].label, words, self.link(**{name: ""})))
        return found

    def link(self, **changes):
        """Return the query string of this list with `changes`; a changed filter starts at page 1.

        Only known parameters that say something are kept, in a fixed order.
        """
        if "page" not in changes:
            changes["page"] = ""
        query = QueryDict(mutable=True)
        for name in self.form.fields:
            value = str(changes[name]) if name in changes else self.data.get(name, "")
            if value and (name, value) not in DEFAULTS:
                query[name] = value
        return f"?{query.urlencode()}"
