"""Places on the flat picture of the Moon."""

from math import acos, cos, radians, sin

import pytest

from missions.projection import FAR, NEAR, NORTH, RADIUS_KM, SOUTH, circle_around


@pytest.mark.parametrize(
    ("view", "latitude", "longitude", "expected"),
    [
        (NEAR, 0, 0, (0, 0, 1)),
        (NEAR, 0, 90, (1, 0, 0)),
        (NEAR, 90, 0, (0, -1, 0)),
        (NEAR, 30, 0, (0, -0.5, 0.866)),
        (NEAR, 0, 180, (0, 0, -1)),
        (FAR, 0, -150, (0.5, 0, 0.866)),
        (NORTH, 60, 0, (0, 0.5, 0.866)),
        (NORTH, 60, 90, (0.5, 0, 0.866)),
        (SOUTH, -60, 0, (0, -0.5, 0.866)),
        (SOUTH, -60, 90, (0.5, 0, 0.866)),
    ],
)
def test_places_come_where_a_distant_eye_sees_them(view, latitude, longitude, expected):
    assert view.project(latitude, longitude) == pytest.approx(expected, abs=0.001)


@pytest.mark.parametrize("latitude", [0, -45, 89.7])
def test_circle_around_a_place_has_its_radius_everywhere(latitude):
    phi = radians(latitude)
    for there, longitude in circle_around(latitude, 170, 100):
        cosine = sin(phi) * sin(radians(there)) + cos(phi) * cos(radians(there)) * cos(
            radians(longitude - 170)
        )
        assert acos(cosine) * RADIUS_KM == pytest.approx(100, abs=0.1)
