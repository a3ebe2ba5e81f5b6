"""Every address of the site, taken from the URLconf, with what may stand in it."""

import re
from dataclasses import dataclass
from functools import cache

from django.urls import URLResolver, get_resolver

from lunar.data.views import served
from lunar.filters import RecordFilterSet
from lunar.pictures.registry import pictures
from lunar.search.forms import SearchForm

PLACE = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Address:
    """A route such as “missions/<slug:slug>/”, and the class of filters that it has, if any."""

    route: str
    filterset: type | None

    @property
    def parameters(self):
        """The names of the parameters that it looks at, or might."""
        if self.filterset:
            return parameters_of(self.filterset)
        return ADMIN_PARAMETERS if self.is_of_the_desk else every_parameter()

    @property
    def is_of_the_desk(self):
        return self.route.startswith("admin/")

    @property
    def places(self):
        """The names of what varies in it."""
        return PLACE.findall(self.route)

    def path(self, values):
        """Return the path with {name: value} in its places."""
        return "/" + PLACE.sub(lambda place: str(values[place[1]]), self.route)


def addresses():
    """Return every Address of the site, those of the desk included."""
    return list(_addresses(get_resolver(), ""))


def _addresses(resolver, prefix):
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern, route)
        elif "(?P" not in route:  # but those that only say “all else”
            view = getattr(pattern.callback, "view_class", None)
            yield Address(route, getattr(view, "filterset_class", None))


@cache
def every_parameter():
    """Return the names of all parameters of public pages."""
    return sorted({*OTHER_PARAMETERS, *(n for one in filtersets() for n in parameters_of(one))})


def parameters_of(filterset):
    """Return the names of the parameters of a list with this class of filters, and of its files."""
    return [*filterset.get_filters(), *filterset._meta.form.base_fields, "format"]


def filtersets(base=RecordFilterSet):
    """Return every class of filters that a list or a picture has."""
    return [one for child in base.__subclasses__() for one in (child, *filtersets(child))]


# Of pages that are no lists, of the API and of pictures.
OTHER_PARAMETERS = [
    *SearchForm.base_fields,
    *("as_of", "field", "fields", "layout", "matrix", "next", "record", "sources"),
    "updated_since",
]
# What Django's admin takes from an address, and what it must not be made to take.
ADMIN_PARAMETERS = [
    *("q", "o", "p", "all", "e", "_popup", "_to_field", "_changelist_filters", "_facets"),
    *("id__in", "id__exact", "pk__in", "state__exact", "state", "slug__regex", "worklist"),
    *("term", "app_label", "model_name", "field_name", "next", "password__startswith", "version"),
    *("citations__source__title__icontains", "a", "b", "from", "to", "other", "kind", "_connector"),
]


def values_of_places(world):
    """Return {name of a place: what may really stand there}, of a small world.

    The first `model_name` goes with the first `key`, and so on.
    """
    records = world.record_pages
    models = [record._meta.model_name for record in records]
    keys = [record.natural_key()[0] for record in records]
    return {
        "slug": keys,
        "key": keys,
        "code": ["CN", "SUHH", "cn"],
        "one": ["CN", "FR"],
        "other": ["FR", "SUHH"],
        "kind": [*models, "missions", "transfers", "countries", "sources"],
        "model_name": models,
        "token": ["x" * 43],
        "section": [1, 2],
        "version": ["2026.11.1"],
        "name": [*(cls.name for cls in pictures()), *served()],
        "ending": ["bib", "ris", "json"],
        "object_id": [record.pk for record in records],
        "id": [record.pk for record in records],
        "number": [1, 2],
        "content_type_id": [1, 9],
        "app_label": ["missions"],
        "file_format": ["csv", "json", "xlsx"],
    }
