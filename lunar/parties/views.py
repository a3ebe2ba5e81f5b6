from lunar.details import RecordDetailView
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


class PersonDetailView(RecordDetailView):
    queryset = Person.objects.select_related("country").prefetch_related(*with_evidence(Person))
    page_class = PersonPage
    template_name = "parties/person_detail.html"


class OrganizationListView(RecordListView):
    table_class = OrganizationTable
    filterset_class = OrganizationFilterSet
    template_name = "parties/organization_list.html"
    default_sort = "name"
    noun = ("organisation", "organisations")

    def get_queryset(self):
        return Organization.objects.public().select_related("country").with_held_count()


class OrganizationDetailView(RecordDetailView):
    queryset = Organization.objects.select_related("country").prefetch_related(
        *with_evidence(Organization)
    )
    page_class = OrganizationPage
    template_name = "parties/organization_detail.html"
