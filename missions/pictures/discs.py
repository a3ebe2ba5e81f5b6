"""One disc of the Moon with its landings: where everything on it is drawn, in picture units."""

from dataclasses import dataclass

from django.templatetags.static import static

from missions.landings import in_words, is_crewed
from missions.pictures import symbols
from missions.pictures.labels import Space, Wish, set_apart
from missions.pictures.sides import features, graticule, outlines
from missions.projection import RADIUS_KM

LABEL, SEA, CRATER, DEGREE = 13.5, 14.5, 13, 13  # font sizes, in units
PHONE, PHONE_LABEL = 328, 12  # px: width of a disc on a phone, and size of the labels there
ENLARGED = 1.5  # symbols on phones; pictures.css says so, and sizes the labels, too


@dataclass
class Site:
    """A landing on a disc: its place, its symbol set beside it where it is crowded, its labels.

    Everything but `x` and `y` is relative to the place.
    """

    landing: object
    x: float
    y: float
    right: float
    down: float
    ring: float | None  # radius of the accuracy, where it can be seen
    label: object = None
    phone_label: object = None

    @property
    def symbol(self):
        return symbols.symbol(self.landing)

    @property
    def path(self):
        return symbols.PATHS[self.symbol]

    @property
    def title(self):
        return in_words(self.landing)

    @property
    def is_set_apart(self):
        return abs(self.right) + abs(self.down) > 2


