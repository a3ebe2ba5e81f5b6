from django.contrib import admin
from django.contrib.admin.utils import unquote

from lunar.sources.admin import (
    ABSENCES,
    EditorAdmin,
    EvidenceFilter,
    PartAdmin,
    PartInline,
    RecordAdmin,
    date_column,
    register_citations,
)
from missions.models import (
    CrewMember,
    CrewMemberCitation,
    Figure,
    FigureCitation,
    Landing,
    LandingCitation,
    Mission,
    MissionCitation,
    MissionEvent,
    MissionEventCitation,
    MissionType,
    Programme,
    ProgrammeCitation,
    SampleReturn,
    SampleReturnCitation,
    Spacecraft,
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


class SpacecraftInline(PartInline):
    model = Spacecraft
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("name", "role"),
                    ("native_name", "native_language", "name_meaning"),
                    ("fate", "evidence"),
                ]
            },
        )
    ]


class SpacecraftOfMissionMixin:
    """Offers only the craft of the same mission."""

    plain_selects = ("spacecraft",)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "spacecraft":
            key = request.resolver_match.kwargs.get("object_id")
            owner = {self.key_of_page: unquote(key)} if key else {"pk": None}
            kwargs["queryset"] = Spacecraft.objects.filter(**owner)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class LandingInline(SpacecraftOfMissionMixin, PartInline):
    model = Landing
    key_of_page = "mission"
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("kind", "date", "spacecraft"),
                    ("latitude", "longitude", "accuracy_m"),
                    ("site_name", "evidence"),
                ]
            },
        )
    ]


class MissionEventInline(PartInline):
    model = MissionEvent
    fieldsets = [(None, {"fields": [("kind", "date", "is_first", "evidence"), "title"]})]


class CrewMemberInline(PartInline):
    model = CrewMember
    select_related = ["person"]
    fieldsets = [(None, {"fields": [("person", "role", "position", "evidence")]})]


class SampleReturnInline(PartInline):
    model = SampleReturn
    select_related = ["mission"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("mass_g", "mass_as_stated"),
                    ("material", "side"),
                    ("returned", "landed_at"),
                    "evidence",
                ]
            },
        )
    ]


@admin.register(Mission)
class MissionAdmin(RecordAdmin):
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


class MissionPartAdmin(PartAdmin):
    parent_field = "mission"
    list_filter = [("mission__programme", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["mission"]


@admin.register(Spacecraft)
class SpacecraftAdmin(MissionPartAdmin):
    list_display = ["name", "native_name", "mission", "role", "fate"]
    list_filter = ["role", *MissionPartAdmin.list_filter]
    search_fields = ["name", "native_name", "mission__search_text"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "mission",
                    "name",
                    ("native_name", "native_language"),
                    "name_meaning",
                    "role",
                    "fate",
                ]
            },
        ),
        ABSENCES,
    ]


@admin.register(Landing)
class LandingAdmin(SpacecraftOfMissionMixin, MissionPartAdmin):
    key_of_page = "mission__landings"
    list_display = [
        "mission",
        "kind",
        date_column("date", "Date"),
        "latitude",
        "longitude",
        "side",
        "site_name",
    ]
    list_filter = ["kind", *MissionPartAdmin.list_filter]
    search_fields = ["site_name", "mission__search_text"]
    readonly_fields = ["side"]
    fieldsets = [
        (None, {"fields": ["mission", "spacecraft", ("kind", "date")]}),
        (
            "Where",
            {
                "fields": [("latitude", "longitude", "accuracy_m"), "site_name", "side"],
                "description": "The side follows from the longitude.",
            },
        ),
        ABSENCES,
    ]


@admin.register(MissionEvent)
class MissionEventAdmin(MissionPartAdmin):
    list_display = ["title", "mission", "kind", date_column("date", "Date"), "is_first"]
    list_filter = ["is_first", "kind", *MissionPartAdmin.list_filter]
    search_fields = ["title", "mission__search_text"]
    fieldsets = [
        (None, {"fields": ["mission", ("kind", "date"), "title", "is_first"]}),
        ABSENCES,
    ]


@admin.register(CrewMember)
class CrewMemberAdmin(MissionPartAdmin):
    list_display = ["person", "mission", "role", "position"]
    list_select_related = ["mission", "person"]
    search_fields = ["person__search_text", "mission__search_text", "role"]
    fieldsets = [(None, {"fields": ["mission", "person", "role", "position"]})]


@admin.register(SampleReturn)
class SampleReturnAdmin(MissionPartAdmin):
    list_display = [
        "mission",
        "mass",
        "mass_as_stated",
        "material",
        "side",
        date_column("returned", "Returned"),
    ]
    list_filter = ["material", "side", *MissionPartAdmin.list_filter]
    search_fields = ["mission__search_text", "mass_as_stated", "landed_at"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "mission",
                    ("mass_g", "mass_as_stated"),
                    ("material", "side"),
                    ("returned", "landed_at"),
                ]
            },
        ),
        ABSENCES,
    ]

    @admin.display(description="Mass (g)", ordering="mass_g")
    def mass(self, sample):
        return None if sample.mass_g is None else f"{sample.mass_g.normalize():f}"


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
