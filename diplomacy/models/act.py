from django.db import models

from diplomacy.models.transfer import Transfer
from lunar.edtf import EdtfField, chronological, date_range_check
from lunar.parties.models import Country, Organization, Person
from lunar.sources.models import Cited


class ActQuerySet(models.QuerySet):
    def get_by_natural_key(self, transfer, number):
        return self.get(transfer__slug=transfer, number=number)

    def public(self):
        return self.filter(transfer__is_public=True)

    def with_parties(self):
        """Load who the material came from and went to."""
        return self.select_related(
            "from_country",
            "from_organization",
            "from_person",
            "to_country",
            "to_organization",
            "to_person",
        )

    def with_transfer(self):
        return self.select_related("transfer")


class Act(Cited):
    """One dated step of a transfer. What it does to the custody is in `diplomacy.custody`.

    A new one gets the next number, which no act of the transfer ever had, from
    `lunar.desk.history`.
    """

    CITED_FIELDS = ("kind", "date", "place", "from_party", "to_party", "quoted_reason")

    class Kind(models.TextChoices):
        OFFERED = "offered", "Offered"
        REQUESTED = "requested", "Requested"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"
        BLOCKED = "blocked", "Blocked by law"
        GIVEN = "given", "Given"
        LENT = "lent", "Lent"
        EXCHANGED = "exchanged", "Exchanged"
        RETURNED = "returned", "Returned"
        CONSUMED_IN_PART = "consumed_in_part", "Consumed in part"
        CONSUMED = "consumed", "Consumed"
        MOVED = "moved", "Moved"
        CONFIRMED = "confirmed", "Confirmed in place"
        DISPLAYED = "displayed", "Put on display"
        STORED = "stored", "Stored"
        SEARCHED = "searched", "Searched without result"
        STOLEN = "stolen", "Stolen"
        SEIZED = "seized", "Seized"
        RECOVERED = "recovered", "Recovered"
        LOST = "lost", "Lost"
        DESTROYED = "destroyed", "Destroyed"
        SOLD = "sold", "Sold"
        NEVER_DELIVERED = "never_delivered", "Never delivered"
        NOT_LUNAR = "not_lunar", "Found not to be lunar"

    transfer = models.ForeignKey(Transfer, on_delete=models.CASCADE, related_name="acts")
    number = models.PositiveSmallIntegerField(
        blank=True, help_text="Tells this act from its siblings; empty for the next free one."
    )
    kind = models.CharField(max_length=16, choices=Kind)
    date = EdtfField(blank=True, help_text="When it happened (EDTF).")
    place = models.CharField(max_length=160, blank=True, help_text="Beijing; Museum, Paris.")
    from_country = models.ForeignKey(
        Country, on_delete=models.PROTECT, null=True, blank=True, related_name="acts_from"
    )
    from_organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="acts_from"
    )
    from_person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="acts_from"
    )
    to_country = models.ForeignKey(
        Country, on_delete=models.PROTECT, null=True, blank=True, related_name="acts_to"
    )
    to_organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="acts_to"
    )
    to_person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="acts_to"
    )
    quoted_reason = models.CharField(
        max_length=300, blank=True, help_text="The reason in the words of the source."
    )
    note = models.TextField(blank=True, help_text="What happened, in one or two sentences.")

    objects = ActQuerySet.as_manager()

    class Meta:
        ordering = [*chronological("date"), "number"]
        constraints = [
            date_range_check("date", name="act_date_range"),
            models.UniqueConstraint(fields=["transfer", "number"], name="act_number_once"),
        ]

    def __str__(self):
        return (
            f"{self.get_kind_display()}, {self.date.in_words}"
            if self.date
            else (self.get_kind_display())
        )

    def natural_key(self):
        return (*self.transfer.natural_key(), self.number)

    @property
    def owner(self):
        return self.transfer

    @property
    def from_party(self):
        """The nearest known party it came from: organisation, person or country, or None."""
        return self.from_organization or self.from_person or self.from_country

    @property
    def to_party(self):
        """The nearest known party it went to: organisation, person or country, or None."""
        return self.to_organization or self.to_person or self.to_country
