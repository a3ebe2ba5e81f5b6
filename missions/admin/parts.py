"""Parts of a mission on pages of their own, with their evidence."""

from django.contrib import admin

from lunar.desk.admin import (
    ABSENCES,
    PartAdmin,
    date_column,
)
from missions.admin.inlines import SpacecraftOfMissionMixin
from missions.models import (
    CrewMember,
    Landing,
    MissionEvent,
    SampleReturn,
    Spacecraft,
)


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
