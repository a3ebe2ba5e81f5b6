"""The Moon map: every landing whose place is known, on four discs or enlarged around one site."""

from functools import cached_property

from lunar.pictures import MOST_DRAWN, Picture, register
from missions.filters import LandingFilterSet
from missions.landings import landings_for_map
from missions.pictures import symbols
from missions.pictures.discs import Disc
from missions.pictures.sides import SIDES, side_of
from missions.tables import LandingTable

ZOOM = 4  # how much larger than the whole disc


@register
class MoonMap(Picture):
    """Four discs; with `site=<slug of a mission>` the surroundings of its landing instead."""

    name = "moon-map"
    title = "Landings on the Moon"
    description = (
        "The near side, the far side and both poles of the Moon with all landings, crashes and "
        "impacts whose place is known; symbols tell their kind."
    )
    template_name = "missions/pictures/moon_map.svg"
    parameters = LandingFilterSet.parameters()
    width, height = 1340, 1470
    credit = (
        "Moon: NASA's Scientific Visualization Studio; LROC WAC: NASA/GSFC/Arizona State "
        "University. Names: IAU/USGS Gazetteer of Planetary Nomenclature."
    )
    page = "missions:map"
    sides = ("near", "far", "north", "south")
    places = {"near": (10, 60), "far": (770, 60), "north": (90, 900), "south": (690, 900)}
    legend_place = (830, 650)
    legend_columns = 1

    def __init__(self, params=None):
        super().__init__(params)
        if self.around:
            self.title = f"Landings on the Moon around {self.around.mission.name}"
            self.width, self.height = 800, 740
            self.legend_place, self.legend_columns = (20, 660), 3

    @cached_property
    def filterset(self):
        return LandingFilterSet(self.params, landings_for_map(), table_class=LandingTable)

    @cached_property
    def count(self):
        """How many landings are asked for."""
        return self.filterset.count

    @property
    def is_crowded(self):
        """Whether these are more than can be drawn, or stand in a table; then none is."""
        return self.count > MOST_DRAWN

    @cached_property
    def landings(self):
        """The landings asked for, also those whose place is not known."""
        return [] if self.is_crowded else list(self.filterset.qs)

    @cached_property
    def around(self):
        """The landing to enlarge, or None."""
        if not self.filterset.is_valid():
            return None
        slug = self.filterset.form.cleaned_data.get("site")
        if not slug:
            return None
        landings = landings_for_map().filter(mission__slug=slug, latitude__isnull=False)
        return landings.first()

    @cached_property
    def drawn_landings(self):
        """Those of the landings that have a place on the map."""
        return [landing for landing in self.landings if landing.latitude is not None]

    @cached_property
    def discs(self):
        return [Disc(SIDES[key], self.drawn_landings) for key in self.sides]

    @cached_property
    def zoom(self):
        """The enlarged disc; None unless a site was asked for."""
        if not self.around:
            return None
        return Disc(
            side_of(self.around),
            self.drawn_landings,
            around=self.around,
            zoom=ZOOM if side_of(self.around).extent == 1 else 2,
            width=800,
            height=600,
        )

    def context(self):
        discs = [(0, 40, self.zoom)] if self.zoom else self._placed_discs()
        note = f"{self.count:,} landings: too many to draw." if self.is_crowded else ""
        return {"discs": discs, "legend": self._legend(), "note": note}

    def _placed_discs(self):
        return [(*self.places[disc.key], disc) for disc in self.discs]

    def _legend(self):
        """Return [(x, y, name, path, meaning)]."""
        left, top = self.legend_place
        across = (self.width - left) / self.legend_columns
        return [
            (
                round(left + 10 + across * (i % self.legend_columns)),
                top + 30 * (i // self.legend_columns),
                *entry,
            )
            for i, entry in enumerate(symbols.legend())
        ]


class _OneSide(MoonMap):
    """One disc by itself."""

    def __init__(self, params=None):
        box = SIDES[self.sides[0]].box
        self.width, self.height = box, box + 60 + 30 * len(symbols.legend())
        self.legend_place = (20, box + 70)
        super().__init__(params)

    @property
    def places(self):
        return {self.sides[0]: (0, 40)}


@register
class NearSide(_OneSide):
    name = "moon-near-side"
    title = "Landings on the near side of the Moon"
    sides = ("near",)


@register
class FarSide(_OneSide):
    name = "moon-far-side"
    title = "Landings on the far side of the Moon"
    sides = ("far",)


@register
class NorthPole(_OneSide):
    name = "moon-north-pole"
    title = "Landings around the north pole of the Moon"
    sides = ("north",)


@register
class SouthPole(_OneSide):
    name = "moon-south-pole"
    title = "Landings around the south pole of the Moon"
    sides = ("south",)
