"""Checks of the record in time. Dates may be vague: only what cannot be in order is found."""

from django.db.models import Prefetch

from diplomacy.custody import Status
from diplomacy.models import Adherence, Agreement, Transfer
from lunar.canonical.findings import finding
from lunar.parties.models import Country
from lunar.sources.models import Source
from missions.models import Landing, Mission, MissionEvent, Programme, SampleReturn

# What is said of a mission before it flies.
BEFORE_LAUNCH = {MissionEvent.Kind.ANNOUNCEMENT, MissionEvent.Kind.POSTPONEMENT}


def is_before(one, other):
    """Return whether all of `one` lies before all of `other`; both are EDTF dates or ""."""
    if not one or not other or one.latest is None or other.earliest is None:
        return False
    return one.latest < other.earliest


def missions_out_of_order():
    """Yield what happened to a mission before its launch."""
    for mission in Mission.objects.all():
        if is_before(mission.ended, mission.launch):
            yield finding(mission, "ended", f"{mission.ended} is before the launch.")
    for model, field in ((Landing, "date"), (MissionEvent, "date"), (SampleReturn, "returned")):
        for part in model.objects.select_related("mission"):
            if getattr(part, "kind", None) in BEFORE_LAUNCH:
                continue
            day = getattr(part, field)
            if is_before(day, part.mission.launch):
                yield finding(part, field, f"{day} is before the launch, {part.mission.launch}.")


def acts_out_of_order():
    """Yield acts dated before any of their transfer's missions could have brought the material.

    What is only sought may be older than the return, not than the launch.
    """
    transfers = Transfer.objects.prefetch_related(
        "acts", Prefetch("missions", Mission.objects.select_related("sample_return"))
    )
    for transfer in transfers:
        missions = transfer.missions.all()
        for act in transfer.acts.all():
            sought = act.kind in set(Status.sought())
            days = [mission.launch if sought else _returned(mission) for mission in missions]
            if days and all(is_before(act.date, day) for day in days):
                event = "launch" if sought else "return"
                yield finding(act, "date", f"{act.date} is before the {event} of its missions.")


def _returned(mission):
    sample = getattr(mission, "sample_return", None)
    return sample.returned if sample and sample.returned else mission.launch


def spans_out_of_order():
    """Yield what ended before it began, in records of every other kind."""
    for model, first, last in (
        (Country, "valid_from", "valid_to"),
        (Programme, "started", "ended"),
        (Agreement, "opened", "in_force"),
    ):
        for record in model.objects.all():
            begun, ended = getattr(record, first), getattr(record, last)
            if is_before(ended, begun):
                yield finding(record, last, f"{ended} is before {begun}.")
    for adherence in Adherence.objects.select_related("agreement", "country"):
        if is_before(adherence.date, adherence.agreement.opened):
            yield finding(adherence, "date", f"{adherence.date} is before the agreement opened.")
    for source in Source.objects.exclude(accessed=None).exclude(published_earliest=None):
        if source.accessed < source.published_earliest:
            yield finding(source, "accessed", f"{source.accessed} is before its publication.")


def overdue_plans(today):
    """Yield missions still planned although their launch date has passed."""
    for mission in Mission.objects.overdue(today):
        yield finding(mission, "outcome", f"is planned, but {mission.launch} has passed.")
