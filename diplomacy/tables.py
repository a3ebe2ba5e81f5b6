from functools import partial

from django.db.models import F

from diplomacy.models import Transfer
from lunar.edtf import chronological
from lunar.tables import (
    Column,
    CountColumn,
    DateColumn,
    LinkColumn,
    MassColumn,
    RecordTable,
    RelatedColumn,
    absent,
)
from lunar.templatetags.record import linked, status_badge

Certainty = Transfer.MassCertainty


def first_public(*parties):
    """Return the first of `parties` that the public may see; None if there is none."""
    return next((party for party in parties if party and party.is_public), None)


def party(transfer, side):
    """Return the country on one `side` ("giver", "recipient"), or else the body or person."""
    return first_public(
        getattr(transfer, side),
        getattr(transfer, f"{side}_organization"),
        getattr(transfer, f"{side}_person"),
    )


def holder_of(transfer):
    """Return who holds the material now: the body, or else the person or country."""
    return first_public(
        transfer.holder_organization, transfer.holder_person, transfer.holder_country
    )


def party_places(side, descending=False):
    """Return order_by expressions: transfers of one party together, under its name."""
    names = (F(f"{side}{kind}__name") for kind in ("", "_organization", "_person"))
    if descending:
        return [name.desc(nulls_last=True) for name in names]
    return [name.asc(nulls_last=True) for name in names]


def party_then_date(side, descending=False):
    return [*party_places(side, descending), *chronological("date")]


def party_then_series(side, descending=False):
    return [*party_places(side, descending), *chronological("series__began")]


class PartyColumn(Column):
    """Who gives or receives: the country, or else the body or person, linked."""

    def __init__(self, side, *args, **kwargs):
        super().__init__(*args, accessor=side, sort=partial(party_then_date, side), **kwargs)
        self.side = side

    def render(self, value, record, bound_column):
        return linked(party(record, self.side)) or absent(record, self.side)


class RecipientColumn(LinkColumn):
    """Who received the material: the link leads to the transfer."""

    def render(self, value, record, bound_column):
        return self.show(str(party(record, "recipient") or record), record)


class TransferMassColumn(MassColumn):
    def show(self, value, record):
        return record.mass_words


class StatusColumn(Column):
    """The derived status, with a mark where a source disputes it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, accessor="status", sort=("status", "date_earliest"), **kwargs)

    def show(self, value, record):
        return status_badge(record)


class HolderColumn(Column):
    """Who holds the material now, as far as the acts tell."""

    def render(self, value, record, bound_column):
        return linked(holder_of(record)) or absent(record, "holder")


class TransferTable(RecordTable):
    """The ledger. `by` names the side whose parties keep their rows together and come first."""

    caption = "Transfers of lunar material, sought ones included"

    title = LinkColumn("Transfer", sort=("title",))
    date = DateColumn("date", "Date")
    kind = Column("Kind", sort=("kind", "date_earliest"))
    giver = PartyColumn("giver", "From")
    recipient = PartyColumn("recipient", "To")
    mass_g = TransferMassColumn("Mass")
    status = StatusColumn("Status")

    def __init__(self, *args, by="", **kwargs):
        if by:
            kwargs["sequence"] = (by, "...")
        super().__init__(*args, **kwargs)
        self.by = by
        if by:
            rows = self.data.data
            self.data.data = rows.order_by(*party_places(by), *rows.query.order_by)

    @property
    def is_indexed(self):
        return not self.by and super().is_indexed


class DisplayTable(RecordTable):
    """Rows are Transfers of a goodwill series."""

    caption = "Goodwill displays, with series, status and whereabouts"

    recipient = RecipientColumn(
        "Recipient", accessor="recipient", sort=partial(party_then_series, "recipient")
    )
    series = RelatedColumn("Series", sort=("series__name", "recipient__name"))
    status = StatusColumn("Status")
    holder = HolderColumn("Holder")
    place = Column("Place", sort=("place",))
    last_confirmed = DateColumn("last_confirmed", "Last confirmed")


class HeldTable(RecordTable):
    """Where the material of some transfers is now."""

    caption = "Material, with status and whereabouts"

    title = LinkColumn("Transfer", sort=("title",))
    status = StatusColumn("Status")
    holder = HolderColumn("Holder")
    place = Column("Place", sort=("place",))
    last_confirmed = DateColumn("last_confirmed", "Last confirmed")


class CountryTable(RecordTable):
    """Rows come from `diplomacy.countries.taking_part`."""

    caption = "Countries and other parties, with the number of times they took part"

    name = LinkColumn("Country", sort=("name",))
    kind = Column("Kind", sort=("kind", "name"))
    given_count = CountColumn("Gave", sort=("given_count",))
    received_count = CountColumn("Received", sort=("received_count",))
    held_count = CountColumn("Holds now", sort=("held_count",))
    mission_count = CountColumn("Missions", sort=("mission_count",))
    agreement_count = CountColumn("Agreements", sort=("agreement_count",))


class AgreementTable(RecordTable):
    caption = "Agreements, with dates and number of countries that take part"

    name = LinkColumn("Agreement", sort=("name",))
    kind = Column("Kind", sort=("kind", "name"))
    opened = DateColumn("opened", "Opened")
    in_force = DateColumn("in_force", "In force")
    country_count = CountColumn("Countries in the record", sort=("country_count",))
