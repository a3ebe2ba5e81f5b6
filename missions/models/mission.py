from datetime import date

from django.db import models
from django.db.models import Count, Prefetch, Q

from lunar.addresses import page_address
from lunar.edtf import EdtfField, chronological, date_indexes, date_range_check
from lunar.parties.models import Country, Organization
from lunar.sources.models import Record, RecordQuerySet
from lunar.sources.models.record import PUBLIC, Absence


class ProgrammeQuerySet(RecordQuerySet):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)

    def with_mission_count(self):
        """Annotate the number of public missions as `mission_count`."""
        return self.annotate(mission_count=Count("missions", filter=Q(missions__is_public=True)))


class Programme(Record):
    """A series of missions under one name: Chang'e, Apollo, Luna."""

    CITED_FIELDS = (
        "name",
        "native_name",
        "name_meaning",
        "countries",
        "operators",
        "started",
        "ended",
        "summary",
    )

    slug = models.SlugField(max_length=80, unique=True, help_text="Used in addresses.")
    name = models.CharField(max_length=120)
    native_name = models.CharField(max_length=120, blank=True)
    native_language = models.CharField(max_length=12, blank=True, help_text="BCP 47, such as zh.")
    name_meaning = models.CharField(
        "meaning of the name", max_length=200, blank=True, help_text="The Moon goddess of legend."
    )
    countries = models.ManyToManyField(Country, related_name="programmes", blank=True)
    operators = models.ManyToManyField(Organization, related_name="programmes", blank=True)
    started = EdtfField(blank=True, help_text="When the programme began (EDTF).")
    ended = EdtfField(blank=True, help_text="When it ended; empty while it goes on (EDTF).")
    summary = models.TextField(blank=True, help_text="Two or three neutral sentences.")

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["name", "slug"]
        constraints = [
            date_range_check("started", name="programme_started_range"),
            date_range_check("ended", name="programme_ended_range"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return page_address("missions:programme-detail", self.slug)

    def natural_key(self):
        return (self.slug,)

    def searched(self):
        return [self.name, self.native_name, self.name_meaning, self.summary]


class MissionTypeManager(models.Manager):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)


class MissionType(models.Model):
    """What kind of flight a mission is; one mission may be of several."""

    slug = models.SlugField(max_length=40, unique=True, help_text="Used in filters and fixtures.")
    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0, help_text="Order in lists.")

    objects = MissionTypeManager()

    class Meta:
        ordering = ["position", "slug"]

    def __str__(self):
        return self.name

    def natural_key(self):
        return (self.slug,)


class MissionQuerySet(RecordQuerySet):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)

    def for_list(self):
        """Load what a row of the list shows, and no more."""
        return (
            self.select_related("programme", "sample_return")
            .prefetch_related(Prefetch("countries", Country.objects.only("name", "is_public")))
            .only(
                "slug",
                "name",
                "launch",
                "outcome",
                "absent_values",
                "is_public",
                "programme__name",
                "programme__is_public",
                "sample_return__mission",
                "sample_return__mass_g",
                "sample_return__absent_values",
            )
        )

    def to_the_moon(self):
        """Missions without the flights that only passed the Moon on their way elsewhere."""
        return self.exclude(types__slug="gravity-assist")

    def overdue(self, today=None):
        """Missions still planned although the last day of their launch date has passed."""
        return self.filter(outcome=Mission.Outcome.PLANNED, launch_latest__lt=today or date.today())


