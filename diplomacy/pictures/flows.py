"""Who gave to whom, and when: a lane for each giver, a line for each recipient, years across."""

from collections import defaultdict

from diplomacy.amounts import Amount
from diplomacy.pages.listed import list_url, pair_url
from diplomacy.pictures.ledger import LedgerPicture
from diplomacy.pictures.marks import (
    LEFT,
    RIGHT,
    SMALL,
    TAIL,
    TEXT,
    UNDATED,
    Line,
    Mark,
    Years,
    draw,
)
from lunar.pictures import MOST_DRAWN, register


@register
class Flows(LedgerPicture):
    """Every transfer once: as a mark of its own, or counted in that of its year or series."""

    name = "flows"
    title = "Lunar material from giver to recipient, year by year"
    description = (
        "Each giver has a lane, each recipient a line in it, with years from left to right. "
        "Filled circles are gifts, rings loans, diamonds exchanges, triangles sales, crosses what "
        "was sought or offered while nothing passed. Goodwill displays are counted by series."
    )
    template_name = "diplomacy/pictures/flows.svg"
    page = "diplomacy:home"
    width = 1100

    def context(self):
        groups, note = self.ledger.groups, ""
        if len(groups) > MOST_DRAWN:
            transfers = sum(group.amount.count for group in groups)
            groups, note = [], f"{transfers:,} transfers: too many to draw."
        years = Years(groups)
        lanes = defaultdict(dict)
        for group in groups:
            _line_of(lanes[group.giver and group.giver.pk], group).groups.append(group)
        drawn, y = [], 64
        for key in sorted(lanes, key=lambda key: _first_year(lanes[key].values())):
            giver = self.ledger.countries.get(key)
            lines = sorted(lanes[key].values(), key=lambda line: line.place)
            lane = {"giver": giver, "y": y, "title_y": y + 21}
            lane["amount"] = sum((line.amount for line in lines), Amount())
            y += 34
            for line in lines:
                line.y = y
                draw(line, years)
                y += line.height
            drawn.append(lane | {"lines": lines})
            y += 22
        return {
            "lanes": drawn,
            "note": note,
            "ticks": years.ticks(),
            "left": LEFT,
            "right": RIGHT,
            "undated": UNDATED,
            "text": TEXT,
            "bottom": y,
            "legend_marks": list(_legend(y + 14)),
            "height": y + 56,
        }


def _first_year(lines):
    return min(line.years[0] or 9999 for line in lines)


def _line_of(lane, group):
    """Return the line of `lane` that `group` belongs to, made where it is the first."""
    if group.series:
        url = group.series.get_absolute_url()
        return lane.setdefault(("series", group.series.pk), Line(group.series.name, url, [], True))
    key = group.recipient and group.recipient.pk
    if key not in lane:
        lane[key] = _line_between(group.giver, group.recipient)
    return lane[key]


def _line_between(giver, recipient):
    if recipient is None:
        return Line("A body or person", "")
    if giver is None:
        return Line(recipient.name, recipient.get_absolute_url())
    if giver == recipient:
        url = list_url("transfer-list", giver=giver.code, recipient=giver.code)
        return Line(f"within {giver.in_text}", url)
    return Line(recipient.name, pair_url(giver, recipient))


def _legend(y):
    """Yield (mark, what it means) in two rows."""
    entries = [
        ("gift", "gift", 16),
        ("loan", "loan", 90),
        ("exchange", "exchange", 170),
        ("sale", "sale", 286),
        ("sought", "sought or offered, nothing passed", 370),
        ("open", "not researched yet", 670),
        ("series", "a series and its number, undated ones too", 30),
        ("gift", "some time between two years", 382),
        ("gift", "that year, or some time before or after", 670),
    ]
    for number, (kind, label, x) in enumerate(entries):
        row = y + 26 * (number > 5)
        mark = Mark(kind, label, "", Amount(), "", "", x, x, x, y=row)
        if kind == "series":
            mark.start, mark.end = x - 24, x + 12
            mark.x = x - 6
        elif number == 7:
            mark.start, mark.end, mark.has_span = x - 24, x + 24, True
        elif number == 8:
            mark.start, mark.end, mark.has_span = x - SMALL, x + TAIL, True
            mark.after = True
        yield mark, label, mark.end + 12
