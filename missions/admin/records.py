"""Programmes, missions with their parts, and figures."""

from django.contrib import admin

from lunar.desk.admin import (
    ABSENCES,
    EditorAdmin,
    EvidenceFilter,
    RecordAdmin,
    date_column,
    register_citations,
)
from missions.admin.inlines import (
    CrewMemberInline,
    LandingInline,
    MissionEventInline,
    SampleReturnInline,
    SpacecraftInline,
)
from missions.models import (
    CrewMemberCitation,
    Figure,
    FigureCitation,
    LandingCitation,
    Mission,
    MissionCitation,
    MissionEventCitation,
    MissionType,
    Programme,
    ProgrammeCitation,
    SampleReturnCitation,
    SpacecraftCitation,
)


@admin.register(Programme)
class ProgrammeAdmin(RecordAdmin):
    list_display = [
        "name",
        "native_name",
        date_column("started", "Began"),
        date_column("ended", "Ended"),
        "citation_count",
        "state",
    ]
    list_filter = ["state", EvidenceFilter]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "name",
                    ("native_name", "native_language"),
                    "name_meaning",
                    "slug",
                ]
            },
        ),
        ("What it is", {"fields": ["countries", "operators", ("started", "ended"), "summary"]}),
        ABSENCES,
        RecordAdmin.PUBLICATION,
    ]


@admin.register(MissionType)
class MissionTypeAdmin(EditorAdmin):
    list_display = ["name", "slug", "position"]
    search_fields = ["name", "slug"]
    fields = ["name", "slug", "position"]

    def get_view_on_site_url(self, obj=None):
        return None  # it has no page


@admin.register(Mission)
class MissionAdmin(RecordAdmin):
    worklists = {**RecordAdmin.worklists, "overdue": "Plans whose date has passed"}
    list_display = [
        "name",
        "native_name",
        "programme",
        date_column("launch", "Launch"),
        "outcome",
        "cospar_id",
        "citation_count",
        "state",
    ]
    list_filter = [
        "state",
        EvidenceFilter,
        "outcome",
        ("programme", admin.RelatedOnlyFieldListFilter),
        ("countries", admin.RelatedOnlyFieldListFilter),
        "types",
    ]
    list_select_related = ["programme"]
    inlines = [
        MissionEventInline,
        SpacecraftInline,
        LandingInline,
        CrewMemberInline,
        SampleReturnInline,
    ]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "name",
                    ("native_name", "native_language"),
                    "name_meaning",
                    "other_names",
                    "slug",
                ]
            },
        ),
        ("Who and what", {"fields": ["programme", "operators", "countries", "types"]}),
        (
            "Flight",
            {
                "fields": [
                    "outcome",
                    ("launch", "ended"),
                    ("launch_vehicle", "launch_site", "launch_mass_kg"),
                    ("cospar_id", "no_cospar_reason"),
                ]
            },
        ),
        ("Story", {"fields": ["aim", "result"]}),
        ABSENCES,
        RecordAdmin.PUBLICATION,
    ]


@admin.register(Figure)
class FigureAdmin(RecordAdmin):
    list_display = ["name", "measure", "citation_count", "state"]
    list_filter = ["state", EvidenceFilter]
    readonly_fields = [*RecordAdmin.readonly_fields, "value"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "measure", "method"]}),
        (
            "Value",
            {
                "fields": ["value"],
                "description": "Computed now from all public records, never typed in. "
                "What sources state goes into the evidence below.",
            },
        ),
        RecordAdmin.PUBLICATION,
    ]


register_citations(
    CrewMemberCitation,
    FigureCitation,
    LandingCitation,
    MissionCitation,
    MissionEventCitation,
    ProgrammeCitation,
    SampleReturnCitation,
    SpacecraftCitation,
)