class Mission(Record):
    """One flight to the Moon: one launch, failed launches and dated plans included.

    A craft launched along with another mission but flown on its own is a mission, too. A flight
    that only passed the Moon on its way elsewhere has the type `gravity-assist`.
    """

    CITED_FIELDS = (
        "name",
        "native_name",
        "name_meaning",
        "other_names",
        "programme",
        "operators",
        "countries",
        "cospar_id",
        "launch",
        "launch_vehicle",
        "launch_site",
        "launch_mass_kg",
        "types",
        "outcome",
        "aim",
        "result",
        "ended",
    )
    FOUND_THROUGH = ("crew__person",)

    class Outcome(models.TextChoices):
        SUCCESS = "success", "Success"
        PARTIAL_FAILURE = "partial_failure", "Partial failure"
        FAILURE = "failure", "Failure"
        IN_PROGRESS = "in_progress", "In progress"
        PLANNED = "planned", "Planned"
        CANCELLED = "cancelled", "Cancelled"
        UNKNOWN = "unknown", "Unknown"

        @classmethod
        def unfinished(cls):
            """The outcomes of missions that have not ended."""
            return {cls.IN_PROGRESS, cls.PLANNED}

    class NoCospar(models.TextChoices):
        """Why a mission has no COSPAR id of its own."""

        NOT_LAUNCHED = "not_launched", "Not launched yet"
        NO_ORBIT = "no_orbit", "Did not reach orbit"
        NONE_ASSIGNED = "none_assigned", "None assigned"
        NOT_RESEARCHED = "not_researched", "Not researched yet"

    slug = models.SlugField(max_length=80, unique=True, help_text="Used in addresses.")
    name = models.CharField(max_length=120)
    native_name = models.CharField(max_length=120, blank=True)
    native_language = models.CharField(max_length=12, blank=True, help_text="BCP 47, such as zh.")
    name_meaning = models.CharField("meaning of the name", max_length=200, blank=True)
    other_names = models.CharField(
        max_length=200, blank=True, help_text="Separated by semicolons: CE-5; Chang'e-5."
    )
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="missions"
    )
    operators = models.ManyToManyField(Organization, related_name="missions", blank=True)
    countries = models.ManyToManyField(Country, related_name="missions", blank=True)
    cospar_id = models.CharField(
        "COSPAR id",
        max_length=12,
        null=True,
        blank=True,
        unique=True,
        help_text="International designator, such as 2020-087A.",
    )
    no_cospar_reason = models.CharField(
        "reason for no COSPAR id",
        max_length=16,
        blank=True,
        choices=NoCospar,
        help_text="Needed when the COSPAR id is empty.",
    )
    launch = EdtfField(blank=True, help_text="Launch, or launch attempt, in UTC (EDTF).")
    launch_vehicle = models.CharField(max_length=80, blank=True)
    launch_site = models.CharField(max_length=120, blank=True)
    launch_mass_kg = models.DecimalField(
        "launch mass (kg)", max_digits=9, decimal_places=2, null=True, blank=True
    )
    types = models.ManyToManyField(MissionType, related_name="missions", blank=True)
    outcome = models.CharField(max_length=16, choices=Outcome)
    aim = models.TextField(blank=True, help_text="What it was to do.")
    result = models.TextField(blank=True, help_text="What happened: the answer in brief.")
    ended = EdtfField(
        blank=True, help_text="Last contact, impact, splash-down or formal end, in UTC (EDTF)."
    )

    objects = MissionQuerySet.as_manager()

    DERIVED_FROM = ("citations", "spacecraft", "events", "landings")

    class Meta:
        ordering = [*chronological("launch"), "slug"]
        indexes = [
            *date_indexes("launch", name="mission_by_launch", condition=PUBLIC),
            models.Index(fields=["name"], name="mission_by_name", condition=PUBLIC),
            models.Index(
                fields=["outcome", "launch_earliest"], name="mission_by_outcome", condition=PUBLIC
            ),
            models.Index(fields=["programme"], name="mission_by_programme", condition=PUBLIC),
        ]
        constraints = [
            date_range_check("launch", name="mission_launch_range"),
            date_range_check("ended", name="mission_ended_range"),
            models.CheckConstraint(
                condition=Q(cospar_id__isnull=False, no_cospar_reason="")
                | (Q(cospar_id__isnull=True) & ~Q(no_cospar_reason="")),
                name="mission_cospar_or_reason",
                violation_error_message="Give either a COSPAR id or the reason why there is none.",
            ),
            models.CheckConstraint(
                condition=Q(cospar_id__isnull=True) | ~Q(cospar_id=""),
                name="mission_cospar_not_blank",
            ),
            models.CheckConstraint(
                condition=Q(launch_mass_kg__isnull=True) | Q(launch_mass_kg__gt=0),
                name="mission_launch_mass_positive",
                violation_error_message="Leave the mass empty instead of zero.",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["planned", "cancelled"]) | Q(cospar_id__isnull=True),
                name="mission_planned_has_no_cospar",
                violation_error_message="A mission that has not flown has no COSPAR id.",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return page_address("missions:mission-detail", self.slug)

    def natural_key(self):
        return (self.slug,)

    def clean(self):
        super().clean()
        self.cospar_id = self.cospar_id or None  # an empty form field means none

    def absence(self, field):
        """Return the Absence of a blank `field`; what has not ended has no end to be known."""
        going_on = {*self.Outcome.unfinished(), self.Outcome.CANCELLED}
        if field == "ended" and field not in self.absent_values and self.outcome in going_on:
            return Absence.NOT_APPLICABLE
        return super().absence(field)

    def searched(self):
        return [
            self.name,
            self.native_name,
            self.other_names,
            self.name_meaning,
            self.cospar_id,
            self.aim,
            self.result,
            *(craft.name for craft in self.spacecraft.all()),
            *(craft.native_name for craft in self.spacecraft.all()),
            *(event.title for event in self.events.all()),
            *(landing.site_name for landing in self.landings.all()),
        ]
