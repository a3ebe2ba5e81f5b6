from functools import cached_property

from django.db.models import Count, Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from diplomacy.models import Transfer, TransferSeries
from diplomacy.pages.listed import list_url
from diplomacy.tables import TransferTable
from lunar.sources.evidence import Evidence
from lunar.templatetags.record import all_linked, linked, when


def numbered(practices):
    """Annotate how many public transfers belong to each practice, and how many sources it has.

    Those of its series and those named one by one are counted apart: of both at once a database
    asks every transfer whether it is either.
    """
    transfers, series = Transfer.objects.public(), TransferSeries.objects.public()
    of_series = transfers.filter(series__practices=OuterRef("pk"), series__is_public=True)
    its_series = series.filter(practices=OuterRef(OuterRef("pk")), pk=OuterRef("series"))
    named = transfers.filter(~Exists(its_series), practices=OuterRef("pk"))
    return practices.annotate(
        transfer_count=_number(of_series) + _number(named),
        source_count=Count("citations__source", distinct=True),
    ).order_by(*practices.model._meta.ordering)  # a query that counts forgets the usual order


def _number(transfers):
    grouped = transfers.order_by().annotate(everything=Value(1)).values("everything")
    return Coalesce(Subquery(grouped.annotate(n=Count("pk")).values("n")), Value(0))


class PracticePage:
    """A diplomatic custom: what it is, who began it, what it follows, its cases."""

    def __init__(self, practice):
        self.practice = practice
        self.evidence = evidence = Evidence(practice)
        fact = evidence.fact
        self.answer = fact("summary")
        self.facts = [
            fact("origin"),
            fact("started", when(practice.started), label="First known case"),
            fact("countries", all_linked(practice.countries.all())),
        ]
        self.facts += evidence.optional("context", label="Seen as part of")
        self.facts += evidence.optional("follows", linked(practice.follows))
        self.facts += evidence.if_cited("name")
        self.sources = evidence.sources()

    @cached_property
    def followed_by(self):
        return list(self.practice.followed_by.public())

    @cached_property
    def series(self):
        """[(series, number of public transfers, address of the list of them)]."""
        counted = self.practice.series.public().annotate(
            transfer_count=Count("transfers", filter=Q(transfers__is_public=True), distinct=True)
        )
        return [
            (series, series.transfer_count, list_url("transfer-list", series=series.slug))
            for series in counted
        ]

    @cached_property
    def transfers(self):
        """The table of the transfers named one by one, without those of a whole series."""
        transfers = self.practice.transfers.public().for_list()
        if not transfers.exists():
            return None
        return TransferTable(
            transfers, order_by="date", caption=f"Transfers that belong to {self.practice}"
        )
