from django.db import models
from django.urls import reverse

from lunar.edtf import EdtfField, chronological, date_range_check
from lunar.sources.models import Record, RecordQuerySet


class TransferSeriesQuerySet(RecordQuerySet):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)


class TransferSeries(Record):
    """Transfers made under one decision: the Apollo 11 goodwill displays, a CNSA loan round."""

    CITED_FIELDS = ("name", "began", "summary", "recipients_stated")

    slug = models.SlugField(max_length=80, unique=True, help_text="Used in addresses.")
    name = models.CharField(max_length=140)
    is_goodwill = models.BooleanField(
        "goodwill displays",
        default=False,
        help_text="Its transfers are the mounted displays of Apollo 11 or Apollo 17.",
    )
    began = EdtfField(blank=True, help_text="When it was decided or opened (EDTF).")
    summary = models.TextField(blank=True, help_text="Two or three neutral sentences.")
    recipients_stated = models.CharField(
        "recipients as stated", max_length=160, blank=True, help_text="135 nations and 50 states."
    )

    objects = TransferSeriesQuerySet.as_manager()

    class Meta:
        ordering = [*chronological("began"), "slug"]
        verbose_name_plural = "transfer series"
        constraints = [date_range_check("began", name="transfer_series_began_range")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"{reverse('diplomacy:transfer-list')}?series={self.slug}"

    def natural_key(self):
        return (self.slug,)

    def searched(self):
        return [self.name, self.summary]
