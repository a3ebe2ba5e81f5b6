"""Facts of a landing that this record computes; each says so, with a link to the method."""

from django.urls import reverse
from django.utils.html import format_html

from lunar.sources.evidence import Fact
from missions.models import Landing, MissionEvent, Spacecraft
from missions.sun import is_exact_day, sun_at_landing

STAYING = {
    Spacecraft.Role.LANDER,
    Spacecraft.Role.ROVER,
    Spacecraft.Role.HOPPER,
    Spacecraft.Role.TECHNOLOGY,
}


def computed(text):
    """Return `text` marked as computed by this record; "" stays ""."""
    if not text:
        return ""
    return format_html(
        '{} <a class="computed-mark" href="{}#computed">computed</a>', text, reverse("method")
    )


def facts(landing, mission):
    """Return the computed Facts of a landing: the Sun's elevation, the time on the surface.

    What does not follow exactly from the record is left out. Reads the prefetched spacecraft and
    events of the mission.
    """
    found = [
        ("sun", "Sun’s elevation", sun_in_words(landing)),
        ("stay", "Time on the surface", stay_in_words(landing, mission)),
    ]
    return [
        Fact(name=f"{landing.anchor}-{name}", label=label, value=computed(value))
        for name, label, value in found
        if value
    ]


def sun_in_words(landing):
    """Return "0° to 13° in the course of that UTC day", or "" if it cannot be computed."""
    heights = sun_at_landing(landing)
    if heights is None:
        return ""
    low, high = (f"{round(height) or 0}°".replace("-", "−") for height in heights)  # no “−0°”
    return f"{low} to {high} in the course of that day (UTC)"


def stay_in_words(landing, mission):
    """Return "3 days, until lift-off", or "" where the record does not settle it.

    Only for the one landing of a mission, and between two exact days: until the lift-off, or, where
    nothing of the mission could fly on, until its end.
    """
    if landing.kind != Landing.Kind.SOFT or not is_exact_day(landing.date):
        return ""
    if len(mission.landings.all()) != 1:
        return ""
    liftoffs = [e.date for e in mission.events.all() if e.kind == MissionEvent.Kind.LIFTOFF]
    if len(liftoffs) == 1 and is_exact_day(liftoffs[0]):
        return _days(landing.date, liftoffs[0], "until lift-off")
    craft = mission.spacecraft.all()
    stays = craft and all(part.role in STAYING for part in craft)
    if not liftoffs and stays and is_exact_day(mission.ended):
        return _days(landing.date, mission.ended, "until the mission ended")
    return ""


def _days(start, end, until):
    days = (end.earliest - start.earliest).days
    if days < 0:
        return ""
    length = "less than a day" if days == 0 else f"{days:,} day{'s' if days != 1 else ''}"
    return f"{length}, {until}"
