"""Landings as the map and its table show them."""

from django.db.models import Exists, OuterRef

from lunar.edtf import chronological
from missions.models import Landing, MissionEvent
from missions.positions import accuracy_in_words, position_in_words

SURFACE_FIRSTS = (
    MissionEvent.Kind.LANDING,
    MissionEvent.Kind.IMPACT,
    MissionEvent.Kind.SAMPLE_COLLECTION,
    MissionEvent.Kind.RETURN,
)


def landings_for_map():
    """All public landings with what the map and its table show, by date."""
    firsts = MissionEvent.objects.filter(
        mission=OuterRef("mission"), is_first=True, kind__in=SURFACE_FIRSTS
    )
    return (
        Landing.objects.public()
        .select_related("mission", "spacecraft")
        .prefetch_related("mission__types")
        .annotate(is_first=Exists(firsts))
        .order_by(*chronological("date"), "pk")
    )


def is_crewed(landing):
    """Whether people landed; reads the prefetched types of the mission."""
    if landing.kind != Landing.Kind.SOFT:
        return False
    return any(kind.slug == "crewed-landing" for kind in landing.mission.types.all())


def in_words(landing):
    """Return everything that the map says of a landing, as one text.

    "Apollo 11: soft landing, crewed; 20 July 1969; 0.67416° N, 23.47314° E, within 12 m; …"
    """
    kind = landing.get_kind_display().lower() + (", crewed" if is_crewed(landing) else "")
    place = [position_in_words(landing), accuracy_in_words(landing)]
    parts = [
        kind,
        landing.date.in_words if landing.date else "",
        ", ".join(part for part in place if part),
        landing.site_name,
        f"outcome of the mission: {landing.mission.get_outcome_display().lower()}",
    ]
    return f"{landing.mission.name}: {'; '.join(part for part in parts if part)}"