class Disc:
    """A side of the Moon in a box of `width` × `height` units, whole or enlarged around a site."""

    def __init__(self, side, landings, *, around=None, zoom=1, width=None, height=None):
        self.side = side
        self.around = around
        self.width, self.height = width or side.box, height or side.box
        self.scale = side.radius / side.extent * zoom  # units for each radius of the Moon
        self.left, self.top = self.width / 2, self.height / 2
        if around:
            x, y, _ = side.view.project(around.latitude, around.longitude)
            self.left, self.top = self.left - x * self.scale, self.top - y * self.scale
        self.sites = self._sites(landings)
        self.degrees = [] if around else self._degrees()
        self.names, self.phone_names = [], []
        self._place_labels()
        self._place_labels_for_phones()

    @property
    def key(self):
        return "zoom" if self.around else self.side.key

    @property
    def name(self):
        return f"Around {self.around.mission.name}" if self.around else self.side.name

    @property
    def note(self):
        return self.side.name if self.around else self.side.note

    @property
    def image(self):
        return static(f"lunar/img/moon-{self.side.image}.webp")

    @property
    def radius(self):
        return round(self.side.extent * self.scale, 1)

    @property
    def diameter(self):
        return round(2 * self.side.extent * self.scale, 1)

    @property
    def foot(self):
        """Where the scale stands, from the top."""
        return self.height - 16

    @property
    def rim(self):
        """Radius of the circle that clips the picture, just inside its ragged edge."""
        return round(self.radius * 0.998, 1)

    @property
    def target(self):
        """(x, y) of the place that it is enlarged around; None for a whole disc."""
        return self.around and self.place(self.around.latitude, self.around.longitude)

    @property
    def scale_bar(self):
        """(kilometres, units) of a line at the centre of an enlarged disc."""
        return (100, round(100 / RADIUS_KM * self.scale, 1)) if self.around else None

    def place(self, latitude, longitude):
        """Return (x, y) of a place; None if it is not on this disc."""
        x, y, depth = self.side.view.project(latitude, longitude)
        if depth < 0 or x * x + y * y > self.side.extent**2:
            return None
        across, down = self.left + x * self.scale, self.top + y * self.scale
        if not (0 <= across <= self.width and 0 <= down <= self.height):
            return None
        return round(across, 1), round(down, 1)

    @property
    def graticule(self):
        """Path data of meridians and parallels, around the middle of the disc."""
        return graticule(self.side, self.scale, 10 if self.around else 30)

    @property
    def outlines(self):
        """Path data of named craters, where the picture of the Moon hardly shows them."""
        if not self.around and self.side.extent == 1:
            return ""
        return outlines(self.side, self.scale)

    def _sites(self, landings):
        on_disc = [(row, self.place(row.latitude, row.longitude)) for row in landings]
        on_disc = sorted(((row, at) for row, at in on_disc if at), key=lambda pair: _rank(pair[0]))
        moved = set_apart(tuple(at for _, at in on_disc), 11.5)
        return [
            Site(row, *at, round(to[0] - at[0], 1), round(to[1] - at[1], 1), self._ring(row))
            for (row, at), to in zip(on_disc, moved, strict=True)
        ]

    def _ring(self, landing):
        if landing.accuracy_m is None:
            return None
        radius = round(landing.accuracy_m / 1000 / RADIUS_KM * self.scale, 1)
        return radius if radius > symbols.REACH else None

    def _degrees(self):
        """Return [(text, x, y, anchor)] of the degrees around the disc."""
        found = []
        if self.side.extent < 1:
            for longitude, text in ((0, "0°"), (90, "90° E"), (180, "180°"), (-90, "90° W")):
                x, y, _ = self.side.view.project(0, longitude)
                anchor = "middle" if abs(x) < 0.5 else "start" if x > 0 else "end"
                gap = self.radius + (6 if anchor != "middle" else 13)
                found.append((text, self.left + x * gap, self.top + y * gap + 4, anchor))
            return found
        for latitude in (60, 30, -30, -60):
            text = f"{abs(latitude)}° {'N' if latitude > 0 else 'S'}"
            x, y, _ = self.side.view.project(latitude, self.side.view.longitude + 90)
            gap = self.radius + 6
            found.append((text, self.left + x * gap, self.top + y * gap + 4, "start"))
        return [(text, round(x, 1), round(y, 1), anchor) for text, x, y, anchor in found]

    def _space(self, reach):
        space = Space((2, 2, self.width - 2, self.height - 2))
        for site in self.sites:
            space.take_mark(site.x + site.right, site.y + site.down, reach)
        return space

    def _place_labels(self):
        space = self._space(symbols.REACH)
        for text, x, y, anchor in self.degrees:
            width = 0.62 * DEGREE * len(text)
            left = x - {"start": 0, "middle": width / 2, "end": width}[anchor]
            space.boxes.append((left, y - DEGREE, left + width, y + 3))
        first = [site for site in self.sites if _is_prominent(site.landing)]
        rest = [site for site in self.sites if site not in first]
        self._label(first, space, "label", LABEL)
        self.names = self._name(space, "sea", SEA, ranks={1})
        self._label(rest, space, "label", LABEL)
        self.names += self._name(space, "sea", SEA, ranks={2})
        self.names += self._name(space, "crater", CRATER, ranks={3})

    def _place_labels_for_phones(self):
        size = PHONE_LABEL * self.width / PHONE
        space = self._space(symbols.REACH * ENLARGED)
        first = [site for site in self.sites if _is_prominent(site.landing)]
        rest = [site for site in self.sites if site not in first]
        self._label(first, space, "phone_label", size, reach=symbols.REACH * ENLARGED)
        self._label(rest, space, "phone_label", size, reach=symbols.REACH * ENLARGED)
        self.phone_names = self._name(space, "sea", size, ranks={1})

    def _label(self, sites, space, attribute, size, reach=symbols.REACH):
        for site in sites:
            x, y = site.x + site.right, site.y + site.down
            wish = Wish(site.landing.mission.name, x, y, reach, size, lead=attribute == "label")
            if placed := space.place(wish):
                setattr(site, attribute, _relative(placed, site))

    def _name(self, space, kind, size, ranks):
        found = []
        for feature in features():
            if feature.kind != kind or feature.rank not in ranks:
                continue
            at = self.place(feature.latitude, feature.longitude)
            if at is None or not self._is_in_sight(feature):
                continue
            reach = feature.diameter_km / 2 / RADIUS_KM * self.scale * 0.7
            if kind == "crater":
                reach = max(reach, 12)
            if placed := space.place_name(feature.name, *at, size, reach):
                found.append((kind, placed))
        return found

    def _is_in_sight(self, feature):
        """Whether a feature is not too close to the rim to be made out."""
        _, _, depth = self.side.view.project(feature.latitude, feature.longitude)
        return depth > (0.1 if feature.kind == "sea" else 0.3)


def _is_prominent(landing):
    return is_crewed(landing) or getattr(landing, "is_first", False)


def _rank(landing):
    """Sort key: whose label goes first where there is not room for all."""
    order = ["crewed", "soft", "soft-failed", "crash", "deliberate-impact", "impact-at-end"]
    return not _is_prominent(landing), order.index(symbols.symbol(landing)), landing.pk


def _relative(placed, site):
    """Return a Placed counted from the site, to the template's precision."""
    lead = placed.lead and (round(placed.lead[0] - site.x, 1), round(placed.lead[1] - site.y, 1))
    return type(placed)(
        placed.text,
        round(placed.x - site.x, 1),
        round(placed.y - site.y, 1),
        placed.anchor,
        placed.size,
        lead,
    )
