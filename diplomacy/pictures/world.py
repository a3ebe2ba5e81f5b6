"""Who holds lunar material now: a map of the world, countries as shapes, small ones as dots."""

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from math import hypot
from pathlib import Path
from textwrap import wrap

from django.db.models import Case, Count, F, Q, Value, When
from django.db.models.functions import Coalesce

from diplomacy.filters import GONE
from diplomacy.models import Transfer
from diplomacy.models.transfer import NOTHING_PASSED
from diplomacy.pictures.ledger import LedgerPicture
from lunar.parties.models import Country
from lunar.pictures import register
from missions.models import SampleReturn

Kind, Status = Country.Kind, Transfer.Status
GAP = 11  # how far apart the middles of two dots are kept; their radius is 4.6
LETTERS = 125  # of a line of notes

# Where the material of a transfer stands: (name, heading of the column in the table, in words).
STANDINGS = (
    ("held", "Holds", "holds"),
    ("loan", "On loan", "on loan there"),
    ("gone", "Gone", "missing, stolen or destroyed"),
    ("open", "Not known", "whereabouts not known or not researched"),
    ("past", "Went back", "sent back or used up"),
    ("sought", "Sought", "sought, nothing passed"),
)
# How a country is drawn: (name, what the legend says).
LOOKS = (
    ("own", "Brought material back from the Moon itself"),
    ("held", "Holds gifts or exchanged material"),
    ("partly", "Holds some; another piece is gone"),
    ("loan", "Holds material on loan only"),
    ("gone", "Gone: missing, stolen or destroyed"),
    ("open", "Whereabouts not known or not researched"),
    ("past", "Had a loan that went back, or used it up"),
    ("sought", "Asked or was offered; nothing passed"),
    ("none", "Nothing in the record"),
)
PATTERNED = {"partly", "loan", "gone", "open", "past", "sought"}
NOTES = (
    "US states count with the United States; a former state with the one state that followed it.",
    "Boundaries are drawn for orientation and imply no opinion. Fine hatching: disputed territory.",
)


@cache
def shapes():
    """Return the shapes; `world.json` says where they are from and how they were projected."""
    return json.loads((Path(__file__).parent / "world.json").read_text(encoding="utf-8"))


@dataclass
class Place:
    """One country of the map, with what is in it, former states and parts included."""

    country: Country
    counts: Counter = field(default_factory=Counter)
    parts: Counter = field(default_factory=Counter)  # {name of a former state or part: pieces}
    states: int = 0  # US states to which pieces were given
    brought_back: bool = False
    path: str = ""
    x: float = 0
    y: float = 0
    is_dot: bool = False

    @property
    def look(self):
        counts = self.counts
        here = counts["held"] + counts["loan"]
        if self.brought_back:
            return "own"
        if here and counts["gone"]:
            return "partly"
        if counts["held"]:
            return "held"
        return next((name for name, _, _ in STANDINGS if counts[name]), "none")

    @property
    def look_label(self):
        return dict(LOOKS).get(self.look, "")

    @property
    def is_patterned(self):
        return self.look in PATTERNED

    @property
    def cells(self):
        return [(heading, self.counts[name]) for name, heading, _ in STANDINGS]

    @property
    def including(self):
        """What is counted here besides the country itself, in words."""
        named = [f"{name} ({n})" for name, n in sorted(self.parts.items())]
        if self.states:
            named.insert(0, f"what was given to {self.states} US state{'s'[: self.states != 1]}")
        return ", ".join(named)

    @property
    def in_words(self):
        facts = [
            f"{words} {self.counts[name]}" for name, _, words in STANDINGS if self.counts[name]
        ]
        if self.brought_back:
            facts.insert(0, "brought material back itself")
        return f"{self.country.name}: {'; '.join(facts)}"


