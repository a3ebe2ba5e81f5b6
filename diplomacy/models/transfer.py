"""Lunar material passing, or meant to pass, from one party to another."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Q

from diplomacy.custody import Status, custody
from diplomacy.models.series import TransferSeries
from lunar.addresses import page_address
from lunar.edtf import EdtfField, chronological, date_indexes, date_range_check
from lunar.mass import mass_in_words
from lunar.parties.models import Country, Organization, Person
from lunar.sources.models import Record, RecordQuerySet
from lunar.sources.models.record import PUBLIC, Absence
from missions.models import Mission

NOTHING_PASSED = Q(status__in=sorted({*Status.sought(), Status.NEVER_DELIVERED}))
PASSED = ~NOTHING_PASSED & ~Q(status=Status.NOT_RESEARCHED)
HELD = [Status.GIVEN, Status.LENT, Status.EXCHANGED, Status.HELD, Status.ON_DISPLAY, Status.STORED]
# Who may give, receive and hold: a country, which has a code, or a body or person.
PARTIES = {
    f"{side}{kind}": kind in ("", "_country")
    for side, kinds in {
        "giver": ("", "_organization", "_person"),
        "recipient": ("", "_organization", "_person"),
        "holder": ("_country", "_organization", "_person"),
    }.items()
    for kind in kinds
}
STALE_YEARS = 5  # without anybody having seen the material where it should be


class TransferQuerySet(RecordQuerySet):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)

    def with_parties(self):
        """Load who gives, receives and holds the material, and the series."""
        return self.select_related(*PARTIES, "series")

    def for_list(self):
        """Load what a row of the ledger shows, and no more."""
        return self.with_parties().only(
            "slug",
            "title",
            "kind",
            "mass_g",
            "mass_certainty",
            "status",
            "status_is_disputed",
            "place",
            "date",
            "last_confirmed",
            "absent_values",
            "is_public",
            "series__slug",
            "series__name",
            "series__is_public",
            *(f"{party}__{column}" for party in PARTIES for column in ("name", "is_public")),
            *(f"{party}__{'code' if key else 'slug'}" for party, key in PARTIES.items()),
        )

    def latest_first(self):
        return self.order_by(*chronological("date", descending=True), "pk")

    def goodwill(self):
        """The mounted displays given to nations and states after Apollo 11 and Apollo 17."""
        return self.filter(series__is_goodwill=True)

    def took_place(self):
        """Transfers by which material passed, whatever became of it since."""
        return self.filter(PASSED)

    def between(self, one, other):
        """Transfers between two countries, in either direction."""
        return self.filter(
            Q(giver=one, recipient=other) | Q(giver=other, recipient=one),
        )

    def stale(self, today=None):
        """Material that somebody holds, last seen in its place years ago or never."""
        since = (today or date.today()) - timedelta(days=365.25 * STALE_YEARS)
        unseen = Q(last_confirmed="") | Q(last_confirmed_latest__lt=since)
        return self.filter(unseen, status__in=HELD)

    def involving(self, country):
        return self.filter(Q(giver=country) | Q(recipient=country))


class Transfer(Record):
    """One gift, loan, exchange or sale of lunar material, or one that was only sought.

    Status, holder, place and last confirmation follow from the acts (`diplomacy.custody`); nobody
    types them in. The other half of an exchange is a transfer of its own that `reciprocates`.
    """

    CITED_FIELDS = (
        "title",
        "kind",
        "giver",
        "giver_organization",
        "giver_person",
        "recipient",
        "recipient_organization",
        "recipient_person",
        "missions",
        "mass_g",
        "material",
        "occasion",
        "meaning",
        "summary",
        "reciprocates",
        "holder",
    )
    FOUND_THROUGH = (
        "giver",
        "giver_organization",
        "giver_person",
        "recipient",
        "recipient_organization",
        "recipient_person",
        "acts__to_organization",
    )
    Status = Status

    class Kind(models.TextChoices):
        GIFT = "gift", "Gift"
        LOAN = "loan", "Loan"
        EXCHANGE = "exchange", "Exchange"
        SALE = "sale", "Sale"

    class MassCertainty(models.TextChoices):
        EXACT = "exact", "As stated"
        ABOUT = "about", "About"
        PLANNED = "planned", "Asked for or offered"
        UNKNOWN = "unknown", "Not known"

    slug = models.SlugField(max_length=100, unique=True, help_text="Used in addresses.")
    title = models.CharField(
        max_length=160, help_text="What passed from whom to whom: Moon rock from … to …, 1978."
    )
    kind = models.CharField(max_length=8, choices=Kind)
    series = models.ForeignKey(
        TransferSeries, on_delete=models.PROTECT, null=True, blank=True, related_name="transfers"
    )

    giver = models.ForeignKey(
        Country, on_delete=models.PROTECT, null=True, blank=True, related_name="transfers_given"
    )
    giver_organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="transfers_given",
    )
    giver_person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="transfers_given"
    )
    giver_office = models.CharField(
        max_length=120, blank=True, help_text="Office held at the time: President."
    )
    recipient = models.ForeignKey(
        Country, on_delete=models.PROTECT, null=True, blank=True, related_name="transfers_received"
    )
    recipient_organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="transfers_received",
    )
    recipient_person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="transfers_received"
    )
    recipient_office = models.CharField(
        max_length=120, blank=True, help_text="Office held at the time: President."
    )

    missions = models.ManyToManyField(
        Mission,
        blank=True,
        related_name="transfers",
        verbose_name="source missions",
        help_text="Missions that brought the material to Earth.",
    )
    mass_g = models.DecimalField(
        "mass (g)", max_digits=14, decimal_places=7, null=True, blank=True, help_text="In grams."
    )
    mass_certainty = models.CharField(
        max_length=8, choices=MassCertainty, default=MassCertainty.UNKNOWN
    )
    mass_as_stated = models.CharField(
        max_length=120, blank=True, help_text="In the words of the source: one gram."
    )
    material = models.CharField(max_length=200, blank=True, help_text="Basalt chip in acrylic…")
    occasion = models.CharField(max_length=250, blank=True, help_text="Visit, ceremony, round.")
    meaning = models.CharField(
        max_length=250, blank=True, help_text="What it was said to stand for."
    )
    summary = models.TextField(blank=True, help_text="The answer in two or three sentences.")
    reciprocates = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="reciprocated_by",
        help_text="The transfer that this one answers.",
    )

    status = models.CharField(
        max_length=16,
        choices=Status,
        default=Status.NOT_RESEARCHED,
        editable=False,
        serialize=False,
        db_index=True,
    )
    status_is_disputed = models.BooleanField(default=False, editable=False, serialize=False)
    holder_country = models.ForeignKey(
        Country,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        serialize=False,
        related_name="transfers_held",
    )
    holder_organization = models.ForeignKey(
        Organization,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        serialize=False,
        related_name="transfers_held",
    )
    holder_person = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        serialize=False,
        related_name="transfers_held",
    )
    place = models.CharField(max_length=160, default="", editable=False, serialize=False)
    date = EdtfField(
        default="", blank=True, editable=False, serialize=False, help_text="Of the decisive act."
    )
    last_confirmed = EdtfField(default="", blank=True, editable=False, serialize=False)

    objects = TransferQuerySet.as_manager()

    DERIVED_FROM = ("citations", "acts__citations")

    class Meta:
        ordering = [*chronological("date"), "slug"]
        indexes = [
            *date_indexes("date", name="transfer_by_date", condition=PUBLIC),
            *(
                models.Index(fields=fields, name=f"transfer_by_{fields[0]}", condition=PUBLIC)
                for fields in (
                    ["title"],
                    ["kind", "date_earliest"],
                    ["status", "date_earliest"],
                    ["giver", "status"],
                    ["recipient", "status"],
                    ["series"],
                    ["holder_country", "holder_organization", "holder_person"],
                )
            ),
        ]
        constraints = [
            date_range_check("date", name="transfer_date_range"),
            date_range_check("last_confirmed", name="transfer_last_confirmed_range"),
            models.CheckConstraint(
                condition=Q(mass_g__isnull=True) | Q(mass_g__gt=0),
                name="transfer_mass_positive",
                violation_error_message="Leave the mass empty instead of zero.",
            ),
            models.CheckConstraint(
                condition=Q(mass_g__isnull=True, mass_certainty="unknown")
                | (Q(mass_g__isnull=False) & ~Q(mass_certainty="unknown")),
                name="transfer_mass_certainty_fits",
                violation_error_message="A mass needs its certainty; no mass means “Not known”.",
            ),
            models.CheckConstraint(
                condition=Q(giver__isnull=False)
                | Q(giver_organization__isnull=False)
                | Q(giver_person__isnull=False),
                name="transfer_has_giver",
                violation_error_message="Say who gives: a country, an organisation or a person.",
            ),
            models.CheckConstraint(
                condition=Q(recipient__isnull=False)
                | Q(recipient_organization__isnull=False)
                | Q(recipient_person__isnull=False),
                name="transfer_has_recipient",
                violation_error_message="Say who receives: a country, an organisation or a person.",
            ),
            models.CheckConstraint(
                condition=Q(reciprocates__isnull=True) | ~Q(reciprocates=models.F("id")),
                name="transfer_does_not_reciprocate_itself",
                violation_error_message="A transfer cannot answer itself.",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return page_address("diplomacy:transfer-detail", self.slug)

    def natural_key(self):
        return (self.slug,)

    def derived_from_parts(self):
        return custody(self).as_columns()

    def searched(self):
        return [
            self.title,
            self.material,
            self.occasion,
            self.meaning,
            self.summary,
            *(act.quoted_reason for act in self.acts.all()),
            *(act.place for act in self.acts.all()),
        ]

    @property
    def mass_words(self):
        """The mass in words with its certainty: "about 1 g"; "" where it is not known."""
        if self.mass_g is None:
            return ""
        words = mass_in_words(self.mass_g)
        if self.mass_certainty == self.MassCertainty.ABOUT:
            return f"about {words}"
        if self.mass_certainty == self.MassCertainty.PLANNED:
            return f"{words}, asked for or offered"
        return words

    @property
    def holder(self):
        """Who holds the material now, as far as the acts tell: a party, or None."""
        return self.holder_organization or self.holder_person or self.holder_country

    def absence(self, field):
        """Return the Absence of a blank `field`; for what the acts decide, the status tells."""
        if field in self.absent_values or field not in ("holder", "place", "last_confirmed"):
            return super().absence(field)
        if self.is_unsettled or self.status in (
            Status.NEVER_DELIVERED,
            Status.CONSUMED,
            Status.DESTROYED,
        ):
            return Absence.NOT_APPLICABLE
        if self.status in (Status.MISSING, Status.STOLEN) and field != "last_confirmed":
            return Absence.UNKNOWN
        return Absence.NOT_RESEARCHED

    @property
    def is_unsettled(self):
        """True where nothing has passed: only sought, offered, refused or blocked."""
        return self.status in Status.sought()
