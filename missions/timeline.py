"""Launches and landings as moments of the timeline."""

from collections import Counter

from django.db.models import Prefetch

from lunar.pictures.moments import Moment
from missions.models import Landing, Mission, MissionEvent

BY_COUNTRY, BY_PROGRAMME = "country", "programme"
NO_LANE = {BY_COUNTRY: "Country not in the record", BY_PROGRAMME: "No programme"}

LAUNCH_SHAPES = {
    "success": "disc",
    "partial_failure": "half",
    "failure": "cross",
    "in_progress": "play",
    "planned": "ring",
    "cancelled": "struck",
    "unknown": "ring",
}
# A mark stands at the launch and tells how the whole mission went.
LAUNCH_WORDS = {
    "success": "Launch, mission succeeded",
    "partial_failure": "Launch, mission failed in part",
    "failure": "Launch, mission failed",
    "in_progress": "Launch, mission in progress",
    "planned": "Launch planned",
    "cancelled": "Launch cancelled",
    "unknown": "Launch, outcome unknown",
}
LANDING_SHAPES = {
    "soft": "down",
    "crash": "down-open",
    "deliberate_impact": "diamond",
    "impact_at_end": "diamond-open",
}


def mission_moment_count():
    """Return how many launches and landings there are; two queries."""
    missions = Mission.objects.public().to_the_moon().order_by()
    return missions.count() + Landing.objects.filter(mission__in=missions.values("pk")).count()


def mission_moments(by=BY_COUNTRY):
    """Return (launches, landings) of all public missions to the Moon; five queries.

    The lane is the programme, or the country; a mission of several countries stands in the lane of
    the one that flew most, and its title names all.
    """
    firsts = MissionEvent.objects.filter(is_first=True)
    missions = list(
        Mission.objects.public()
        .to_the_moon()
        .select_related("programme")
        .prefetch_related(
            "countries",
            Prefetch("landings", Landing.objects.select_related("spacecraft")),
            Prefetch("events", firsts, to_attr="firsts"),
        )
    )
    flown = Counter(country for mission in missions for country in _countries(mission))
    launches, landings = [], []
    for mission in missions:
        lane = _lane(mission, by, flown)
        launches.append(_launch(mission, lane))
        landings += [_landing(mission, landing, lane) for landing in mission.landings.all()]
    return launches, landings


def _countries(mission):
    return [country.name for country in mission.countries.all() if country.is_public]


def _lane(mission, by, flown):
    if by == BY_PROGRAMME:
        programme = mission.programme
        return programme.name if programme and programme.is_public else NO_LANE[by]
    return max(_countries(mission), key=lambda name: flown[name], default=NO_LANE[by])


def _launch(mission, lane):
    countries, firsts = ", ".join(_countries(mission)), [event.title for event in mission.firsts]
    return Moment(
        date=mission.launch,
        kind=f"launch-{mission.outcome}",
        what=LAUNCH_WORDS[mission.outcome],
        name=mission.name,
        url=mission.get_absolute_url(),
        lane=lane,
        label=mission.name,
        where="; ".join(filter(None, ["" if countries == lane else countries, *firsts])),
        is_first=bool(mission.firsts),
    )


def _landing(mission, landing, lane):
    craft = landing.spacecraft.name if landing.spacecraft else ""
    return Moment(
        date=landing.date,
        kind=f"landing-{landing.kind}",
        what=landing.get_kind_display(),
        name=mission.name,
        url=f"{mission.get_absolute_url()}#{landing.anchor}",
        lane=lane,
        label=mission.name,
        where=", ".join(filter(None, [craft, landing.site_name])),
    )
