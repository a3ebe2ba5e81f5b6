"""The filters of a list, and what it says of them: options, what is chosen, addresses."""

from functools import cache, partial

import django_filters as filters
from django.http import QueryDict

from lunar.edtf import EdtfFormField, overlaps
from lunar.edtf.dates import EdtfDate
from lunar.filters.forms import (
    DEFAULT_PER_PAGE,
    FacetField,
    ListForm,
    PlainInput,
    WordsField,
)
from lunar.filters.parameters import asked_for
from lunar.serving.remembered import remembered

MOST_COUNTED = 50_000  # rows of a filtered list whose facets still tell their numbers
DEFAULTS = {("per_page", DEFAULT_PER_PAGE), ("page", "1")}  # left out of addresses


class FacetFilter(filters.Filter):
    field_class = FacetField

    def __init__(self, facet):
        super().__init__(label=facet.label)
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
        super().__init__(field_name=field_name, label=label, widget=PlainInput)
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
        self._counted = {}
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
        self.form.order_fields([*self.filters, "sort", "per_page", "page"])
        fields = self.form.fields
        fields["sort"].choices = [("", "Usual order"), *self.table_class.sorts()]
        for facet in self.facets:
            fields[facet.name].offer(
                choices=partial(self._choices, facet),
                label_of=cache(partial(self._label_of, facet)),
            )

    def _label_of(self, facet, value):
        """Return what people read for a value of a facet; "" if it is none that occurs or may."""
        options = self._options(facet, without=self.filters)
        if value in options:
            return options[value][0]
        return facet.label_of(value, self.queryset.model)

    def _choices(self, facet):
        """Return the values of a facet that occur in the whole list, counted in the filtered one.

        In a very long one they are not counted: everybody would wait for numbers that few read.
        """
        everything = self._options(facet, without=self.filters)
        selected = self.data.get(facet.name)
        label = selected and selected not in everything and self._label_of(facet, selected)
        if label:
            everything = everything | {selected: (label, 0)}
        if not self.is_valid() or not self.chosen():
            counted = everything
        elif self.count > MOST_COUNTED:
            return [("", "Any"), *((value, label) for value, (label, _) in everything.items())]
        else:
            counted = self._options(facet, without=[facet.name])
        return [("", "Any")] + [
            (value, f"{label} ({counted.get(value, (label, 0))[1]})")
            for value, (label, _) in everything.items()
            if value in counted or value == selected
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
        name = f"facet {facet.name} {self._name_of(without)}"
        if name not in self._counted:
            self._counted[name] = remembered(name, lambda: facet.options(self._filtered(without)))
        return self._counted[name]

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
            field = self.form.fields[name]
            words = field.label_of(value) if isinstance(field, FacetField) else value
            found.append((field.label, words, self.link(**{name: ""})))
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
