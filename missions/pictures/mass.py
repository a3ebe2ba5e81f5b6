"""All lunar material ever brought to Earth, by mission, on a scale on which 55 g can be seen."""

from dataclasses import dataclass
from functools import cached_property
from math import log10

from django import forms

from lunar.mass import mass_in_words
from lunar.pictures import Picture, register
from missions.filters import SampleFilterSet
from missions.models import SampleReturn
from missions.tables import SampleTable

TICKS_G = (10, 100, 1_000, 10_000, 100_000)
START_G, END_G = 10, 300_000
NOT_KNOWN = "mass not in the record"
SHAPES = ("circle", "square", "diamond", "triangle")


@dataclass
class Layout:
    """Measures of the drawing in units of its viewBox; narrow ones stay readable on a phone."""

    width: int
    left: int  # where the scale begins
    right: int
    row: int
    first: int  # baseline of the first row's dot
    stacked: bool  # name above the dot rather than to its left

    @property
    def names(self):
        """Where names end that stand to the left of the scale."""
        return self.left - 22


WIDE = Layout(width=960, left=250, right=850, row=34, first=66, stacked=False)
NARROW = Layout(width=360, left=18, right=282, row=54, first=84, stacked=True)


LAYOUTS = {"": WIDE, "wide": WIDE, "narrow": NARROW}


class LayoutForm(forms.Form):
    layout = forms.ChoiceField(required=False, choices=[(name, name) for name in LAYOUTS])


@dataclass
class Row:
    """One sample return as it is drawn."""

    sample: SampleReturn
    country: str
    shape: str
    y: float
    x: float | None
    value: str

    @property
    def year(self):
        return self.sample.returned.year if self.sample.returned else ""

    @property
    def title(self):
        """The whole row in words."""
        said = [self.sample.mission.name, self.country, self.year]
        return f"{', '.join(str(part) for part in said if part)}: {self.value or NOT_KNOWN}"


@register
class MassReturned(Picture):
    """Rows are the sample returns of the list with the same parameters, in order of time.

    `layout=narrow` draws it upright. The scale is logarithmic, because on an even one everything
    but Apollo would be a hair's breadth from nothing; so there are dots, not bars, whose length
    would lie.
    """

    name = "mass-returned"
    title = "Lunar material brought to Earth, by mission"
    description = (
        "One mark for each mission that brought lunar material to Earth, in order of time, on a "
        "scale on which each step is ten times the one before, from 10 grams to 100 kilograms."
    )
    template_name = "missions/pictures/mass.svg"
    parameters = (*SampleFilterSet.parameters(), "layout")
    page = "missions:sample-list"

    def __init__(self, params=None, filterset=None):
        super().__init__(params)
        rows = SampleReturn.objects.public().for_list()
        self.filterset = filterset or SampleFilterSet(self.params, rows, table_class=SampleTable)
        self.layout = LAYOUTS.get(self.params.get("layout", ""), WIDE)

    @property
    def form(self):
        """What the parameters are checked by."""
        shape = LayoutForm(self.params)
        return self.filterset.form if shape.is_valid() else shape

    @property
    def width(self):
        return self.layout.width

    @property
    def height(self):
        return self.layout.first + self.layout.row * max(len(self.samples), 1) + 8

    @cached_property
    def samples(self):
        """The sample returns asked for, oldest first; those without a date come last."""
        drawn = SampleReturn.objects.filter(pk__in=self.filterset.qs.order_by().values("pk"))
        return sorted(drawn.with_missions().order_by(), key=_time_order)

    def context(self):
        layout, shapes = self.layout, {}
        rows = []
        for position, sample in enumerate(self.samples):
            countries = [c.name for c in sample.mission.countries.all() if c.is_public]
            country = ", ".join(countries) or "Country not in the record"
            shapes.setdefault(country, SHAPES[len(shapes) % len(SHAPES)])
            rows.append(
                Row(
                    sample,
                    country,
                    shapes[country],
                    y=layout.first + layout.row * position + (40 if layout.stacked else 17),
                    x=None if sample.mass_g is None else self.x(sample.mass_g),
                    value="" if sample.mass_g is None else mass_in_words(sample.mass_g),
                )
            )
        return {
            "rows": rows,
            "ticks": [(self.x(grams), mass_in_words(grams)) for grams in TICKS_G],
            "layout": layout,
            "top": layout.first - 4,
            "bottom": self.height - 8,
        }

    def x(self, grams):
        """Return the place of a mass: log10 between the two ends, held within them."""
        layout = self.layout
        part = (log10(grams) - log10(START_G)) / (log10(END_G) - log10(START_G))
        return round(layout.left + (layout.right - layout.left) * min(max(part, 0), 1), 1)


def _time_order(sample):
    known = bool(sample.returned)
    return (not known, sample.returned.sort_key if known else (), sample.mission.name)
