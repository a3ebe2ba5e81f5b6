from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Q, Sum

from diplomacy.amounts import rounded
from diplomacy.countries import RECEIVED
from diplomacy.filters import CONFIRMED, GONE
from diplomacy.models import Practice, Transfer
from diplomacy.models.transfer import NOTHING_PASSED, PASSED
from diplomacy.pages.listed import list_url, listed
from diplomacy.pages.practice import numbered
from diplomacy.tables import DisplayTable, TransferTable
from lunar.mass import mass_in_words
from lunar.parties.models import Country
from lunar.pictures import picture

Certainty = Transfer.MassCertainty
LATEST = 8
VERBS = {"gift": "given", "exchange": "exchanged", "loan": "lent", "sale": "sold"}


@dataclass
class Figure:
    """A number computed from the record, and the list it was counted from."""

    value: str
    label: str
    url: str


class HomePage:
    """The section front: figures, pictures, practices, the latest, the longest unseen.

    `asked` are the parameters of the matrix.
    """

    def __init__(self, asked=None):
        # By name, because the pictures lead to the pages and read this package themselves.
        self.matrix = picture("transfers-matrix")(asked)
        self.flows = picture("flows")(ledger=self.matrix.ledger)
        self.world = picture("world")(ledger=self.matrix.ledger)

    @cached_property
    def figures(self):
        transfers = Transfer.objects.public().aggregate(
            passed=Count("pk", filter=PASSED),
            sought=Count("pk", filter=NOTHING_PASSED),
            gone=Count("pk", filter=GONE & Q(series__is_goodwill=True)),
        )
        holders = Country.objects.public().filter(RECEIVED).count()
        counted = [
            ("transfers that took place", transfers["passed"], "transfer-list", "passed", "yes"),
            (
                "countries, states and other parties that received or hold material",
                holders,
                "country-list",
                "part",
                "received",
            ),
            (
                "sought or offered, but nothing passed",
                transfers["sought"],
                "transfer-list",
                "passed",
                "no",
            ),
            (
                "goodwill displays missing, stolen or destroyed",
                transfers["gone"],
                "display-list",
                "whereabouts",
                "gone",
            ),
        ]
        figures = [
            Figure(f"{number:,}", label, list_url(name, **{parameter: value}))
            for label, number, name, parameter, value in counted
        ]
        return figures[:2] + self._masses() + figures[2:]

    def _masses(self):
        """Return a figure for each kind of transfer by which a known mass passed."""
        sums = (
            Transfer.objects.public()
            .took_place()
            .exclude(mass_certainty=Certainty.PLANNED)
            .order_by()
            .values_list("kind")
            .annotate(
                total=Sum("mass_g"),
                stated=Count("mass_g"),
                rough=Count("pk", filter=Q(mass_certainty=Certainty.ABOUT)),
                n=Count("pk"),
            )
        )
        order = list(VERBS)
        return [
            Figure(
                f"about {mass_in_words(rounded(total))}" if rough else mass_in_words(total),
                f"{VERBS[kind]} (mass known for {stated:,} of {n:,} transfers)",
                list_url("transfer-list", kind=kind, passed="yes", sort="-mass_g"),
            )
            for kind, total, stated, rough, n in sorted(sums, key=lambda row: order.index(row[0]))
            if total
        ]

    @cached_property
    def practices(self):
        """The customs in order of their first case, with what is behind each."""
        return list(numbered(Practice.objects.public()).prefetch_related("countries"))

    @cached_property
    def latest(self):
        return listed(
            TransferTable,
            Transfer.objects.public().took_place().for_list(),
            caption="The latest transfers that took place",
            url=list_url("transfer-list", passed="yes"),
            rows=LATEST,
            exclude=["kind"],
        )

    @cached_property
    def longest_unseen(self):
        return listed(
            DisplayTable,
            Transfer.objects.public().goodwill().filter(CONFIRMED).for_list(),
            caption="Goodwill displays whose place was confirmed longest ago",
            url=list_url("display-list", whereabouts="confirmed", sort="last_confirmed"),
            order_by="last_confirmed",
            rows=LATEST,
            exclude=["holder"],
        )
