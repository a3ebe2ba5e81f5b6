"""Flights to the Moon in lanes, and beneath them the acts of giving, lending and losing."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from diplomacy.models import Act
from diplomacy.timeline import ACT_LANES, ACTS, Timeline, TimelineForm, years_of
from lunar.pictures import Picture, lettering, register
from lunar.pictures.moments import WIDER, TimeScale, pack
from lunar.pictures.shapes import SHAPES
from missions.models import Landing
from missions.timeline import LANDING_SHAPES, LAUNCH_SHAPES, LAUNCH_WORDS

WIDTH, LEFT, RIGHT = 1200, 138, 1188
LABEL = 12.5  # size of the labels' type
ROW, FLAT_ROW = 17, 14  # height of a row with and without labels
ACT_ROW = 6  # of acts in the overview
OWN_LANE = 3  # in the overview, with fewer flights a lane is shared
LABELLED_ROWS = 40  # of a decade; more than any holds at one time
OVERVIEW_LABELLED_ROWS = 11
OTHERS = {"country": "Other countries", "programme": "Other programmes"}

SHAPE_OF = (
    {f"launch-{code}": shape for code, shape in LAUNCH_SHAPES.items()}
    | {f"landing-{code}": shape for code, shape in LANDING_SHAPES.items()}
    | {f"act-{code}": shape for code, (_, shape) in ACTS.items()}
)
WORDS = (
    {f"launch-{code}": words for code, words in LAUNCH_WORDS.items()}
    | {f"landing-{choice.value}": choice.label for choice in Landing.Kind}
    | {f"act-{choice.value}": choice.label for choice in Act.Kind}
)


@dataclass
class Lane:
    """A band of rows under one name, from `top` to `bottom`."""

    name: str
    top: float
    bottom: float
    items: list
    count: str
    name_lines: list
    heading: str = ""  # of the band that begins here

    def __post_init__(self):
        lines = len(self.name_lines) + len(self.count_lines)
        self.bottom = max(self.bottom, self.top + 17 + 15 * (lines - 1) + 10)

    @property
    def height(self):
        return round(self.bottom - self.top, 1)

    @property
    def count_lines(self):
        return self.count.split(", ") if self.count else []


@register
class TimelinePicture(Picture):
    """`by` chooses the lanes (country or programme), `decade` ("1960s") enlarges one decade."""

    name = "timeline"
    title = "Flights to the Moon and moon diplomacy, by date"
    template_name = "missions/pictures/timeline.svg"
    parameters = tuple(TimelineForm.base_fields)
    page = "timeline"
    width = WIDTH

    def __init__(self, params=None, timeline=None):
        super().__init__(params)
        self.timeline = timeline or Timeline(self.params)
        self.form = self.timeline.form
        if self.timeline.decade:
            self.title = f"{type(self).title}, {self.timeline.decade}"

    @property
    def description(self):
        lanes = self.timeline.by
        return (
            f"Launches and landings in lanes by {lanes}, and beneath them the acts of public "
            "transfers of lunar material, from left to right by date. The shape of a mark tells "
            "its kind and outcome, a pill from the earliest to the latest day an uncertain date."
        )

    @property
    def height(self):
        return self.drawn["height"]

    @cached_property
    def scale(self):
        return TimeScale(self.timeline.start, self.timeline.end, LEFT, RIGHT)

    def context(self):
        if not self.timeline.dated:
            note = "Nothing in the record has a date yet."
            if self.timeline.is_crowded:
                note = f"{self.timeline.count:,} launches, landings and acts: too many to draw."
            return {"lanes": [], "ticks": [], "legend": [], "height": 60, "note": note}
        lanes, y = [], 40
        for name, launches, landings in self._mission_lanes():
            lane, y = self._lane(name, [launches, landings], y)
            lanes.append(lane)
        bottom, heading = y, "Acts of public transfers"
        for name in ACT_LANES:
            acts = [act for act in self._shown(self.timeline.acts) if act.lane == name]
            if acts:
                lane, y = self._act_lane(name, acts, y + (34 if heading else 0))
                lane.heading, heading = heading, ""
                lanes.append(lane)
        legend, end = self._legend(lanes, y + 30)
        return {
            "lanes": lanes,
            "ticks": self._ticks(),
            "legend": legend,
            "missions_bottom": bottom,
            "bottom": y,
            "left": LEFT,
            "right": RIGHT,
            "height": end + 14,
            "decade": self.timeline.decade,
        }

    @property
    def marks(self):
        """Every mark of the picture, as Placed moments."""
        return [item for lane in self.drawn["lanes"] for item in lane.items]

    def _shown(self, moments):
        start, end = self.timeline.start, self.timeline.end
        return [moment for moment in moments if moment.within(start, end)]

    def _mission_lanes(self):
        """Return [(name, launches, landings)], the lane with the first launch first."""
        launches = self._shown(self.timeline.launches)
        landings = self._shown(self.timeline.landings)
        lanes = {}
        for moments, place in ((launches, 0), (landings, 1)):
            for moment in moments:
                lanes.setdefault(moment.lane, ([], []))[place].append(moment)
        least = 1 if self.timeline.decade else OWN_LANE
        found, others = [], ([], [])
        for name, both in sorted(lanes.items(), key=_first_day):
            if len(both[0]) + len(both[1]) >= least:
                found.append((name, *both))
            else:
                others[0].extend(both[0])
                others[1].extend(both[1])
        if any(others):
            found.append((OTHERS[self.timeline.by], *others))
        return found

    def _lane(self, name, groups, y):
        """Return (Lane, where it ends) with launches above landings."""
        top, items, zoomed = y, [], bool(self.timeline.decade)
        y += 9
        for moments in filter(None, groups):
            if not zoomed:
                for moment in moments:
                    moment.label = moment.label if moment.is_first else ""
            placed, rows = pack(
                moments,
                self.scale,
                size=LABEL,
                rows_with_labels=LABELLED_ROWS if zoomed else OVERVIEW_LABELLED_ROWS,
            )
            height = ROW if zoomed else FLAT_ROW
            self._set(placed, y + height / 2, height)
            items += placed
            y += rows * height + 3
        lane = Lane(name, top, y + 5, items, _counts(*groups), _name_lines(name))
        return lane, lane.bottom

    def _act_lane(self, name, acts, y):
        zoomed, top = bool(self.timeline.decade), y
        with_labels = zoomed and name != ACT_LANES[-1]
        height = ROW if with_labels else (9 if zoomed else ACT_ROW)
        placed, rows = pack(
            acts,
            self.scale,
            size=LABEL if with_labels else 0,
            rows_with_labels=LABELLED_ROWS if with_labels else 0,
            mark=9 if zoomed else 5,
            gap=3 if zoomed else 1,
        )
        self._set(placed, y + 8 + height / 2, height)
        count = _plural(len(acts), "act")
        lane = Lane(name, top, y + rows * height + 16, placed, count, _name_lines(name))
        return lane, lane.bottom

    def _set(self, placed, first, height):
        for item in placed:
            item.y = round(first + item.row * height, 1)
            item.shape = SHAPES[SHAPE_OF[item.moment.kind]]
            item.height = min(height - 2, 13)
            item.scale = "" if height > ACT_ROW else " scale(.55)"

    def _ticks(self):
        """Return [(x, label, address or "")] of the years of a decade, or of the decades."""
        timeline = self.timeline
        if timeline.decade:
            first = timeline.start.year
            days = [timeline.start.replace(year=first + n) for n in range(10)]
            return [(round(self.scale.x(day), 1), str(day.year), "") for day in days]
        page = reverse(self.page)
        return [
            (round(self.scale.x(years_of(d)[0]), 1), d, f"{page}{timeline.link(decade=d)}")
            for d in timeline.decades
        ]

    def _legend(self, lanes, y):
        """Return ([(x, y, shape, words, class)], last baseline) of the shapes that occur."""
        kinds = {item.moment.kind for lane in lanes for item in lane.items}
        entries, x = [], 0
        shared = {}
        for kind in (kind for kind in WORDS if kind in kinds):
            family = kind.partition("-")[0]
            shared.setdefault((family, SHAPE_OF[kind]), (kind, []))[1].append(WORDS[kind])
        for (_, shape), (kind, words) in shared.items():
            label = ", ".join([words[0], *(word.lower() for word in words[1:])])
            reach = 20 + lettering.width(label, LABEL) * WIDER + 18
            if x + reach > WIDTH and x:
                x, y = 0, y + 20
            entries.append((round(x + 6, 1), y, SHAPES[shape], label, kind))
            x += reach
        return entries, y


def _first_day(lane):
    _, (launches, landings) = lane
    return min(moment.start for moment in [*launches, *landings])


def _name_lines(name):
    return lettering.lines(name, 13, (LEFT - 16) / WIDER, lettering.SANS_BOLD, most=3)


def _plural(count, noun):
    ending = "es" if noun.endswith("ch") else "s"
    return f"{count} {noun}{'' if count == 1 else ending}"


def _counts(launches, landings):
    parts = [_plural(len(launches), "launch")] if launches else []
    return ", ".join(parts + ([_plural(len(landings), "landing")] if landings else []))
