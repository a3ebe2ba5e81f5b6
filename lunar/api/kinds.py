"""The kinds of records in the API: each with the rows, filters and sorts of its page.

Kinds that have no list among the pages are searched and sorted by name.
"""

from dataclasses import dataclass
from functools import cache

from diplomacy.models import Agreement, Transfer
from diplomacy.views import AgreementListView, CountryListView, TransferListView
from lunar.api.history import changed_since
from lunar.api.parameters import OWN, list_parameters, record_parameters
from lunar.api.problems import ProblemError
from lunar.api.schemas import record_schema
from lunar.canonical.shapes import shapes
from lunar.data.records import public_models
from lunar.filters import RecordFilterSet
from lunar.lists import RecordListView
from lunar.parties.models import Country, Organization, Person
from lunar.parties.views import OrganizationListView, PersonListView
from lunar.sources.models import Source
from lunar.sources.views import SourceListView
from lunar.tables import LinkColumn, RecordTable
from missions.models import Mission, Programme
from missions.views import MissionListView, ProgrammeListView


class NamedTable(RecordTable):
    """What can be sorted by its name alone."""

    name = LinkColumn("Name", sort=("name",))


class NamedListView(RecordListView):
    """The list of a kind that has none among the pages."""

    table_class = NamedTable
    filterset_class = RecordFilterSet
    default_sort = "name"


LISTS = {
    Source: SourceListView,
    Country: CountryListView,
    Organization: OrganizationListView,
    Person: PersonListView,
    Programme: ProgrammeListView,
    Mission: MissionListView,
    Transfer: TransferListView,
    Agreement: AgreementListView,
}


@dataclass(frozen=True)
class Kind:
    """One kind of record; `name` is that of its fixture, `list_view` the class of its page."""

    name: str
    model: type
    list_view: type

    @property
    def label(self):
        """What people call records of this kind: “missions”."""
        return str(self.model._meta.verbose_name_plural)

    @property
    def value_names(self):
        """The names of all values of a record."""
        return list(record_schema(self.model)["properties"])

    @property
    def list_parameters(self):
        return list_parameters(self, self.value_names)

    @property
    def record_parameters(self):
        return record_parameters(self.value_names)

    def pages(self, request, per_page, since=None):
        """Return the RecordPaginator of the public rows asked for, in the order asked for.

        They are those of the page, or of them those changed at or after the time `since`. Raises
        ProblemError if one of the list's own parameters is wrong.
        """
        view = self.list_view()
        view.setup(request)
        asked = {name: value for name, value in request.GET.items() if name not in OWN}
        rows, table_class = view.get_queryset(), view.get_table_class()
        filterset = view.filterset_class(asked, rows, table_class=table_class)
        if not filterset.is_valid():
            errors = filterset.form.errors.items()
            raise ProblemError.of_parameters((name, " ".join(told)) for name, told in errors)
        table = view.get_table(filterset, filterset.form.cleaned_data)
        pages = view.get_paginator(table, filterset, per_page)
        if since:
            pages.object_list = pages.object_list.filter(changed_since(self.model, since))
            pages.name += f" changed since {since.isoformat()}"
        return pages


@cache
def kinds():
    """Return every Kind by its name, in load order."""
    return {kind.name: kind for kind in map(_kind, public_models())}


def _kind(model):
    plain = type(
        f"{model.__name__}ListView", (NamedListView,), {"queryset": model.objects.public()}
    )
    return Kind(shapes()[model].name, model, LISTS.get(model, plain))
