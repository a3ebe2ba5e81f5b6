"""Moments in time as pictures draw them: where on a scale, in which row, with which label.

A moment is dated in EDTF. What is known to the day is a mark; a date known less well is a pill from
its earliest to its latest day; one that is only “before” or “after” a day has a tail to that side.
Measures are units of the picture's viewBox.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from lunar.edtf import EdtfDate
from lunar.pictures import lettering

MARK = 9  # width of a mark
TAIL = 14  # of a range without an end; its length means nothing
WIDER = 1.28  # browsers may set labels in wider fonts than those they were measured in


@dataclass
class Moment:
    """One dated fact, told by a mark, its title, and a row of the table."""

    date: EdtfDate | str
    kind: str  # selects the shape
    what: str  # kind and outcome in words
    name: str  # of the record that it belongs to
    url: str
    lane: str
    label: str = ""  # as short as a picture needs it; "" for none
    where: str = ""
    is_first: bool = False

    @property
    def start(self):
        return self.date.sort_key[0]

    @property
    def end(self):
        return self.date.sort_key[1]

    @property
    def in_words(self):
        said = f"{self.name}: {self.what}, {self.date.in_words}"
        return f"{said}, {self.where}" if self.where else said

    def within(self, start, end):
        """Whether it may share a day with the range from `start` to `end`."""
        return bool(self.date) and self.start <= end and self.end >= start


@dataclass
class TimeScale:
    """Days on a line from `left` to `right`; what lies outside is held at the ends."""

    start: date
    end: date
    left: float
    right: float

    def x(self, day):
        days = (self.end - self.start).days + 1
        part = (day - self.start).days / days
        return self.left + (self.right - self.left) * min(max(part, 0), 1)


@dataclass
class Placed:
    """A moment with its place: the mark at (x, y), the pill from x1 to x2, the label's start."""

    moment: Moment
    x: float
    x1: float
    x2: float
    is_span: bool
    row: int = 0
    y: float = 0
    label: str = ""
    label_x: float = 0
    anchor: str = "start"
    shape: str = ""
    height: float = 0
    scale: str = ""

    @property
    def top(self):
        return round(self.y - self.height / 2, 1)

    @property
    def radius(self):
        return self.height / 2

    @property
    def span_width(self):
        return round(self.x2 - self.x1, 1)

    @property
    def opens_left(self):
        return self.moment.date.earliest is None

    @property
    def opens_right(self):
        return self.moment.date.latest is None


def place(moment, scale, mark=MARK):
    """Return the moment Placed on the scale, without a row."""
    x1, x2 = scale.x(moment.start), scale.x(moment.end + timedelta(days=1))
    is_span = x2 - x1 > mark
    if not is_span:
        middle = min(max((x1 + x2) / 2, scale.left + mark / 2), scale.right - mark / 2)
        x1, x2 = middle - mark / 2, middle + mark / 2
    return Placed(moment, round(x1 + mark / 2, 1), round(x1, 1), round(x2, 1), is_span)


def pack(moments, scale, *, size=0, rows_with_labels=0, mark=MARK, gap=3):
    """Return (placed moments, number of rows) so that neither marks nor labels overlap.

    Each takes the first row with room. A label is drawn beside its mark as long as it finds room in
    one of the first `rows_with_labels` rows; otherwise the mark goes without.
    """
    ends, found = [], []
    for moment in sorted(moments, key=lambda m: (m.start, m.end, m.name)):
        item = place(moment, scale, mark)
        reach = lettering.width(moment.label, size) * WIDER if moment.label and size else 0
        for with_label in (True, False) if reach and rows_with_labels else (False,):
            left, right = _box(item, reach if with_label else 0, scale, mark)
            row = next((n for n, end in enumerate(ends) if end + gap <= left), len(ends))
            if not with_label or row < rows_with_labels:
                break
        if with_label:
            item.label = moment.label
            after = _after(item, mark)
            is_before = right < after + reach
            item.anchor = "end" if is_before else "start"
            item.label_x = round(left + reach if is_before else after, 1)
        ends[row:] = [right, *ends[row + 1 :]]
        item.row = row
        found.append(item)
    return found, len(ends)


def _box(item, reach, scale, mark):
    """Return what a mark with a label of width `reach` takes up, from left to right."""
    left = item.x1 - (TAIL if item.opens_left else 0)
    right = item.x2 + (TAIL if item.opens_right else 0)
    if reach:
        after = _after(item, mark) + reach
        if after <= scale.right:
            right = max(right, after)
        else:  # no room to the right: the label goes to the left of the mark
            left -= 4 + reach
    return left, right


def _after(item, mark):
    """Return where a label to the right of a mark begins; within its pill, if it has one."""
    has_tail = item.opens_right and not item.is_span
    return item.x + mark / 2 + 3 + (TAIL if has_tail else 0)
