"""Parts of a mission: craft, landings, events, crew."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, Q, Value, When

from lunar.edtf import EdtfField, chronological, date_range_check
from lunar.parties.models import Person
from lunar.sources.models import Cited
from missions.models.mission import Mission


class PartQuerySet(models.QuerySet):
    """Parts that one number within their mission tells apart."""

    def get_by_natural_key(self, mission, number):
        return self.get(mission__slug=mission, number=number)

    def public(self):
        return self.filter(mission__is_public=True)


class EventQuerySet(PartQuerySet):
    def latest_first(self):
        return self.order_by(*chronological("date", descending=True), "pk")


class MissionPart(Cited):
    """A part of a mission; its number tells it from its siblings and stays when they change.

    A new one gets the next number, which none of the mission ever had, from `lunar.desk.history`.
    """

    number = models.PositiveSmallIntegerField(
        blank=True, help_text="Tells this part from its siblings; empty for the next free one."
    )

    class Meta:
        abstract = True

    def natural_key(self):
        return (*self.mission.natural_key(), self.number)

    @property
    def owner(self):
        return self.mission


class Spacecraft(MissionPart):
    """A craft, or a part of one that acts on its own: lander, rover, return capsule."""

    CITED_FIELDS = ("name", "native_name", "name_meaning", "role", "fate")
    FIELD_ANCHORS = True

    class Role(models.TextChoices):
        ORBITER = "orbiter", "Orbiter"
        LANDER = "lander", "Lander"
        ROVER = "rover", "Rover"
        HOPPER = "hopper", "Hopper"
        ASCENT = "ascent", "Ascent vehicle"
        RETURN_CAPSULE = "return_capsule", "Return capsule"
        RELAY = "relay", "Relay satellite"
        CREWED_ORBITER = "crewed_orbiter", "Crewed orbiter"
        CREWED_LANDER = "crewed_lander", "Crewed lander"
        SUBSATELLITE = "subsatellite", "Subsatellite"
        CUBESAT = "cubesat", "CubeSat"
        IMPACTOR = "impactor", "Impactor"
        FLYBY = "flyby", "Flyby probe"
        CARRIER = "carrier", "Carrier"
        TECHNOLOGY = "technology", "Technology test"

    mission = models.ForeignKey(Mission, on_delete=models.CASCADE, related_name="spacecraft")
    name = models.CharField(max_length=120)
    native_name = models.CharField(max_length=120, blank=True)
    native_language = models.CharField(max_length=12, blank=True, help_text="BCP 47, such as zh.")
    name_meaning = models.CharField("meaning of the name", max_length=200, blank=True)
    role = models.CharField(max_length=16, choices=Role)
    fate = models.CharField(max_length=300, blank=True, help_text="What became of it.")

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["mission", "number"]
        verbose_name_plural = "spacecraft"
        constraints = [
            models.UniqueConstraint(fields=["mission", "number"], name="spacecraft_number_once"),
        ]

    def __str__(self):
        return self.name


class Landing(MissionPart):
    """Any arrival on the surface: soft landing, crash, deliberate impact.

    Coordinates are planetocentric degrees, north and east positive, −180 to 180. Near side and
    far side follow from the longitude (near: −90 to 90).
    """

    CITED_FIELDS = ("date", "kind", "position", "side", "accuracy_m", "site_name")
    FIELD_ANCHORS = True

    class Kind(models.TextChoices):
        SOFT = "soft", "Soft landing"
        CRASH = "crash", "Crash"
        DELIBERATE_IMPACT = "deliberate_impact", "Deliberate impact"
        IMPACT_AT_END = "impact_at_end", "Impact at the end of the mission"

    class Side(models.TextChoices):
        NEAR = "near", "Near side"
        FAR = "far", "Far side"

    mission = models.ForeignKey(Mission, on_delete=models.CASCADE, related_name="landings")
    spacecraft = models.ForeignKey(
        Spacecraft, on_delete=models.SET_NULL, null=True, blank=True, related_name="landings"
    )
    kind = models.CharField(max_length=18, choices=Kind)
    date = EdtfField(blank=True, help_text="Day of arrival in UTC (EDTF).")
    latitude = models.DecimalField(
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text="Degrees, north positive.",
    )
    longitude = models.DecimalField(
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
        help_text="Degrees, east positive, −180 to 180.",
    )
    accuracy_m = models.PositiveIntegerField(
        "position accurate to (m)", null=True, blank=True, help_text="As the source states it."
    )
    site_name = models.CharField(
        max_length=120, blank=True, help_text="Sea, crater or station: Mare Imbrium, Statio Tianhe."
    )
    side = models.GeneratedField(
        expression=Case(
            When(longitude__gte=-90, longitude__lte=90, then=Value("near")),
            When(longitude__isnull=False, then=Value("far")),
            default=Value(""),
        ),
        output_field=models.CharField(max_length=4, choices=Side),
        db_persist=True,
        serialize=False,
    )

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["mission", "number"]
        constraints = [
            date_range_check("date", name="landing_date_range"),
            models.UniqueConstraint(fields=["mission", "number"], name="landing_number_once"),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,  # a CHECK lets through what compares with NULL
                    longitude__isnull=False,
                    latitude__gte=-90,
                    latitude__lte=90,
                    longitude__gte=-180,
                    longitude__lte=180,
                ),
                name="landing_on_the_moon",
                violation_error_message="Give both latitude (−90 to 90) and longitude "
                "(−180 to 180), or neither.",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.mission}"

    @property
    def side_label(self):
        """The side in words, "" where the longitude is not known."""
        return self.Side(self.side).label if self.side else ""


class MissionEvent(MissionPart):
    """A dated step of a mission, from its announcement to its end."""

    CITED_FIELDS = ("date", "title", "is_first")

    class Kind(models.TextChoices):
        ANNOUNCEMENT = "announcement", "Announcement"
        POSTPONEMENT = "postponement", "Postponement"
        LAUNCH = "launch", "Launch"
        FLYBY = "flyby", "Flyby"
        LUNAR_ORBIT = "lunar_orbit", "Lunar orbit"
        LANDING = "landing", "Landing"
        IMPACT = "impact", "Impact"
        SAMPLE_COLLECTION = "sample_collection", "Sample collection"
        LIFTOFF = "liftoff", "Lift-off from the Moon"
        RETURN = "return", "Return to Earth"
        END = "end", "End"
        OTHER = "other", "Other"

    mission = models.ForeignKey(Mission, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=18, choices=Kind)
    date = EdtfField(blank=True, help_text="In UTC (EDTF).")
    title = models.CharField(max_length=200, help_text="One plain sentence without a full stop.")
    is_first = models.BooleanField(
        "a first", default=False, help_text="Nobody had done it before; say what in the title."
    )

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = [*chronological("date"), "number"]
        constraints = [
            date_range_check("date", name="mission_event_date_range"),
            models.UniqueConstraint(fields=["mission", "number"], name="mission_event_number_once"),
        ]

    def __str__(self):
        return self.title


class CrewMemberQuerySet(models.QuerySet):
    def get_by_natural_key(self, mission, person):
        return self.get(mission__slug=mission, person__slug=person)

    def public(self):
        return self.of_public_people().filter(mission__is_public=True)

    def of_public_people(self):
        return self.filter(person__is_public=True)


class CrewMember(Cited):
    """A person aboard a crewed mission."""

    CITED_FIELDS = ("role",)

    mission = models.ForeignKey(Mission, on_delete=models.CASCADE, related_name="crew")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="flights")
    role = models.CharField(max_length=60, help_text="Commander, lunar module pilot…")
    position = models.PositiveSmallIntegerField(default=0, help_text="Order in the crew list.")

    objects = CrewMemberQuerySet.as_manager()

    class Meta:
        ordering = ["mission", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["mission", "person"], name="crew_member_once"),
        ]

    def __str__(self):
        return f"{self.person}, {self.role}"

    def natural_key(self):
        return (*self.mission.natural_key(), *self.person.natural_key())

    @property
    def owner(self):
        return self.mission
