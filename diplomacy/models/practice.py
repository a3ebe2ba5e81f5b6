from django.db import models

from diplomacy.models.series import TransferSeries
from diplomacy.models.transfer import Transfer
from lunar.addresses import page_address
from lunar.edtf import EdtfField, chronological, date_range_check
from lunar.parties.models import Country
from lunar.sources.models import Record, RecordQuerySet


class PracticeQuerySet(RecordQuerySet):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)


class Practice(Record):
    """A diplomatic custom: panda diplomacy, lunar-sample diplomacy."""

    CITED_FIELDS = ("name", "countries", "started", "origin", "summary", "context", "follows")

    slug = models.SlugField(max_length=80, unique=True, help_text="Used in addresses.")
    name = models.CharField(max_length=120)
    other_names = models.CharField(max_length=160, blank=True, help_text="Moon diplomacy.")
    countries = models.ManyToManyField(Country, related_name="practices", blank=True)
    started = EdtfField(blank=True, help_text="First known case (EDTF).")
    origin = models.CharField(max_length=250, blank=True, help_text="Who began it, and how.")
    summary = models.TextField(help_text="What the custom is, in two or three sentences.")
    context = models.TextField(blank=True, help_text="What it is seen as part of.")
    follows = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="followed_by",
        help_text="The custom that this one is seen as the successor of.",
    )
    series = models.ManyToManyField(TransferSeries, related_name="practices", blank=True)
    transfers = models.ManyToManyField(Transfer, related_name="practices", blank=True)

    objects = PracticeQuerySet.as_manager()

    class Meta:
        ordering = [*chronological("started"), "slug"]
        constraints = [date_range_check("started", name="practice_started_range")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return page_address("diplomacy:practice-detail", self.slug)

    def natural_key(self):
        return (self.slug,)

    def searched(self):
        return [self.name, self.other_names, self.origin, self.summary, self.context]
