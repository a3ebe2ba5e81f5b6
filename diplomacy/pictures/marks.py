"""The marks of the flows: what stands in one line, where, and what it says."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.urls import reverse

from diplomacy.amounts import Amount
from diplomacy.models import Transfer
from diplomacy.pictures.ledger import HAS_PASSED, SOUGHT

LEFT, RIGHT = 240, 704  # where the years begin and end in the picture
UNDATED = 732  # where marks without a date stand
TEXT = 758  # where the sums begin
LINE, ROW = 26, 15  # height of a line with one row of marks, and of each row more
TAIL = 24  # length of the line that says “or before”, “or after”
SMALL, BIG = 6, 9  # radius of a mark of one transfer and of several
RIBBON = 18  # height of the ribbon of a series
APART = 4  # years without a display after which one is told apart from its series
LABEL = 28  # letters of a recipient that fit


@dataclass
class Mark:
    """The transfers of one line in one year, of one kind and standing."""

    kind: str
    label: str  # of the kind, or that nothing passed
    years: str
    amount: Amount
    url: str
    title: str
    x: float
    start: float
    end: float
    before: bool = False  # or at any time before
    after: bool = False
    has_span: bool = False
    y: float = 0

    @property
    def number_x(self):
        return self.x + 12 if self.kind == SOUGHT else self.x

    @property
    def length(self):
        return round(self.end - self.start, 1)

    @property
    def top(self):
        return self.y - RIBBON / 2

    @property
    def text_y(self):
        return self.y + 4.5


@dataclass
class Line:
    """One recipient of a giver, or one series of goodwill displays."""

    label: str
    url: str
    groups: list = field(default_factory=list)
    is_series: bool = False
    marks: list = field(default_factory=list)
    y: float = 0  # of its upper edge
    height: float = LINE

    @property
    def amount(self):
        return sum((group.amount for group in self.groups), Amount())

    @property
    def short(self):
        return self.label if len(self.label) <= LABEL else f"{self.label[: LABEL - 1].rstrip()}…"

    @property
    def bottom(self):
        return self.y + self.height

    @property
    def middle(self):
        return self.y + self.height / 2

    @property
    def text_y(self):
        return self.middle + 4.5

    @property
    def sum(self):
        """Number of transfers and their mass: “3: 6 g + 1 unknown; 1 only sought”."""
        amount = self.amount
        mass = amount.known_mass or amount.mass
        unknown = f" + {amount.unknown} unknown" if amount.known and amount.unknown else ""
        passed = f"{amount.passed}: {mass}{unknown}" if amount.passed else ""
        return "; ".join(part for part in (passed, amount.rest) if part)

    @property
    def years(self):
        """First and last year known of it, or (None, None)."""
        known = [year for g in self.groups for year in (g.start, g.end) if year]
        return (min(known), max(known)) if known else (None, None)

    @property
    def place(self):
        first, _ = self.years
        return (not self.is_series, first or 9999, self.label)


class Years:
    """Places years across the picture."""

    def __init__(self, groups):
        known = [year for group in groups for year in (group.start, group.end) if year]
        self.first = min(known, default=1969)
        self.last = max(known, default=self.first) + 1
        self.step = (RIGHT - LEFT) / (self.last - self.first)

    def x(self, year, part=0.5):
        return round(LEFT + (year - self.first + part) * self.step, 1)

    def ticks(self):
        """Return [(place, year)] of the decades."""
        first = -(-self.first // 10) * 10
        return [(self.x(year, 0), year) for year in range(first, self.last + 1, 10)]


def draw(line, years):
    """Make the marks of `line`; those that would touch stand below each other."""
    gathered = defaultdict(list)
    in_ribbon, single = _parted(line.groups) if line.is_series else ([], line.groups)
    for group in single:
        kind = group.kind if group.standing == HAS_PASSED else group.standing
        gathered[(group.start, group.end, kind)].append(group)
    marks = [_mark(line, years, *key, groups) for key, groups in gathered.items()]
    if in_ribbon:
        marks.append(_ribbon(line, years, in_ribbon))
    rows = []  # where the last mark of each row ends
    for mark in sorted(marks, key=lambda mark: (mark.start, mark.end)):
        row = next((n for n, end in enumerate(rows) if mark.start >= end), len(rows))
        rows[row : row + 1] = [mark.end]
        mark.y = line.y + LINE / 2 + ROW * row
        line.marks.append(mark)
    line.height = LINE + ROW * (max(len(rows), 1) - 1)


def _parted(groups):
    """Return the groups of a series that one ribbon stands for, undated ones included, and others.

    It spans the years in which most of its displays were given; single ones of other times, years
    after, keep marks of their own.
    """
    counts = Counter()
    for group in groups:
        if group.start and group.start == group.end:
            counts[group.start] += group.amount.count
    clusters = []
    for year in sorted(counts):
        if not clusters or year - clusters[-1][-1] > APART:
            clusters.append([])
        clusters[-1].append(year)
    most = max(clusters, key=lambda years: sum(counts[y] for y in years), default=[])
    other_years = set(counts) - set(most)
    parted = [], []
    for group in groups:
        is_single = group.start == group.end and group.start in other_years
        parted[is_single].append(group)
    return parted


def _ribbon(line, years, groups):
    """Return the mark of a series: from the first to the last year known of its transfers."""
    exact = [group.start for group in groups if group.start and group.start == group.end]
    first, last = min(exact, default=None), max(exact, default=None)
    start = years.x(first, 0) if first else UNDATED - RIBBON
    end = max(years.x(last, 1) if last else UNDATED + RIBBON, start + 2 * RIBBON)
    amount = sum((group.amount for group in groups), Amount())
    undated = sum(g.amount.count for g in groups if g.start is None and g.end is None)
    span = f"{first}–{last}" if first != last else str(first or "")
    if undated:
        span += f"{', ' if span else ''}{undated} without a date"
    title = f"{line.label}, {span}: {amount.in_words}"
    middle = (start + end) / 2
    return Mark("series", "Gift, in a series", span, amount, line.url, title, middle, start, end)


def _mark(line, years, first, last, kind, groups):
    amount = sum((group.amount for group in groups), Amount())
    label = _kind_label(kind)
    in_words = _years_in_words(first, last)
    if amount.count == 1:
        url = reverse("diplomacy:transfer-detail", args=[groups[0].first["slug"]])
        title = f"{groups[0].first['title']} ({label.lower()}, {in_words})"
    else:
        url = line.url
        title = f"{line.label}, {in_words}: {amount.count} × {label.lower()}"
    if amount.mass:
        title += f": {amount.mass}"
    mark = Mark(kind, label, in_words, amount, url, title, 0, 0, 0)
    mark.before, mark.after = first is None and last is not None, last is None and first is not None
    if first is None and last is None:
        mark.x = UNDATED
    elif first and last:
        mark.x = (years.x(first) + years.x(last)) / 2
    else:
        mark.x = years.x(first or last)
    radius = BIG if amount.count > 1 else SMALL
    spans = bool(first and last and first != last)
    mark.has_span = spans or mark.before or mark.after
    mark.start = years.x(first, 0) if spans else mark.x - max(radius, TAIL if mark.before else 0)
    mark.end = years.x(last, 1) if spans else mark.x + max(radius, TAIL if mark.after else 0)
    number = 2 * BIG if kind == SOUGHT and amount.count > 1 else 0
    mark.start = max(min(mark.start, mark.x - radius), LEFT - SMALL)
    mark.end = max(mark.end, mark.x + radius + number)
    return mark


def _kind_label(kind):
    if kind == SOUGHT:
        return "Sought or offered, nothing passed"
    return dict(Transfer.Kind.choices).get(kind, "Not researched yet")


def _years_in_words(first, last):
    if first is None and last is None:
        return "no date"
    if first is None:
        return f"in or before {last}"
    if last is None:
        return f"in or after {first}"
    return str(first) if first == last else f"{first}–{last}"
