"""What became of the material that one mission brought back, as far as transfers document it.

A balance adds and subtracts only masses that are in the record; nothing is estimated. The remainder
is therefore “returned minus documented”: it also holds every transfer whose mass is unknown, and
these are named and counted beside it. Masses are grams as Decimal, so that 21.55 kg less 50 mg
comes out exactly.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.urls import reverse

from diplomacy.custody import Status
from diplomacy.models import Act, Transfer
from missions.models import Mission

# What a balance reads of each transfer: some missions have thousands.
COLUMNS = (
    "slug",
    "title",
    "kind",
    "status",
    "is_public",
    "mass_g",
    "mass_certainty",
    "giver",
    "holder_country",
)
LOST = {Status.MISSING, Status.STOLEN, Status.DESTROYED}
KNOWN = {Transfer.MassCertainty.EXACT, Transfer.MassCertainty.ABOUT}

SUBTRACTED = {
    Transfer.Kind.GIFT: "Given",
    Transfer.Kind.LOAN: "Lent and still out",
    Transfer.Kind.EXCHANGE: "Exchanged",
    Transfer.Kind.SALE: "Sold",
}
SHARED = "Came from several missions"
CAME_BACK = "Came back to the giver"
UNDELIVERED = "Never delivered"
NOT_PASSED = "Sought or offered, nothing passed"
UNRESEARCHED = "Recorded, but no dated act yet"


@dataclass
class Entry:
    """One line of a balance: the transfers that belong there and the masses they document."""

    label: str
    transfers: list = field(default_factory=list)

    @property
    def mass_g(self):
        """The sum of the documented masses in grams, or None where no mass is documented."""
        masses = [transfer.mass_g for transfer in self.transfers if has_mass(transfer)]
        return sum(masses) if masses else None

    @property
    def is_about(self):
        about = Transfer.MassCertainty.ABOUT
        return any(transfer.mass_certainty == about for transfer in self.transfers)

    @property
    def is_shared(self):
        return self.label == SHARED

    @property
    def unknown(self):
        """The transfers whose mass is not known."""
        return [transfer for transfer in self.transfers if not has_mass(transfer)]


@dataclass
class Balance:
    """The balance of one sample return.

    `subtracted` are the entries that the remainder takes off; `aside` those that it does not, each
    for the reason its label tells; `consumed` and `lost` are parts of what was subtracted.
    """

    returned_g: Decimal | None
    subtracted: list
    aside: list
    lost: Entry
    consumed: Entry
    consumed_in_part: list
    url: str

    @property
    def documented_g(self):
        return sum((entry.mass_g or Decimal(0) for entry in self.subtracted), Decimal(0))

    @property
    def remainder_g(self):
        """Returned minus documented, in grams; None if the mass returned is not known."""
        return None if self.returned_g is None else self.returned_g - self.documented_g

    @property
    def is_overdrawn(self):
        """Whether more is documented as passed on than was returned: a mistake somewhere."""
        return self.remainder_g is not None and self.remainder_g < 0

    @property
    def excess_g(self):
        return -self.remainder_g

    @property
    def unknown(self):
        """The transfers that passed, or are out, and whose mass is not known."""
        return [transfer for entry in self.subtracted for transfer in entry.unknown]

    @property
    def of_these(self):
        """The entries about what became of the material that passed; only those there are."""
        return [entry for entry in (self.consumed, self.lost) if entry.transfers]

    @property
    def is_about(self):
        return any(entry.is_about for entry in self.subtracted)

    @property
    def transfer_count(self):
        return sum(len(entry.transfers) for entry in [*self.subtracted, *self.aside])

    @property
    def remainder_share(self):
        return self.share(self.remainder_g)

    def share(self, grams):
        """Return a part of what was returned in words, rounded honestly."""
        return share_in_words(grams, self.returned_g) if grams is not None else ""

    def rows(self):
        """Yield (entry, share) of what is subtracted."""
        return [(entry, self.share(entry.mass_g)) for entry in self.subtracted]


def has_mass(transfer):
    """Whether the mass is that of material; one only asked for or offered is not."""
    return transfer.mass_g is not None and transfer.mass_certainty in KNOWN


def share_in_words(part, whole):
    """Return `part` of `whole` as a percentage; "" where there is no whole to compare with.

    Gifts are milligrams against kilograms, so a share below a hundredth of a percent says so
    instead of rounding to nothing.
    """
    if not whole:
        return ""
    percent = part / whole * 100
    if 0 < percent < Decimal("0.01"):
        return "less than 0.01 %"
    if Decimal("99.99") < percent < 100:
        return "more than 99.99 %"
    return f"{percent.quantize(Decimal('0.01')).normalize():f} %"


def mass_balance(mission):
    """Return the Balance of `mission`, or None if it brought nothing back; at most four queries.

    Each public transfer is in exactly one of `subtracted` and `aside`. One with several source
    missions is set aside in the balance of each of them: how much came from which is not recorded,
    and subtracting it everywhere would count it more than once. Displays are gifts.
    """
    sample = getattr(mission, "sample_return", None)
    if sample is None:
        return None
    transfers = list(mission.transfers.public().only(*COLUMNS))
    others = _other_missions(mission)
    entries = {}
    for transfer in transfers:
        transfer.other_missions = others.get(transfer.pk, [])
        label = _label(transfer)
        entries.setdefault(label, Entry(label)).transfers.append(transfer)
    subtracted = [entries[label] for label in SUBTRACTED.values() if label in entries]
    reduced = _consumed_in_part(mission)
    passed = [transfer for entry in subtracted for transfer in entry.transfers]
    asides = (CAME_BACK, SHARED, UNRESEARCHED, UNDELIVERED, NOT_PASSED)
    return Balance(
        returned_g=sample.mass_g,
        subtracted=subtracted,
        aside=[entries[label] for label in asides if label in entries],
        lost=Entry("Lost, stolen or destroyed", [t for t in passed if t.status in LOST]),
        consumed=Entry("Consumed", [t for t in passed if t.status == Status.CONSUMED]),
        consumed_in_part=[t for t in transfers if t.pk in reduced and t.status != Status.CONSUMED],
        url=f"{reverse('diplomacy:transfer-list')}?mission={mission.slug}",
    )


def _label(transfer):
    if transfer.is_unsettled:
        return NOT_PASSED
    if transfer.status == Status.NEVER_DELIVERED:
        return UNDELIVERED
    if transfer.status == Status.NOT_RESEARCHED:
        return UNRESEARCHED
    if transfer.other_missions:
        return SHARED
    if transfer.status == Status.RETURNED and _is_with_giver(transfer):
        return CAME_BACK
    return SUBTRACTED[transfer.kind]


def _is_with_giver(transfer):
    """Whether the giver has it again; a gift may also be returned to those it was stolen from."""
    if transfer.kind == Transfer.Kind.LOAN:
        return True
    return transfer.holder_country_id is not None and (
        transfer.holder_country_id == transfer.giver_id
    )


def _other_missions(mission):
    """Return {transfer: the other missions whose material it holds, too}, of those shared."""
    links = Transfer.missions.through.objects.filter(transfer__in=mission.transfers.public())
    pairs = list(links.exclude(mission=mission).values_list("transfer", "mission"))
    named = Mission.objects.filter(pk__in={other for _, other in pairs}) if pairs else ()
    place = {one.pk: number for number, one in enumerate(named)}
    found = defaultdict(list)
    for transfer, other in sorted(pairs, key=lambda pair: place[pair[1]]):
        found[transfer].append(named[place[other]])
    return found


def _consumed_in_part(mission):
    """Return the keys of the transfers some of whose material was used up."""
    acts = Act.objects.filter(
        kind=Act.Kind.CONSUMED_IN_PART, transfer__in=mission.transfers.public()
    )
    return set(acts.order_by().values_list("transfer", flat=True))
