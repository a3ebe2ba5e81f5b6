"""How high the Sun stands above a place on the Moon, computed offline with PyEphem.

PyEphem gives the place under the Sun at an instant: its latitude, and the selenographic
colongitude of the Sun (the longitude of the sunrise line, counted westwards), from which its
longitude follows as 90° − colongitude. The elevation above the horizon of a smooth sphere is then

    sin h = sin φ sin φₛ + cos φ cos φₛ cos(λ − λₛ)

(Meeus, Astronomical Algorithms, 2nd edition 1998, chapter 53). Compared with the values that
NASA published for the Apollo landings it is right to about half a degree.
"""

from datetime import UTC, datetime, time, timedelta
from math import asin, cos, degrees, radians, sin

import ephem

from lunar.edtf import Precision

STEP = timedelta(hours=3)  # the Sun moves about 0.5° an hour over the Moon


def sun_elevation(latitude, longitude, when_utc):
    """Return the Sun's elevation in degrees, negative below the horizon.

    Degrees north and east; `when_utc` is a datetime in UTC, or one that knows its zone.
    """
    moon = ephem.Moon()
    if when_utc.tzinfo:
        when_utc = when_utc.astimezone(UTC).replace(tzinfo=None)
    moon.compute(when_utc)
    phi, under_sun = radians(float(latitude)), float(moon.subsolar_lat)
    turn = radians(float(longitude)) - (radians(90) - float(moon.colong))
    height = sin(phi) * sin(under_sun) + cos(phi) * cos(under_sun) * cos(turn)
    return degrees(asin(max(-1.0, min(1.0, height))))


def sun_elevation_over(latitude, longitude, day):
    """Return the lowest and the highest elevation in degrees over one UTC day (a date)."""
    midnight = datetime.combine(day, time(), tzinfo=UTC)
    heights = [
        sun_elevation(latitude, longitude, midnight + step * STEP)
        for step in range(timedelta(days=1) // STEP + 1)
    ]
    return min(heights), max(heights)


def sun_at_landing(landing):
    """Return the elevations (lowest, highest) on the day of a landing; None if it is not known.

    The record knows the day, not the hour; a doubtful or less exact date gives nothing.
    """
    if landing.latitude is None or not is_exact_day(landing.date):
        return None
    return sun_elevation_over(landing.latitude, landing.longitude, landing.date.earliest)


def is_exact_day(date):
    """Whether an EDTF date names one day without doubt."""
    if not date or date.is_approximate or date.is_uncertain:
        return False
    return date.precision is Precision.DAY
