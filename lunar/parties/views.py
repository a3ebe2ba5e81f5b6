from django.views.generic import DetailView

from lunar.lists import RecordListView
from lunar.parties.filters import OrganizationFilterSet, PersonFilterSet
from lunar.parties.models import Organization, Person
from lunar.parties.pages import OrganizationPage, PersonPage
from lunar.parties.tables import OrganizationTable, PersonTable
from lunar.sources.evidence import with_evidence


class PersonListView(RecordListView):
    queryset = Person.objects.public().select_related("country")
    table_class = PersonTable
    filterset_class = PersonFilterSet
    template_name = "parties/person_list.html"
    default_sort = "name"
    noun = ("person", "people")


class PersonDetailView(DetailView):
    queryset = Person.objects.public().select_related("country").prefetch_related(*with_evidence())
    template_name = "parties/person_detail.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(page=PersonPage(self.object), **kwargs)


class OrganizationListView(RecordListView):
    table_class = OrganizationTable
    filterset_class = OrganizationFilterSet
    template_name = "parties/organization_list.html"
    default_sort = "name"
    noun = ("organisation", "organisations")

    def get_queryset(self):
        return Organization.objects.public().select_related("country").with_held_count()


class OrganizationDetailView(DetailView):
    queryset = (
        Organization.objects.public().select_related("country").prefetch_related(*with_evidence())
    )
    template_name = "parties/organization_detail.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(page=OrganizationPage(self.object), **kwargs)
