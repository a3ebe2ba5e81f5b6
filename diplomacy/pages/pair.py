from dataclasses import dataclass, field
from functools import cached_property

from diplomacy.amounts import Amount
from diplomacy.models import Transfer
from diplomacy.pages.listed import pair_url
from lunar.parties.models import Country

KINDS_ANSWERED = {Transfer.Kind.GIFT, Transfer.Kind.EXCHANGE}


@dataclass
class Row:
    """Transfers that belong together: those of the one country beside those of the other."""

    date: str = ""
    from_one: list = field(default_factory=list)
    from_other: list = field(default_factory=list)

    @property
    def is_matched(self):
        return bool(self.from_one and self.from_other)

    @property
    def has_passed(self):
        """Whether material passed on both sides; else at least one side was only sought."""
        return all(Amount.of(side).passed for side in (self.from_one, self.from_other))

    @property
    def is_open(self):
        """Whether something was given for which nothing in return is on record."""
        return not self.is_matched and any(
            transfer.kind in KINDS_ANSWERED and Amount.of([transfer]).passed
            for transfer in self.from_one + self.from_other
        )

    @property
    def sides(self):
        """Return [[(transfer, its mass in words)]] of the two countries."""
        return [
            [(transfer, transfer.mass_words) for transfer in side]
            for side in (self.from_one, self.from_other)
        ]


class PairPage:
    """Two countries: what passed in each direction, with what was given in return beside it."""

    def __init__(self, one, other):
        self.one, self.other = one, other
        between = Transfer.objects.public().with_parties().between(one, other)
        self.transfers = list(between)
        self.rows = matched(self.transfers, one)

    @cached_property
    def directions(self):
        """[(who gives, Amount given to the other)] of the two."""
        return [
            (giver, Amount.of(t for t in self.transfers if t.giver_id == giver.pk))
            for giver in (self.one, self.other)
        ]

    @cached_property
    def related(self):
        """[(one, other, address)] of the same two in other times: their former and later states."""
        families = [_family(self.one), _family(self.other)]
        found = (
            Transfer.objects.public()
            .filter(giver__in=families[0] + families[1], recipient__in=families[0] + families[1])
            .order_by()
            .values_list("giver", "recipient")
            .distinct()
        )
        pairs = {frozenset(pair) for pair in found}
        return [
            (one, other, pair_url(one, other))
            for one in families[0]
            for other in families[1]
            if (one, other) != (self.one, self.other)
            and one != other
            and frozenset((one.pk, other.pk)) in pairs
        ]


def matched(transfers, one):
    """Return `transfers` as Rows: those made in return for each other share a row."""
    known = {transfer.pk: transfer for transfer in transfers}
    rows = {}
    for transfer in transfers:
        row = rows.setdefault(_first_of_chain(transfer, known), Row(date=transfer.date))
        side = row.from_one if transfer.giver_id == one.pk else row.from_other
        side.append(transfer)
    return list(rows.values())


def _first_of_chain(transfer, known):
    """Return the key of the transfer that began the exchange `transfer` belongs to."""
    seen = set()
    while transfer.reciprocates_id in known and transfer.pk not in seen:
        seen.add(transfer.pk)
        transfer = known[transfer.reciprocates_id]
    return min(seen) if transfer.pk in seen else transfer.pk


def _family(country):
    """Return the country with the public states before and after it."""
    return [
        country,
        *Country.objects.public().filter(successors=country),
        *Country.objects.public().filter(predecessors=country),
    ]
