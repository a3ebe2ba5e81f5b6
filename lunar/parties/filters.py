from lunar.filters import Facet, RecordFilterSet
from lunar.parties.models import Organization


class PersonFilterSet(RecordFilterSet):
    facets = (Facet("country", "Country", "country__code", "country__name"),)


class OrganizationFilterSet(RecordFilterSet):
    facets = (
        Facet("kind", "Kind", "kind", choices=Organization.Kind),
        Facet("country", "Country", "country__code", "country__name"),
    )
