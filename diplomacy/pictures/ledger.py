"""What the pictures draw from: the public transfers, counted by the database in a few groups."""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from django.db.models import Case, Count, Min, Q, Sum, Value, When
from django.db.models.functions import ExtractYear

from diplomacy.amounts import Amount
from diplomacy.models import Transfer, TransferSeries
from diplomacy.models.transfer import NOTHING_PASSED, PASSED
from lunar.parties.models import Country
from lunar.pictures import Picture

Certainty = Transfer.MassCertainty
HAS_PASSED, SOUGHT, OPEN = "passed", "sought", "open"
SERIES = ("series__slug", "series__name", "series__is_public")


@dataclass
class Group:
    """Transfers of one giver to one recipient, of one kind, standing and time; often just one."""

    giver: Country | None
    recipient: Country | None
    series: TransferSeries | None  # of goodwill displays only
    kind: str
    standing: str  # HAS_PASSED, SOUGHT or OPEN
    start: int | None  # year of the first day it may mean
    end: int | None
    amount: Amount
    first: dict = field(default_factory=dict)  # slug and title of one of them


class Ledger:
    """The public transfers as groups, and who takes part; read once for all pictures of a page."""

    @cached_property
    def countries(self):
        """{key: public country}, with the public states that followed a former one."""
        found = Country.objects.public().prefetch_related("successors")
        return {country.pk: country for country in found}

    @cached_property
    def groups(self):
        by = ("giver", "recipient", "kind", "standing", "start", "end", "goodwill", *SERIES)
        measured = PASSED & ~Q(mass_certainty=Certainty.PLANNED)
        rows = (
            Transfer.objects.public()
            .order_by()
            .annotate(
                standing=Case(
                    When(PASSED, then=Value(HAS_PASSED)),
                    When(NOTHING_PASSED, then=Value(SOUGHT)),
                    default=Value(OPEN),
                ),
                start=ExtractYear("date_earliest"),
                end=ExtractYear("date_latest"),
                goodwill=Case(When(series__is_goodwill=True, then="series")),
            )
            .values(*by)
            .annotate(
                n=Count("pk"),
                grams=Sum("mass_g", filter=measured),
                known=Count("mass_g", filter=measured),
                rough=Count("pk", filter=measured & Q(mass_certainty=Certainty.ABOUT)),
                slug=Min("slug"),
                name=Min("title"),
            )
            .order_by("slug")
        )
        return [self._group(row) for row in rows]

    def _group(self, row):
        amount = Amount(grams=row["grams"] or Decimal(0), known=row["known"], rough=row["rough"])
        setattr(amount, row["standing"], row["n"])
        return Group(
            giver=self.countries.get(row["giver"]),
            recipient=self.countries.get(row["recipient"]),
            series=_goodwill_series(row),
            kind=row["kind"],
            standing=row["standing"],
            start=row["start"],
            end=row["end"],
            amount=amount,
            first={"slug": row["slug"], "title": row["name"]},
        )


def _goodwill_series(row):
    if not row["goodwill"] or not row["series__is_public"]:
        return None
    return TransferSeries(
        pk=row["goodwill"], slug=row["series__slug"], name=row["series__name"], is_goodwill=True
    )


class LedgerPicture(Picture):
    """A picture of the ledger; the pictures of one page share it."""

    def __init__(self, params=None, ledger=None):
        super().__init__(params)
        self.ledger = ledger or Ledger()

    @cached_property
    def height(self):
        """Return the height of the viewBox, which depends on what is drawn."""
        return self.drawn["height"]
