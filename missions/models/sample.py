"""Lunar material brought to Earth."""

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from lunar.edtf import EdtfField, date_range_check
from lunar.mass import mass_in_words
from lunar.sources.models import Cited, Record, RecordQuerySet
from missions.models.flight import Landing
from missions.models.mission import Mission


class SampleReturnQuerySet(models.QuerySet):
    def get_by_natural_key(self, mission):
        return self.get(mission__slug=mission)

    def public(self):
        return self.filter(mission__is_public=True)

    def matching(self, words):
        """Sample returns of the missions that contain every one of the typed `words`."""
        return self.filter(mission__in=Mission.objects.matching(words))

    def with_missions(self):
        """Load the missions with their countries."""
        return self.select_related("mission").prefetch_related("mission__countries")

    def for_list(self):
        """Load what a row shows; `transfer_count` counts public transfers of the material."""
        transfers = Mission.transfers.through.objects.filter(
            mission=OuterRef("mission"), transfer__is_public=True
        )
        counted = transfers.order_by().values("mission").annotate(n=Count("pk")).values("n")
        return self.with_missions().annotate(transfer_count=Coalesce(Subquery(counted), 0))

    def total_g(self):
        """Return the sum of all masses in grams (Decimal), or None if there is none."""
        return self.aggregate(total=Sum("mass_g"))["total"]


class SampleReturn(Cited):
    """Lunar material brought to Earth by one mission, in grams."""

    CITED_FIELDS = ("mass_g", "side", "material", "returned", "landed_at")
    FIELD_ANCHORS = True

    class Material(models.TextChoices):
        ROCK_AND_SOIL = "rock_and_soil", "Rock, soil and cores"
        SOIL = "soil", "Soil"
        CORE = "core", "Drill core"
        SOIL_AND_CORE = "soil_and_core", "Soil and drill core"

    mission = models.OneToOneField(Mission, on_delete=models.CASCADE, related_name="sample_return")
    mass_g = models.DecimalField(
        "mass (g)",
        max_digits=14,
        decimal_places=7,
        null=True,
        blank=True,
        help_text="Grams, exactly as the chosen source gives it.",
    )
    mass_as_stated = models.CharField(
        max_length=120, blank=True, help_text="In the words of that source: 1,935.3 grams."
    )
    side = models.CharField(max_length=4, choices=Landing.Side, blank=True)
    material = models.CharField(max_length=14, choices=Material, blank=True)
    returned = EdtfField(blank=True, help_text="Day on which it reached Earth, in UTC (EDTF).")
    landed_at = models.CharField(
        "reached Earth at", max_length=120, blank=True, help_text="Siziwang Banner, Inner Mongolia."
    )

    objects = SampleReturnQuerySet.as_manager()

    class Meta:
        ordering = ["mission"]
        constraints = [
            date_range_check("returned", name="sample_return_returned_range"),
            models.CheckConstraint(
                condition=Q(mass_g__isnull=True) | Q(mass_g__gt=0),
                name="sample_return_mass_positive",
                violation_error_message="Leave the mass empty instead of zero.",
            ),
        ]

    def __str__(self):
        return f"Samples of {self.mission}"

    def natural_key(self):
        return self.mission.natural_key()

    @property
    def owner(self):
        return self.mission


class FigureQuerySet(RecordQuerySet):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)


class Figure(Record):
    """A total that this record computes and that sources state, too.

    The value is never typed in: `measure` names the computation. Citations support or dispute it
    with the value they state, and the pages show both.
    """

    CITED_FIELDS = ("value",)
    FIELD_ANCHORS = False  # its address is a place on a page already

    class Measure(models.TextChoices):
        MASS_RETURNED = "mass_returned", "All lunar material brought to Earth, in grams"
        SAMPLE_RETURN_MISSIONS = "sample_return_missions", "Missions that brought back material"

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    measure = models.CharField(max_length=24, choices=Measure, unique=True)
    method = models.TextField(help_text="How it is computed, and why sources may differ.")

    objects = FigureQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"{reverse('missions:sample-list')}#{self.slug}"

    def natural_key(self):
        return (self.slug,)

    def searched(self):
        return [self.name, self.method, *(one.stated_value for one in self.citations.all())]

    @property
    def value(self):
        """The figure, computed now from public records (grams, or a count)."""
        samples = SampleReturn.objects.public()
        if self.measure == self.Measure.MASS_RETURNED:
            return samples.total_g()
        return samples.count()

    def value_in_words(self, name):
        value = self.value if name == "value" else None
        if value and self.measure == self.Measure.MASS_RETURNED:
            return mass_in_words(value)
        return super().value_in_words(name)
