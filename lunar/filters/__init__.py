"""What the address of a list may ask for, on django-filter: words, facets, dates, sort, page.

Every parameter is a field of one form. A bad value leaves the list empty and is told beside its
field; it never yields another list than the one asked for.
"""

from lunar.filters.facets import ConditionFacet, Facet
from lunar.filters.filterset import DateFilter, FacetFilter, RecordFilterSet
from lunar.filters.forms import DEFAULT_PER_PAGE, ListForm, PageField, PlainSelect, WordsField
from lunar.filters.parameters import asked_for

__all__ = [
    "DEFAULT_PER_PAGE",
    "ConditionFacet",
    "DateFilter",
    "Facet",
    "FacetFilter",
    "ListForm",
    "PageField",
    "PlainSelect",
    "RecordFilterSet",
    "WordsField",
    "asked_for",
]
