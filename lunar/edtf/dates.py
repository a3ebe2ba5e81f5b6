"""Dates that are only partly known, written in EDTF.

The grammar is the part of ISO 8601-2:2019 (Extended Date/Time Format, levels 0 and 1; published
freely at https://www.loc.gov/standards/datetime/) that a historical record needs:

    2004  1978-05  1978-05-22      year, month, day
    197X  19XX                     some year of a decade, of a century
    2024-21 … 2024-24              spring, summer, autumn, winter
    1970~  1971?  1971%            approximate, uncertain, both; always for the whole date
    1969/1970                      some time from the one date to the other
    ../2025-04-29  2025-04-29/..   up to, or from, a date

Three decisions where the standard is silent:

- Seasons are the meteorological ones of the northern hemisphere. Winter begins in December of the
  year it is written with: `2024-24` is December 2024 to the end of February 2025.
- A qualifier changes how a date reads, never its range: `1970~` is filed under 1970, because any
  margin would be our invention.
- An interval says between which dates something happened. It may not end before it begins.
"""

from datetime import date
from typing import Self

from lunar.edtf.grammar import (
    MAX_LENGTH,
    MONTHS,
    SEASONS,
    WINTER,
    EdtfError,
    Point,
    Precision,
    ends,
)
from lunar.edtf.suggestions import suggestions

ACCEPTED_FORMS = (
    "Write 1978, 1978-05, 1978-05-22, 197X, add ~ for about, ? for uncertain, "
    "or join two with a slash: 1969/1970, ../2025-04-29."
)


class EdtfDate(str):
    """An EDTF text such as `1978-05` that knows which days it may mean.

    It equals, sorts, hashes and serialises as its text; use `sort_key` for order in time. The
    constructor trusts its argument, `parse` does not: on a text that is no date, the properties
    raise `EdtfError`.
    """

    # No instance dictionary: what a text means is cached for each text, not for each object.
    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what somebody typed; raise `EdtfError`, with the accepted forms, if it is no date.

        Surrounding whitespace is dropped. Nothing else needs normalising: each date has one
        spelling.
        """
        text = text.strip()
        try:
            ends(text)
        except EdtfError as error:
            raise EdtfError(_explanation(text, reason=str(error))) from None
        return cls(text)

    @property
    def earliest(self) -> date | None:
        """The first day it may mean; None if there is no such limit."""
        start, _ = ends(self)
        return start and start.earliest

    @property
    def latest(self) -> date | None:
        """The last day it may mean; None if there is no such limit."""
        _, end = ends(self)
        return end and end.latest

    @property
    def sort_key(self) -> tuple[date, date]:
        """Sorts in time; a range without a beginning or an end counts as its known end."""
        earliest, latest = self.earliest, self.latest
        return (earliest or latest, latest or earliest)

    @property
    def year(self) -> int:
        """The year of `earliest`, or else of `latest`."""
        return self.sort_key[0].year

    @property
    def is_interval(self) -> bool:
        return "/" in self

    @property
    def is_approximate(self) -> bool:
        """Whether the date, or either end of the interval, is marked `~` or `%`."""
        return "~" in self or "%" in self

    @property
    def is_uncertain(self) -> bool:
        """Whether the date, or either end of the interval, is marked `?` or `%`."""
        return "?" in self or "%" in self

    @property
    def precision(self) -> Precision:
        start, _ = ends(self)
        return Precision.INTERVAL if self.is_interval else start.precision

    @property
    def in_words(self) -> str:
        """Plain English, for the middle of a sentence: `about 1970`, `on or before 5 May 1978`."""
        start, end = ends(self)
        if start is None:
            return f"{_preposition(end)} or before {_words(end)}"
        if end is None:
            return f"{_preposition(start)} or after {_words(start)}"
        return _words(start) if start == end else _words_between(start, end)

    @property
    def datetime_attribute(self) -> str:
        """The value for HTML's `<time datetime>`, or an empty string.

        HTML knows days, months and years. It has no form for seasons, decades and intervals, and
        none for doubt: `1970~` as `1970` would tell a machine more than is known.
        """
        exact = {Precision.DAY, Precision.MONTH, Precision.YEAR}
        qualified = self.is_approximate or self.is_uncertain
        return str(self) if self.precision in exact and not qualified else ""


def _explanation(text: str, *, reason: str) -> str:
    shown = text if len(text) <= MAX_LENGTH else f"{text[:MAX_LENGTH]}…"
    message = f"‘{shown}’ is not a date in EDTF"
    message += f": {reason}." if reason else "."
    for suggestion in suggestions(text[: MAX_LENGTH + 1]):
        try:
            ends(suggestion)
        except EdtfError:
            continue
        message += f" Did you mean {suggestion}?"
        break
    return f"{message} {ACCEPTED_FORMS}"


def _words(point: Point) -> str:
    year, month, day, qualifier, precision, earliest, latest = point
    if precision is Precision.DAY:
        words = f"{day} {MONTHS[month - 1]} {year}"
    elif precision is Precision.MONTH:
        words = f"{MONTHS[month - 1]} {year}"
    elif month == WINTER:
        same_century = earliest.year // 100 == latest.year // 100
        words = f"winter {year}–{str(latest.year)[2:] if same_century else latest.year}"
    elif precision is Precision.SEASON:
        words = f"{SEASONS[month]} {year}"
    elif precision is Precision.YEAR:
        words = year
    elif precision is Precision.DECADE and year[2] != "0":
        words = f"the {year[:3]}0s"
    else:  # “the 1900s” may be a decade or a century, and the 20th century began in 1901
        words = f"the years {earliest.year:04}–{latest.year:04}"
    if qualifier in ("~", "%"):
        words = f"about {words}"
    if qualifier in ("?", "%"):
        words = f"{words} (uncertain)"
    return words


def _words_between(start: Point, end: Point) -> str:
    """Join two dates, without saying the month or the year twice."""
    first, last = _words(start), _words(end)
    if start.year == end.year and start.month and end.month:
        shared = f" {end.year}"
        if start.day and end.day and start.month == end.month:
            shared = f" {MONTHS[end.month - 1]}{shared}"
        if last.endswith(shared):
            first = first.removesuffix(shared)
    return f"between {first} and {last}"


def _preposition(point: Point) -> str:
    return "on" if point.precision is Precision.DAY else "in"
