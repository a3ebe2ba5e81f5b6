from django.contrib import admin

from lunar.desk.admin import (
    ABSENCES,
    EvidenceFilter,
    MergeMixin,
    RecordAdmin,
    date_column,
    register_citations,
)
from lunar.parties.models import (
    Country,
    CountryCitation,
    Organization,
    OrganizationCitation,
    Person,
    PersonCitation,
)


@admin.register(Country)
class CountryAdmin(RecordAdmin):
    list_display = [
        "name",
        "code",
        "native_name",
        "kind",
        "part_of",
        date_column("valid_to", "Ended"),
        "citation_count",
        "state",
    ]
    list_filter = ["state", EvidenceFilter, "kind"]
    list_select_related = ["part_of"]
    address_fields = ("code",)
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("name", "name_in_text"),
                    ("native_name", "native_language"),
                    ("code", "kind"),
                ]
            },
        ),
        ("In time", {"fields": [("valid_from", "valid_to"), "successors", "part_of"]}),
        ABSENCES,
        RecordAdmin.PUBLICATION,
    ]


@admin.register(Organization)
class OrganizationAdmin(MergeMixin, RecordAdmin):
    list_display = [
        "name",
        "short_name",
        "native_name",
        "kind",
        "country",
        "city",
        "citation_count",
        "state",
    ]
    list_filter = [
        "state",
        EvidenceFilter,
        "kind",
        ("country", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["country"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("name", "short_name"),
                    ("native_name", "native_language"),
                    "slug",
                    "kind",
                    ("country", "city"),
                ]
            },
        ),
        ABSENCES,
        RecordAdmin.PUBLICATION,
    ]


@admin.register(Person)
class PersonAdmin(MergeMixin, RecordAdmin):
    list_display = ["name", "native_name", "country", "known_for", "citation_count", "state"]
    list_filter = ["state", EvidenceFilter, ("country", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["country"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "name",
                    ("native_name", "native_language"),
                    "slug",
                    "country",
                    "known_for",
                ]
            },
        ),
        ABSENCES,
        RecordAdmin.PUBLICATION,
    ]


register_citations(CountryCitation, OrganizationCitation, PersonCitation)
