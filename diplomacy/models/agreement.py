"""Treaties, accords, laws and programmes, and who joined them when."""

from django.db import models
from django.db.models import Count, Exists, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from lunar.addresses import page_address
from lunar.edtf import EdtfField, chronological, date_range_check
from lunar.parties.models import Country, Organization
from lunar.sources.models import Cited, Record, RecordQuerySet


class AgreementQuerySet(RecordQuerySet):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)

    def with_country_count(self):
        """Annotate how many public countries took a step into each and did not withdraw."""
        left = Adherence.objects.filter(
            agreement=OuterRef("agreement"),
            country=OuterRef("country"),
            step=Adherence.Step.WITHDREW,
        )
        staying = (
            Adherence.objects.public()
            .filter(agreement=OuterRef("pk"))
            .exclude(Exists(left))
            .order_by()
            .values("agreement")
            .annotate(n=Count("country", distinct=True))
            .values("n")
        )
        return self.annotate(country_count=Coalesce(Subquery(staying), Value(0)))


class Agreement(Record):
    """A treaty, accords, law or programme that bears on lunar material or lunar activity."""

    CITED_FIELDS = ("name", "kind", "opened", "in_force", "summary")

    class Kind(models.TextChoices):
        TREATY = "treaty", "Treaty"
        ACCORDS = "accords", "Accords"
        LAW = "law", "Law or rules"
        PROGRAMME = "programme", "Programme"
        MEMORANDUM = "memorandum", "Memorandum"

    slug = models.SlugField(max_length=100, unique=True, help_text="Used in addresses.")
    name = models.CharField(max_length=160)
    long_name = models.CharField(max_length=300, blank=True, help_text="The official title.")
    kind = models.CharField(max_length=10, choices=Kind)
    opened = EdtfField(blank=True, help_text="Opened for signature, signed or enacted (EDTF).")
    in_force = EdtfField(blank=True, help_text="Entered into force (EDTF).")
    summary = models.TextField(blank=True, help_text="What it says, in two or three sentences.")

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = [*chronological("opened"), "slug"]
        constraints = [
            date_range_check("opened", name="agreement_opened_range"),
            date_range_check("in_force", name="agreement_in_force_range"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return page_address("diplomacy:agreement-detail", self.slug)

    def natural_key(self):
        return (self.slug,)

    def searched(self):
        return [self.name, self.long_name, self.summary]


class AdherenceQuerySet(models.QuerySet):
    def get_by_natural_key(self, agreement, country, step):
        return self.get(agreement__slug=agreement, country__code=country, step=step)

    def public(self):
        """Steps of public countries into public agreements."""
        return self.of_public_countries().filter(agreement__is_public=True)

    def of_public_countries(self):
        return self.filter(country__is_public=True)


class Adherence(Cited):
    """One step by which a country took part in an agreement, or left it."""

    CITED_FIELDS = ("step", "date")

    class Step(models.TextChoices):
        SIGNED = "signed", "Signed"
        RATIFIED = "ratified", "Ratified"
        ACCEDED = "acceded", "Acceded"
        JOINED = "joined", "Joined"
        WITHDREW = "withdrew", "Withdrew"

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="adherences")
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="adherences")
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="adherences",
        help_text="Where a body signed for the country.",
    )
    step = models.CharField(max_length=8, choices=Step)
    date = EdtfField(blank=True, help_text="When (EDTF).")

    objects = AdherenceQuerySet.as_manager()

    class Meta:
        ordering = [*chronological("date"), "country__name", "step"]
        constraints = [
            date_range_check("date", name="adherence_date_range"),
            models.UniqueConstraint(
                fields=["agreement", "country", "step"],
                name="adherence_step_once",
                violation_error_message="This country has this step already.",
            ),
        ]

    def __str__(self):
        return f"{self.country}: {self.get_step_display().lower()}"

    def natural_key(self):
        return (*self.agreement.natural_key(), *self.country.natural_key(), self.step)

    @property
    def owner(self):
        return self.agreement
