"""The sides of the Moon that the map has, and what is drawn on each whatever the landings."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from missions.projection import FAR, NEAR, NORTH, SOUTH, View, circle_around

FEATURES = Path(__file__).with_name("features.csv")  # of the IAU/USGS Gazetteer
GRAIN = 4  # degrees between the points of a line
POLAR = 62  # degrees of latitude beyond which a site is shown on the polar disc


@dataclass(frozen=True)
class Side:
    """A disc that the map has; `extent` is its radius, in radii of the Moon."""

    key: str
    name: str
    note: str
    view: View
    extent: float
    box: int  # width and height, in units
    radius: int  # of the disc, in units
    image: str


SIDES = {
    side.key: side
    for side in (
        Side("near", "Near side", "centred on 0°, 0°", NEAR, 1, 740, 340, "near-side"),
        Side("far", "Far side", "centred on 0°, 180°", FAR, 1, 560, 246, "far-side"),
        Side(
            "north", "North pole", "from 60° N, 0° at the foot", NORTH, 0.5, 560, 228, "north-pole"
        ),
        Side(
            "south", "South pole", "from 60° S, 0° at the top", SOUTH, 0.5, 560, 228, "south-pole"
        ),
    )
}


def side_of(landing):
    """Return the Side on which a landing is shown best."""
    if abs(landing.latitude) >= POLAR:
        return SIDES["north" if landing.latitude > 0 else "south"]
    return SIDES[landing.side]


@dataclass(frozen=True)
class Feature:
    """A named sea or crater of the IAU/USGS Gazetteer."""

    name: str
    kind: str
    rank: int
    latitude: float
    longitude: float
    diameter_km: float


@cache
def features():
    with FEATURES.open(encoding="utf-8", newline="") as lines:
        return [
            Feature(
                row["name"],
                row["kind"],
                int(row["rank"]),
                float(row["latitude"]),
                float(row["longitude"]),
                float(row["diameter_km"]),
            )
            for row in csv.DictReader(lines)
        ]


@cache
def graticule(side, scale, step):
    """Return path data of meridians and parallels every `step` degrees."""
    lines = [
        [(latitude, longitude) for latitude in range(-90 + step, 91 - step, GRAIN)]
        for longitude in range(-180, 180, step)
    ]
    lines += [
        [(latitude, longitude) for longitude in range(-180, 181, GRAIN)]
        for latitude in range(-90 + step, 90, step)
    ]
    if side.extent < 1:
        pole = round(side.view.latitude)
        sign = 1 if pole > 0 else -1
        lines = [
            [(sign * 60, longitude), (sign * 85, longitude)] for longitude in range(-180, 180, 30)
        ] + [
            [(sign * latitude, longitude) for longitude in range(-180, 181, GRAIN)]
            for latitude in (70, 80)
        ]
    return "".join(_path(side, scale, line) for line in lines)


@cache
def outlines(side, scale):
    """Return path data of the rims of the named craters."""
    return "".join(
        _path(side, scale, circle_around(f.latitude, f.longitude, f.diameter_km / 2), close=True)
        for f in features()
        if f.kind == "crater"
    )


def _path(side, scale, places, close=False):
    """Return path data through places, interrupted where they are not on the side."""
    data, is_down = [], False
    for latitude, longitude in places:
        x, y, depth = side.view.project(latitude, longitude)
        if depth < -0.01 or x * x + y * y > (side.extent * 1.02) ** 2:
            if close:
                return ""
            is_down = False
            continue
        data.append(f"{'L' if is_down else 'M'}{x * scale:.1f} {y * scale:.1f}")
        is_down = True
    return "".join(data) + ("z" if close and data else "")
