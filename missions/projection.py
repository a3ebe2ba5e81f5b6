"""How places on the Moon come onto a flat picture: the orthographic projection.

It shows a hemisphere as a distant eye sees it. With latitude φ and longitude λ, and the centre of
the view at φ₀, λ₀ (Snyder, Map Projections: A Working Manual, USGS 1987, eqs. 20-3, 20-4 and 5-3):

    x = cos φ sin(λ − λ₀)
    y = cos φ₀ sin φ − sin φ₀ cos φ cos(λ − λ₀)
    depth = sin φ₀ sin φ + cos φ₀ cos φ cos(λ − λ₀)

All lengths are in radii of the Moon. A place with a negative depth lies on the other side.
"""

from dataclasses import dataclass
from math import asin, atan2, cos, degrees, radians, sin, tau

RADIUS_KM = 1737.4  # mean radius, IAU 2015


@dataclass(frozen=True)
class View:
    """A hemisphere seen from above the place at `latitude` and `longitude`, in degrees."""

    latitude: float
    longitude: float

    def project(self, latitude, longitude):
        """Return (x to the right, y downwards, depth) of a place given in degrees."""
        phi, phi0 = radians(float(latitude)), radians(self.latitude)
        turn = radians(float(longitude) - self.longitude)
        x = cos(phi) * sin(turn)
        y = cos(phi0) * sin(phi) - sin(phi0) * cos(phi) * cos(turn)
        depth = sin(phi0) * sin(phi) + cos(phi0) * cos(phi) * cos(turn)
        return x, -y, depth


NEAR = View(0, 0)
FAR = View(0, 180)
NORTH = View(90, 0)
SOUTH = View(-90, 0)


def circle_around(latitude, longitude, radius_km, points=36):
    """Return (latitude, longitude) of places at a distance of `radius_km` along the surface."""
    phi, angle = radians(float(latitude)), radius_km / RADIUS_KM
    found = []
    for step in range(points):
        bearing = tau * step / points
        there = asin(sin(phi) * cos(angle) + cos(phi) * sin(angle) * cos(bearing))
        turn = atan2(
            sin(bearing) * sin(angle) * cos(phi),
            cos(angle) - sin(phi) * sin(there),
        )
        found.append((degrees(there), float(longitude) + degrees(turn)))
    return found
