"""Guess which EDTF date was meant by a common way of writing dates.

Only readings that leave no choice are offered: 22/05/1978 can be one day only, 05/06/1978 two.
"""

import re
from collections.abc import Iterator

from lunar.edtf.grammar import MONTHS

_MONTH_NUMBERS = {name[:3].lower(): number for number, name in enumerate(MONTHS, start=1)}
_SEASON_NUMBERS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23}
# The whole name, or its first letters: Sep, Sept, September.
_MONTH = "|".join(
    rf"{name[:3]}(?:{'|'.join(name[3:end] for end in range(len(name), 3, -1))})?\.?"
    if len(name) > 3
    else name
    for name in MONTHS
)
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[0-9]{4})"
_NUMBERS = re.compile(r"(?P<a>[0-9]{1,2})(?P<sep>[-/.])(?P<b>[0-9]{1,2})(?P=sep)(?P<year>[0-9]{4})")
_PATTERNS = [
    re.compile(pattern, re.ASCII | re.IGNORECASE)
    for pattern in (
        rf"(?:{_DAY}(?: of)? )?(?P<name>{_MONTH}),? {_YEAR}",  # 22 May 1978, May 1978
        rf"(?P<name>{_MONTH}) {_DAY},? {_YEAR}",  # May 22, 1978
        rf"{_YEAR}[-/. ](?P<month>[0-9]{{1,2}})(?:[-/. ](?P<day>[0-9]{{1,2}}))?",  # 1978-5-2
        rf"{_YEAR}(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})",  # 19780522
        rf"{_YEAR}-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}})[T ][0-9:].*",  # 1978-05-22T10:00
    )
]
_REWRITES = [
    (re.compile(pattern, re.ASCII | re.IGNORECASE), template)
    for pattern, template in (
        (r"(?:about|around|circa|ca\.?|c\.) ?(.+)", r"\1~"),
        (r"([~?%])(.+)", r"\2\1"),
        (r"(?:(?:in|on) or before|until|by) (.+)|/(.+)", r"../\1\2"),
        (r"(?:(?:in|on) or after|since) (.+)|(.+)/", r"\1\2/.."),
        (r"(?:the )?([0-9]{2}[1-9])0'?s", r"\1X"),
        (r"([0-9]{4}) ?(?:-|–|to) ?([0-9]{4})", r"\1/\2"),
    )
]


def suggestions(text: str) -> Iterator[str]:
    """Yield what may have been meant, likeliest first; the caller keeps the first valid one."""
    yield "".join(text.upper().split())  # 197x, 1969 / 1970
    if numbers := _NUMBERS.fullmatch(text):
        a, b = int(numbers["a"]), int(numbers["b"])
        if a > 12 or a == b:
            yield f"{numbers['year']}-{b:02}-{a:02}"
        elif b > 12:
            yield f"{numbers['year']}-{a:02}-{b:02}"
    for pattern in _PATTERNS:
        if match := pattern.fullmatch(text):
            yield _iso(**match.groupdict())
    season, _, year = text.lower().partition(" ")
    if season in _SEASON_NUMBERS:
        yield f"{year}-{_SEASON_NUMBERS[season]}"
    for pattern, template in _REWRITES:
        if match := pattern.fullmatch(text):
            yield match.expand(template)


def _iso(year: str, month: str = "", name: str = "", day: str | None = None) -> str:
    number = _MONTH_NUMBERS[name[:3].lower()] if name else int(month)
    return f"{year}-{number:02}" + (f"-{int(day):02}" if day else "")
