"""The grammar of EDTF dates, see `lunar.edtf.dates`."""

import re
from calendar import monthrange
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

MAX_LENGTH = 40
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
SEASONS = {21: "spring", 22: "summer", 23: "autumn", 24: "winter"}
WINTER = 24


class EdtfError(ValueError):
    """A text is not a date in EDTF; the message is meant for whoever wrote it."""


class Precision(StrEnum):
    DAY = "day"
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"
    DECADE = "decade"
    CENTURY = "century"
    INTERVAL = "interval"


class Point(NamedTuple):
    """A date that is not an interval."""

    year: str  # four characters, perhaps with X
    month: int | None  # 1 to 12, or a season: 21 to 24
    day: int | None
    qualifier: str
    precision: Precision
    earliest: date
    latest: date


_POINT = re.compile(
    r"([0-9]{4}|[0-9]{3}X|[0-9]{2}XX)(?:-([0-9]{2})(?:-([0-9]{2}))?)?([?~%]?)", re.ASCII
)
_YEAR_PRECISION = (Precision.YEAR, Precision.DECADE, Precision.CENTURY)


@lru_cache(maxsize=4096)
def ends(text: str) -> tuple[Point | None, Point | None]:
    """Parse a text into its two ends: None where it is open, the same twice if it has no slash.

    Raise `EdtfError` with only the reason; `EdtfDate.parse` adds the rest.
    """
    if len(text) > MAX_LENGTH:
        raise EdtfError(f"it has more than {MAX_LENGTH} characters")
    if "/" not in text:
        point = _parse_point(text)
        return point, point
    first, _, last = text.partition("/")
    if not first or not last:
        raise EdtfError("an interval needs a date, or two dots, on each side of the slash")
    if first == last == "..":
        raise EdtfError("an interval needs a date on at least one side of the slash")
    start = None if first == ".." else _parse_point(first)
    end = None if last == ".." else _parse_point(last)
    if start and end and end.latest < start.earliest:
        raise EdtfError("the interval ends before it begins")
    return start, end


def _parse_point(text: str) -> Point:
    match = _POINT.fullmatch(text)
    if not match:
        raise EdtfError("")
    year, month, day, qualifier = match.groups()
    first, last = int(year.replace("X", "0")), int(year.replace("X", "9"))
    if first == 0:
        raise EdtfError("years begin with 0001")
    if month is None:
        precision = _YEAR_PRECISION[year.count("X")]
        return Point(year, None, None, qualifier, precision, date(first, 1, 1), date(last, 12, 31))
    if first != last:
        raise EdtfError("a decade or century has no month")
    month = int(month)
    if month in SEASONS and day is None:
        earliest, latest = _season(first, month)
        return Point(year, month, None, qualifier, Precision.SEASON, earliest, latest)
    if not 1 <= month <= 12:
        raise EdtfError(f"there is no month {month:02}; seasons are 21 to 24, without a day")
    length = monthrange(first, month)[1]
    if day is None:
        earliest, latest = date(first, month, 1), date(first, month, length)
        return Point(year, month, None, qualifier, Precision.MONTH, earliest, latest)
    day = int(day)
    if not 1 <= day <= length:
        raise EdtfError(f"{MONTHS[month - 1]} {year} has days 01 to {length}")
    only = date(first, month, day)
    return Point(year, month, day, qualifier, Precision.DAY, only, only)


def _season(year: int, season: int) -> tuple[date, date]:
    if season != WINTER:
        month = 3 * (season - 20)
        return date(year, month, 1), date(year, month + 2, monthrange(year, month + 2)[1])
    if year == date.max.year:
        raise EdtfError("that winter lasts beyond the year 9999")
    return date(year, 12, 1), date(year + 1, 2, monthrange(year + 1, 2)[1])
