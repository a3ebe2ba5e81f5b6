"""Parts of a mission as they are edited inside it."""

from django.contrib.admin.utils import unquote

from lunar.desk.admin import (
    PartInline,
)
from missions.models import (
    CrewMember,
    Landing,
    MissionEvent,
    SampleReturn,
    Spacecraft,
)


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