@register
class World(LedgerPicture):
    name = "world"
    title = "Who holds lunar material"
    description = (
        "A map of the world. Countries are filled by what they hold of the Moon now, as the acts "
        "of each transfer tell; small ones are dots. US states count with the United States, "
        "former states with the one state that followed them."
    )
    template_name = "diplomacy/pictures/world.svg"
    page = "diplomacy:home"
    width = 1000
    credit = "shapes: Natural Earth (public domain)"

    def context(self):
        places, elsewhere = self._places()
        world = shapes()
        for code, place in places.items():
            place.path = world["shapes"].get(code, "")
            if code in world["dots"]:
                place.is_dot = True
                place.x, place.y = world["dots"][code]
        drawn = sorted(places.values(), key=lambda place: place.country.name)
        dots = [place for place in drawn if place.is_dot]
        spread(dots)
        looks = Counter(place.look for place in drawn)
        legend = list(_legend(looks))
        bottom = legend[-1]["y"] + 36
        notes = [*NOTES]
        if elsewhere:
            listed = "; ".join(place.in_words for place in elsewhere)
            notes[1:1] = wrap(f"Not on the map: {listed}.", LETTERS)
        return {
            "background": [
                (path, code in world["disputed"])
                for code, path in world["shapes"].items()
                if code not in places
            ],
            "places": [place for place in drawn if place.path],
            "dots": dots,
            "names": [
                (place, *world["labels"][place.country.code])
                for place in drawn
                if place.brought_back and place.country.code in world["labels"]
            ],
            "rows": drawn,
            "headings": [heading for _, heading, _ in STANDINGS],
            "elsewhere": elsewhere,
            "legend": legend,
            "notes": [{"text": text, "y": bottom + 21 * n} for n, text in enumerate(notes)],
            "height": bottom + 21 * len(notes),
        }

    def _places(self):
        """Return ({code: Place}, [Place] of what no country of the map stands for)."""
        on_map, off_map = {}, {}
        for key, standing, n in self._counted():
            country = self.ledger.countries.get(key)
            if country is None:
                continue
            shown = self._shown_as(country)
            place = (
                on_map.setdefault(shown.code, Place(shown))
                if shown
                else off_map.setdefault(country.code, Place(country))
            )
            place.counts[standing] += n
            if shown and shown != country and country.kind != Kind.US_STATE:
                place.parts[country.name] += n
        states = {
            group.recipient.pk: group.recipient
            for group in self.ledger.groups
            if group.recipient and group.recipient.kind == Kind.US_STATE
        }
        for state in states.values():
            shown = self._shown_as(state)
            if shown:
                on_map.setdefault(shown.code, Place(shown)).states += 1
        for key in SampleReturn.objects.public().values_list("mission__countries").distinct():
            country = self.ledger.countries.get(key[0])
            shown = country and self._shown_as(country)
            if shown:
                on_map.setdefault(shown.code, Place(shown)).brought_back = True
        return on_map, sorted(off_map.values(), key=lambda place: place.country.name)

    def _counted(self):
        """Return [(key of the country, standing, number of transfers)] of all public transfers."""
        holder = Coalesce(
            "holder_country", "holder_organization__country", "holder_person__country"
        )
        sent_back = Q(kind="loan", status=Status.RETURNED) | Q(
            status__in=[Status.CONSUMED, Status.NOT_LUNAR]
        )
        standings = [
            (NOTHING_PASSED, "sought"),
            (GONE, "gone"),
            (sent_back, "past"),
            (Q(holder=None) | Q(status=Status.NOT_RESEARCHED), "open"),
            (Q(kind="loan"), "loan"),
        ]
        rows = (
            Transfer.objects.public()
            .order_by()
            .annotate(holder=holder)
            .annotate(
                standing=Case(
                    *(When(condition, then=Value(name)) for condition, name in standings),
                    default=Value("held"),
                ),
            )
            .annotate(
                at=Case(When(standing__in=["held", "loan"], then=F("holder")), default="recipient")
            )
            .values_list("at", "standing")
            .annotate(n=Count("pk"))
        )
        return list(rows)

    def _shown_as(self, country):
        """Return the country of the map that stands for `country`, or None."""
        if _is_on_map(country.code):
            return country
        if country.kind in (Kind.US_STATE, Kind.TERRITORY):
            whole = self.ledger.countries.get(country.part_of_id)
            return whole if whole and _is_on_map(whole.code) else None
        followers = [s for s in country.successors.all() if s.pk in self.ledger.countries]
        if len(followers) == 1 and _is_on_map(followers[0].code):
            return followers[0]
        return None


def _legend(looks):
    """Yield the entries of the legend, in two columns, with the number of countries of each."""
    found = [(look, label) for look, label in LOOKS if looks[look] or look == "none"]
    for n, (look, label) in enumerate(found):
        x = 20 + 500 * (n % 2)
        yield {
            "look": look,
            "label": f"{label} ({looks[look]})" if looks[look] else label,
            "is_patterned": look in PATTERNED,
            "x": x,
            "dot_x": x + 42,
            "text_x": x + 56,
            "y": 482 + 30 * (n // 2),
            "dot_y": 477 + 30 * (n // 2),
        }


def _is_on_map(code):
    return code in shapes()["shapes"] or code in shapes()["dots"]


def spread(dots, rounds=60):
    """Move dots that lie upon each other apart, a little in each round, always the same way."""
    for _ in range(rounds):
        moved = False
        for n, one in enumerate(dots):
            for other in dots[n + 1 :]:
                dx, dy = other.x - one.x, other.y - one.y
                distance = hypot(dx, dy)
                if distance >= GAP:
                    continue
                if not distance:
                    dx, distance = 1, 1
                push = (GAP - distance) / 2 / distance
                one.x, one.y = one.x - dx * push, one.y - dy * push
                other.x, other.y = other.x + dx * push, other.y + dy * push
                moved = True
        if not moved:
            break
    for dot in dots:
        dot.x, dot.y = round(dot.x, 1), round(dot.y, 1)
