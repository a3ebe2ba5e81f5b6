"""Who gave to whom, how often and how much: givers across, recipients down."""

from collections import defaultdict
from dataclasses import dataclass, field
from math import sqrt

from django import forms

from diplomacy.amounts import Amount
from diplomacy.pages.listed import list_url, pair_url
from diplomacy.pictures.ledger import LedgerPicture
from lunar.parties.models import Country
from lunar.pictures import register

Kind = Country.Kind
LEFT, LINE, TOP_EDGE = 220, 60, 40  # places in the picture
LABEL = 24  # letters of a recipient that fit
TOP = 12  # recipients shown one by one unless all are asked for
GROUPS = (
    (Kind.STATE, "Nations"),
    (Kind.FORMER_STATE, "Former states"),
    (Kind.TERRITORY, "Territories"),
    (Kind.US_STATE, "US states"),
    (Kind.INTERGOVERNMENTAL, "Bodies of several states"),
    (None, "Not a country"),
)


class MatrixForm(forms.Form):
    """What may be asked of the matrix."""

    matrix = forms.ChoiceField(
        required=False, choices=[("", "The most frequent recipients"), ("all", "All recipients")]
    )


@dataclass
class Cell:
    """What one giver gave one row of recipients; `url` leads to the transfers."""

    giver: Country | None
    amount: Amount
    url: str = ""
    x: float = 0

    @property
    def radius(self):
        """Radius of the mark: its area is as large as the number of transfers."""
        return round(2.6 * sqrt(self.amount.passed), 1) if self.amount.passed else 2.6

    @property
    def lines(self):
        """What stands beside the mark: number, mass, what is not known."""
        amount = self.amount
        unknown = f"+ {amount.unknown} of unknown mass" if amount.known and amount.unknown else ""
        mass = amount.known_mass or amount.mass
        texts = [mass, unknown, amount.rest if not amount.passed else ""]
        return [text for text in texts if text]


@dataclass
class Row:
    """One recipient, or several in one line."""

    label: str
    url: str
    kind: str | None
    amounts: dict = field(default_factory=lambda: defaultdict(Amount))
    recipient: Country | None = None
    members: set = field(default_factory=set)
    cells: list = field(default_factory=list)
    y: float = 0
    bottom: float = 0

    @property
    def short(self):
        return self.label if len(self.label) <= LABEL else f"{self.label[: LABEL - 1].rstrip()}…"

    @property
    def total(self):
        return sum(self.amounts.values(), Amount())

    def fill(self, givers):
        self.cells = [
            Cell(giver, self.amounts[key], self._url(giver)) for key, giver in givers.items()
        ]
        return self

    def _url(self, giver):
        if not giver:
            return ""
        if self.recipient is None:
            return self.url
        if self.recipient == giver:
            return list_url("transfer-list", giver=giver.code, recipient=giver.code)
        return pair_url(giver, self.recipient)


def us_states():
    return Row("", list_url("display-list", kind=Kind.US_STATE), Kind.US_STATE)


def rows_of(groups):
    """Return a Row for each recipient, the US states together in one; most transfers first."""
    rows = {}
    for group in groups:
        who = group.recipient
        if who is None:
            row = rows.setdefault(None, Row("Bodies and persons without a country", "", None))
        elif who.kind == Kind.US_STATE:
            row = rows.setdefault(Kind.US_STATE, us_states())
            row.members.add(who.pk)
            row.label = f"{len(row.members)} US state{'' if len(row.members) == 1 else 's'}"
        else:
            row = rows.setdefault(
                who.pk, Row(who.name, who.get_absolute_url(), who.kind, recipient=who)
            )
        row.amounts[group.giver and group.giver.pk] += group.amount
    return sorted(rows.values(), key=lambda row: (-row.total.count, row.label))


def folded(rows):
    """Return one Row that stands for all of `rows`."""
    together = Row(f"{len(rows)} other recipients", "", "")
    for row in rows:
        for key, amount in row.amounts.items():
            together.amounts[key] += amount
    return together


@register
class TransfersMatrix(LedgerPicture):
    """Parameter `matrix`: `all` for every recipient one by one."""

    name = "transfers-matrix"
    title = "Who gave lunar material to whom"
    description = (
        "Givers stand across, recipients down. The area of each mark and the number in it tell how "
        "many transfers there were; beneath stands the mass as far as it is known."
    )
    template_name = "diplomacy/pictures/matrix.svg"
    parameters = tuple(MatrixForm.base_fields)
    page = "diplomacy:home"

    def __init__(self, params=None, ledger=None):
        super().__init__(params, ledger)
        self.form = MatrixForm(self.params)

    def context(self):
        asked = self.form.cleaned_data if self.form.is_valid() else {}
        groups = self.ledger.groups
        rows = rows_of(groups)
        totals = defaultdict(Amount)
        for group in groups:
            totals[group.giver and group.giver.pk] += group.amount
        order = sorted(totals, key=lambda key: (key is None, -totals[key].count))
        givers = {key: self.ledger.countries.get(key) for key in order}
        is_all_asked = asked.get("matrix") == "all"
        is_all = is_all_asked or len(rows) <= TOP + 1
        shown = rows if is_all else [*rows[:TOP], folded(rows[TOP:])]
        for row in shown:
            row.fill(givers)
        drawn = {
            "givers": [(giver.name if giver else "Others", giver) for giver in givers.values()],
            "rows": shown,
            "groups": self._groups(shown) if is_all else [("", shown)],
            "is_all": is_all,
            "is_folded": not is_all,
            "is_all_asked": is_all_asked,
            "recipient_count": sum(max(len(row.members), 1) for row in rows),
            "totals": [
                (totals[key], giver.in_text if giver else "others") for key, giver in givers.items()
            ],
            "total": sum(totals.values(), Amount()),
        }
        return drawn | self._places(drawn)

    def _groups(self, rows):
        """Return [(heading, rows in alphabetical order)] by kind of recipient."""
        grouped = [
            (heading, sorted((row for row in rows if row.kind == kind), key=lambda row: row.label))
            for kind, heading in GROUPS
        ]
        return [(heading, rows) for heading, rows in grouped if rows]

    def _places(self, drawn):
        """Give each row and cell its place; return those of the columns, and the height."""
        width = (self.width - LEFT) / max(len(drawn["givers"]), 1)
        columns = [round(LEFT + width * n + 34, 1) for n in range(len(drawn["givers"]))]
        for number, row in enumerate(drawn["rows"]):
            row.y = TOP_EDGE + LINE * (number + 0.5)
            row.bottom = TOP_EDGE + LINE * (number + 1)
            for cell, x in zip(row.cells, columns, strict=True):
                cell.x = x
        return {
            "columns": list(zip(drawn["givers"], columns, strict=True)),
            "top": TOP_EDGE,
            "height": TOP_EDGE + LINE * len(drawn["rows"]) + 8,
        }
