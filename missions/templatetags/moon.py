"""Small discs of the Moon for other pages, and numbers for SVG."""

from django import template

from lunar.edtf import chronological
from missions.landings import in_words, landings_for_map
from missions.pictures import symbols
from missions.pictures.labels import set_apart
from missions.pictures.sides import SIDES
from missions.projection import FAR, NEAR

register = template.Library()

MOST_SHOWN = 300


@register.filter
def unit(number):
    """A length for SVG with one decimal at most: "12", "12.5"."""
    return f"{number:.1f}".removesuffix(".0")


@register.inclusion_tag("missions/_near_side.html")
def near_side():
    """The near side with the latest landings there whose place is known, as small links.

    They are all, unless there are more than a small disc can tell apart.
    """
    latest = (
        landings_for_map()
        .filter(side="near")
        .order_by(*chronological("date", descending=True), "pk")
    )
    landings = list(latest[: MOST_SHOWN + 1])
    dots = [_dot(landing) for landing in reversed(landings[:MOST_SHOWN])]
    moved = set_apart(tuple((dot["x"], dot["y"]) for dot in dots), 3.8)
    return {
        "dots": [dot | {"x": x, "y": y} for dot, (x, y) in zip(dots, moved, strict=True)],
        "are_all": len(landings) <= MOST_SHOWN,
    }


@register.inclusion_tag("missions/_site_map.html")
def site_map(landing):
    """The side of the Moon with one site marked; nothing where the place is not known."""
    if landing.latitude is None:
        return {}
    return {"dot": _dot(landing), "landing": landing, "side": SIDES[landing.side]}


def _dot(landing):
    """Return what is drawn of a landing on a disc of radius 100 around 0, 0."""
    view = NEAR if landing.side == "near" else FAR
    x, y, _ = view.project(landing.latitude, landing.longitude)
    return {
        "x": round(100 * x, 1),
        "y": round(100 * y, 1),
        "symbol": symbols.symbol(landing),
        "path": symbols.PATHS[symbols.symbol(landing)],
        "title": in_words(landing),
        "url": f"{landing.mission.get_absolute_url()}#{landing.anchor}",
    }
