"""The computed height of the Sun, against what NASA published for the hours of the landings."""

from datetime import UTC, date, datetime, timedelta, timezone
from types import SimpleNamespace

import pytest

from lunar.edtf import EdtfDate
from missions.sun import sun_at_landing, sun_elevation, sun_elevation_over

PUBLISHED = {  # Sun elevation at the hour of landing, as NASA published it
    "Apollo 11": (0.67416, 23.47314, datetime(1969, 7, 20, 20, 17), 10.8),
    "Apollo 12": (-3.0128, -23.4219, datetime(1969, 11, 19, 6, 54), 5.1),
    "Apollo 15": (26.13239, 3.6333, datetime(1971, 7, 30, 22, 16), 12.2),
    "Apollo 17": (20.1911, 30.7723, datetime(1972, 12, 11, 19, 55), 13.3),
}


@pytest.mark.parametrize("mission", PUBLISHED)
def test_elevation_agrees_with_the_published_one(mission):
    latitude, longitude, moment, published = PUBLISHED[mission]

    assert sun_elevation(latitude, longitude, moment) == pytest.approx(published, abs=0.5)


def test_time_zone_does_not_matter():
    moment = datetime(1969, 7, 20, 20, 17, tzinfo=UTC)
    elsewhere = moment.astimezone(timezone(timedelta(hours=-5)))

    assert sun_elevation(1, 23, elsewhere) == sun_elevation(1, 23, moment)


def test_opposite_places_have_opposite_elevations():
    moment = datetime(2019, 1, 3, 2, 26)

    assert sun_elevation(45, -2, moment) == pytest.approx(-sun_elevation(-45, 178, moment))


def test_range_of_a_day_is_about_twelve_degrees_and_holds_the_landing():
    low, high = sun_elevation_over(0.67416, 23.47314, date(1969, 7, 20))

    assert low < 10.6 < high
    assert high - low == pytest.approx(12.2, abs=0.3)


def test_noon_within_the_day_is_the_highest():
    noon = max(
        (datetime(2020, 6, 1) + timedelta(hours=h) for h in range(720)),
        key=lambda moment: sun_elevation(0, 0, moment),
    )

    low, high = sun_elevation_over(0, 0, noon.date())

    assert high > 88
    assert low < high


@pytest.mark.parametrize("text", ["", "1969-07", "1969", "1969-07-20~", "1969-07-20?", "1969/1970"])
def test_nothing_is_computed_for_a_date_that_is_not_one_day(text):
    landing = SimpleNamespace(latitude=1, longitude=23, date=EdtfDate(text) if text else "")

    assert sun_at_landing(landing) is None


def test_nothing_is_computed_without_a_place():
    landing = SimpleNamespace(latitude=None, longitude=None, date=EdtfDate("1969-07-20"))

    assert sun_at_landing(landing) is None
