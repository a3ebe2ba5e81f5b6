"""Who acts: countries as they were at the time, organisations, people."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Count, Q

from lunar.addresses import page_address
from lunar.edtf import EdtfField, date_range_check
from lunar.sources.models import Citation, Record, RecordQuerySet


class CountryQuerySet(RecordQuerySet):
    def get_by_natural_key(self, code):
        return self.get(code=code)


class Country(Record):
    """A country, or another body that takes part like one, in the time in which it existed.

    A gift to the Soviet Union stays under that name and is linked to Russia through `successors`.
    """

    CITED_FIELDS = ("name", "native_name", "valid_from", "valid_to")

    class Kind(models.TextChoices):
        STATE = "state", "State"
        FORMER_STATE = "former_state", "Former state"
        TERRITORY = "territory", "Territory"
        US_STATE = "us_state", "US state"
        INTERGOVERNMENTAL = "intergovernmental", "Intergovernmental body"

    code = models.CharField(
        max_length=8,
        unique=True,
        validators=[
            RegexValidator(
                r"^([A-Z]{2}|[A-Z]{4}|US-[A-Z]{2}|X-[A-Z]{2,6})\Z",
                "Write CN, SUHH, US-AL or X-UN, in capitals.",
            )
        ],
        help_text="ISO 3166-1 (CN), ISO 3166-3 for former states (SUHH), ISO 3166-2 for US states "
        "(US-AL), or X- and a short name where there is none (X-UN). Used in addresses.",
    )
    name = models.CharField(max_length=100, help_text="Short English name: Soviet Union.")
    name_in_text = models.CharField(
        max_length=110, blank=True, help_text="Within a sentence, if it differs: the Soviet Union."
    )
    native_name = models.CharField(max_length=120, blank=True)
    native_language = models.CharField(max_length=12, blank=True, help_text="BCP 47, such as ru.")
    kind = models.CharField(max_length=20, choices=Kind)
    valid_from = EdtfField(
        blank=True, help_text="When the state began, where the record needs it (EDTF)."
    )
    valid_to = EdtfField(blank=True, help_text="When a former state ended (EDTF).")
    successors = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="predecessors",
        help_text="States that followed it.",
    )
    part_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        help_text="For a territory or US state: the country it belongs to.",
    )

    objects = CountryQuerySet.as_manager()

    class Meta:
        ordering = ["name", "code"]
        verbose_name_plural = "countries"
        constraints = [
            date_range_check("valid_from", name="country_valid_from_range"),
            date_range_check("valid_to", name="country_valid_to_range"),
            models.CheckConstraint(
                condition=~Q(kind="former_state") | ~Q(valid_to=""),
                name="country_former_state_ended",
                violation_error_message="A former state needs the date on which it ended.",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return page_address("diplomacy:country-detail", self.code)

    def natural_key(self):
        return (self.code,)

    def searched(self):
        return [self.name, self.native_name, self.code]

    @property
    def in_text(self):
        """The name as it stands within a sentence: “the Soviet Union”."""
        return self.name_in_text or self.name


class OrganizationQuerySet(RecordQuerySet):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)

    def with_held_count(self):
        """Annotate how many public transfers each body holds the material of, as `held_count`."""
        return self.annotate(
            held_count=Count("transfers_held", filter=Q(transfers_held__is_public=True))
        )


class Organization(Record):
    """A body that runs missions, or gives, keeps or asks for lunar material."""

    CITED_FIELDS = ("name", "native_name", "country", "city")

    class Kind(models.TextChoices):
        AGENCY = "agency", "Space agency"
        ACADEMY = "academy", "Academy of sciences"
        MUSEUM = "museum", "Museum or planetarium"
        UNIVERSITY = "university", "University"
        INSTITUTE = "institute", "Research institute"
        COMPANY = "company", "Company"
        GOVERNMENT = "government", "Government office"
        MILITARY = "military", "Armed forces"
        OTHER = "other", "Other body"

    slug = models.SlugField(max_length=100, unique=True, help_text="Used in addresses.")
    name = models.CharField(max_length=160, help_text="Name in English, or as it is best known.")
    short_name = models.CharField(max_length=30, blank=True, help_text="CNSA, NASA.")
    native_name = models.CharField(max_length=160, blank=True)
    native_language = models.CharField(max_length=12, blank=True, help_text="BCP 47, such as zh.")
    kind = models.CharField(max_length=12, choices=Kind)
    country = models.ForeignKey(
        Country,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="organizations",
        help_text="Empty for a body of several countries.",
    )
    city = models.CharField(max_length=80, blank=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "slug"]
        verbose_name = "organisation"

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return page_address("organization-detail", self.slug)

    def natural_key(self):
        return (self.slug,)

    def searched(self):
        return [self.name, self.short_name, self.native_name, self.city]


class PersonQuerySet(RecordQuerySet):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)


class Person(Record):
    """Someone who flew, gave, received, asked or decided.

    Offices change, so the office held is stored with each act, not here.
    """

    CITED_FIELDS = ("name", "native_name", "country", "known_for")

    slug = models.SlugField(max_length=100, unique=True, help_text="Used in addresses.")
    name = models.CharField(max_length=120)
    native_name = models.CharField(max_length=120, blank=True)
    native_language = models.CharField(max_length=12, blank=True, help_text="BCP 47, such as zh.")
    country = models.ForeignKey(
        Country,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        help_text="The country acted for.",
    )
    known_for = models.CharField(
        max_length=200, blank=True, help_text="The part played in this record, in a few words."
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["name", "slug"]
        verbose_name_plural = "people"

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return page_address("person-detail", self.slug)

    def natural_key(self):
        return (self.slug,)

    def searched(self):
        return [self.name, self.native_name, self.known_for]


class CountryCitation(Citation):
    subject = models.ForeignKey(Country, on_delete=models.CASCADE, related_name="citations")


class OrganizationCitation(Citation):
    subject = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="citations")


class PersonCitation(Citation):
    subject = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="citations")
