"""Placing labels on a picture so that none covers another, a mark or a lead line.

Greedy: labels are placed in order of importance, each at the first of its candidate places that
is free. Lengths are in units of the picture; y grows downwards.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians, sin

LINE = 1.1  # height of a line of text, in font sizes
BASELINE = 0.36  # from the middle of a line down to its baseline
LEADS = (14, 22, 32, 44, 58, 74, 92)
DIRECTIONS = (0, 180, 30, 150, 330, 210, 60, 120, 300, 240, 15, 165, 345, 195, 90, 270)


@dataclass(frozen=True)
class Wish:
    """A label for the mark of radius `reach` at (x, y); `lead` allows a lead line."""

    text: str
    x: float
    y: float
    reach: float
    size: float
    lead: bool = True


@dataclass(frozen=True)
class Placed:
    """Where a label stands: its baseline, which end of it, and the end of its lead line."""

    text: str
    x: float
    y: float
    anchor: str
    size: float
    lead: tuple[float, float] | None = None


def text_width(text, size):
    """Return how wide `text` is at most in the fonts that the site may be shown in.

    Measured by a wide one (DejaVu Sans Bold): a narrower font leaves gaps, never overlaps.
    """
    return size * sum(_letter_width(letter) for letter in text)


def _letter_width(letter):
    if letter in "ijlI.,'’|() ":
        return 0.38
    if letter in "ftr-":
        return 0.49
    if letter in "mwMW":
        return 1.05
    return 0.79 if letter.isupper() else 0.7


class Space:
    """The boxes and lines already taken within `bounds` (left, top, right, bottom)."""

    def __init__(self, bounds):
        self.bounds = bounds
        self.marks = []  # (x, y, reach)
        self.boxes = []
        self.lines = []

    def take_mark(self, x, y, reach):
        self.marks.append((x, y, reach))

    def place(self, wish):
        """Return the wish Placed, its place taken; None if there is no room."""
        width, height = text_width(wish.text, wish.size), wish.size * LINE
        for anchor, x, y, line in _candidates(wish, width, height):
            left = x - {"start": 0, "middle": width / 2, "end": width}[anchor]
            box = (left, y - height / 2, left + width, y + height / 2)
            if self._is_free(box, line, wish):
                self.boxes.append(box)
                if line:
                    self.lines.append(line)
                lead = line and line[2:]
                return Placed(wish.text, x, y + wish.size * BASELINE, anchor, wish.size, lead)
        return None

    def place_name(self, text, x, y, size, reach):
        """Return a name Placed as near to (x, y) as there is room, at most `reach` away."""
        width, height = text_width(text, size), size * LINE
        for share in (0, 0.35, 0.7, 1):
            for angle in range(0, 360, 45) if share else (0,):
                here = x + reach * share * cos(radians(angle))
                down = y + reach * share * sin(radians(angle))
                box = (here - width / 2, down - height / 2, here + width / 2, down + height / 2)
                if self._is_free(box, None, None):
                    self.boxes.append(box)
                    return Placed(text, here, down + size * BASELINE, "middle", size)
        return None

    def _is_free(self, box, line, wish):
        left, top, right, bottom = box
        bounds = self.bounds
        if left < bounds[0] or top < bounds[1] or right > bounds[2] or bottom > bounds[3]:
            return False
        for a, b, c, d in self.boxes:
            if left < c and a < right and top < d and b < bottom:
                return False
        for x, y, reach in self.marks:
            if left < x + reach and x - reach < right and top < y + reach and y - reach < bottom:
                return False
        if any(_line_meets_box(known, box) for known in self.lines):
            return False
        return line is None or self._line_is_free(line, wish)

    def _line_is_free(self, line, wish):
        if any(_line_meets_box(line, known) for known in self.boxes):
            return False
        if any(_lines_cross(line, known) for known in self.lines):
            return False
        return not any(
            _line_meets_box(line, (x - 4, y - 4, x + 4, y + 4))
            for x, y, _ in self.marks
            if (x, y) != (wish.x, wish.y)
        )


def _candidates(wish, width, height):
    """Yield (anchor, x, middle of the line, lead line) in order of preference."""
    near, x, y = wish.reach + 2, wish.x, wish.y
    yield "start", x + near, y, None
    yield "end", x - near, y, None
    for down in (-0.75, 0.75):
        shift = near * 0.6
        yield "start", x + shift, y + down * (near + height / 2), None
        yield "end", x - shift, y + down * (near + height / 2), None
    yield "middle", x, y - near - height / 2, None
    yield "middle", x, y + near + height / 2, None
    if not wish.lead:
        return
    for length in LEADS:
        for direction in DIRECTIONS:
            right, down = cos(radians(direction)), sin(radians(direction))
            to_x = x + (wish.reach + length) * right
            to_y = y + (wish.reach + length) * down
            line = (x + wish.reach * right, y + wish.reach * down, to_x, to_y)
            if abs(right) < 0.4:
                yield "middle", to_x, to_y + (height / 2 + 1) * (1 if down > 0 else -1), line
            elif right > 0:
                yield "start", to_x + 2, to_y, line
            else:
                yield "end", to_x - 2, to_y, line


def _line_meets_box(line, box):
    """Whether a segment touches a box (Liang and Barsky's clipping)."""
    x1, y1, x2, y2 = line
    left, top, right, bottom = box
    first, last = 0.0, 1.0
    for delta, low, high in ((x2 - x1, left - x1, right - x1), (y2 - y1, top - y1, bottom - y1)):
        if delta == 0:
            if low > 0 or high < 0:
                return False
            continue
        enter, leave = sorted((low / delta, high / delta))
        first, last = max(first, enter), min(last, leave)
        if first > last:
            return False
    return True


def _lines_cross(one, other):
    def side(line, x, y):
        x1, y1, x2, y2 = line
        return (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)

    apart = side(one, *other[:2]) * side(one, *other[2:])
    return apart < 0 and side(other, *one[:2]) * side(other, *one[2:]) < 0


CROWD = 600  # more places than a picture holds apart; comparing each with each would take long


@lru_cache(maxsize=256)
def set_apart(places, distance, rounds=60):
    """Return the (x, y) of `places` moved as little as needed to lie `distance` apart.

    Places that coincide part from left to right, in their order. A crowd has no room for it and
    stays as it is.
    """
    if len(places) > CROWD:
        return tuple((round(x, 1), round(y, 1)) for x, y in places)
    moved = [list(place) for place in places]
    for _ in range(rounds):
        is_settled = True
        for i, one in enumerate(moved):
            for other in moved[i + 1 :]:
                across, down = other[0] - one[0], other[1] - one[1]
                gap = (across * across + down * down) ** 0.5
                if gap >= distance - 0.01:
                    continue
                is_settled = False
                if gap < 0.01:
                    across, down, gap = 1.0, 0.0, 1.0
                    push = distance / 2
                else:
                    push = (distance - gap) / 2
                one[0] -= push * across / gap
                one[1] -= push * down / gap
                other[0] += push * across / gap
                other[1] += push * down / gap
        if is_settled:
            break
    return tuple((round(x, 1), round(y, 1)) for x, y in moved)
