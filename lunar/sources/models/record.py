from decimal import Decimal

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models import Case, Exists, F, Func, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest, Least

from lunar.edtf import EdtfDate
from lunar.mass import mass_in_words
from lunar.sources.models.citation import Citation
from lunar.text import fold

PUBLIC = Q(is_public=True)  # of an index that lists and facets of public records are read from


class Absence(models.TextChoices):
    """The four kinds of nothing: why a value is not in the record."""

    NOT_GIVEN = "not_given", "Not given or refused"
    UNKNOWN = "unknown", "Unknown after search"
    NOT_RESEARCHED = "not_researched", "Not researched yet"
    NOT_APPLICABLE = "not_applicable", "Does not apply"


class Cited(models.Model):
    """Anything whose fields sources evidence: a record, or a part of one.

    Each concrete subclass has a citation table of its own with `related_name="citations"`, and
    lists in CITED_FIELDS what a citation may speak of. A blank value says in `absent_values`
    which kind of nothing it is; a blank value not named there has not been researched yet.
    """

    CITED_FIELDS = ()
    FIELD_ANCHORS = False  # whether its page names the place of each value, not only of the part

    absent_values = models.JSONField(
        "why values are missing",
        default=dict,
        blank=True,
        help_text="For each blank value that has been looked for: which kind of nothing it is.",
    )

    class Meta:
        abstract = True

    def clean(self):
        super().clean()
        if not isinstance(self.absent_values, dict):
            raise ValidationError({"absent_values": "This must name fields, each with its kind."})
        problems = [
            f"“{field}: {kind}” is not a value of this record with one of the four kinds."
            for field, kind in self.absent_values.items()
            if field not in self.CITED_FIELDS or kind not in Absence.values
        ] + [
            f"“{self.field_label(field)}” has a value, so it cannot be missing as well."
            for field in self.absent_values
            if self._has_value(field)
        ]
        if problems:
            raise ValidationError({"absent_values": problems})

    def _has_value(self, name):
        value = getattr(self, name, None) if self.pk or not self._is_many(name) else None
        return value.exists() if isinstance(value, models.Manager) else value not in (None, "")

    def _is_many(self, name):
        return any(field.name == name for field in self._meta.many_to_many)

    @property
    def owner(self):
        """The record this is or belongs to; parts of a record override it."""
        return self

    @property
    def anchor(self):
        """The name of this part within the page of its record: "landing-1"."""
        return "-".join(map(str, [self._meta.model_name, *self.natural_key()[1:]]))

    @classmethod
    def field_label(cls, name):
        """Return what people call the cited field `name`; "" is the record as a whole."""
        if not name:
            return "The record as a whole"
        try:
            label = str(cls._meta.get_field(name).verbose_name)
        except FieldDoesNotExist:
            label = name.replace("_", " ")
        return label[:1].upper() + label[1:]

    def value_in_words(self, name):
        """Return the value of the cited field `name` as plain text, "" for none.

        Lunar masses (fields in `_g`) come with their unit, dates and choices in words.
        """
        display = getattr(self, f"get_{name}_display", None)
        value = display() if display else getattr(self, name, "")
        if value in (None, ""):
            return ""
        if isinstance(value, EdtfDate):
            return value.in_words
        if isinstance(value, Decimal) and name.endswith("_g"):
            return mass_in_words(value)
        if isinstance(value, models.Manager):
            return ", ".join(str(row) for row in value.all() if getattr(row, "is_public", True))
        return str(value)

    def absence(self, field):
        """Return the Absence of a blank `field`."""
        return Absence(self.absent_values.get(field, Absence.NOT_RESEARCHED))


class SearchedQuerySet(models.QuerySet):
    """Rows with a `search_text`."""

    def matching(self, words):
        """Rows that contain every one of the typed `words`, in any text that is searched.

        Nothing typed matches every row, but signs without a letter or a digit match none.
        """
        folded = fold(words).split()
        if words.strip() and not folded:
            return self.none()
        query = Q()
        for word in folded:
            query &= Q(search_text__contains=word) | self._found_through(word)
        return self.filter(query)

    def _found_through(self, word):
        query = Q(pk__in=[])
        for path in getattr(self.model, "FOUND_THROUGH", ()):
            named = {f"{path}__is_public": True, f"{path}__search_text__contains": word}
            query |= Q(pk__in=self.model._base_manager.filter(**named).values("pk"))
        return query


LAST = 2**62  # after every primary key


def _extreme_source(function, citations, default):
    """Return an expression for the smallest or largest key of a source among `citations`."""
    key = Func("source_id", function=function, output_field=models.BigIntegerField())
    return Coalesce(Subquery(citations.order_by().annotate(key=key).values("key")), default)


class RecordQuerySet(SearchedQuerySet):
    def public(self):
        """Published records with at least one citation: all that the public ever sees."""
        return self.filter(is_public=True)

    def in_review(self):
        return self.filter(state=Record.State.IN_REVIEW)

    def unsourced(self):
        """Records on their way to the public that no citation supports."""
        return self.filter(state__in=[Record.State.DRAFT, Record.State.IN_REVIEW], citation_count=0)

    def disputed(self):
        """Records of which, or of a part of which, a source disputes a value."""
        disputes = Q()
        for citations in self._citations():
            disputes |= Q(Exists(citations.filter(stance="disputes")))
        return self.filter(disputes)

    def resting_on_one_source(self):
        """Public records all of whose citations, those of their parts included, name one source."""
        tables = list(self._citations())
        first = [_extreme_source("MIN", citations, LAST) for citations in tables]
        last = [_extreme_source("MAX", citations, 0) for citations in tables]
        if len(tables) == 1:  # Least and Greatest compare at least two
            first, last = first * 2, last * 2
        ends = {"first_source": Least(*first), "last_source": Greatest(*last)}
        return self.public().alias(**ends).filter(first_source=F("last_source"))

    def _citations(self):
        """Yield, for each citation table of these records and their parts, those of one record."""
        for table in Citation.concrete_models():
            owner = table.subject_model()
            for step in table.OWNER_PATH.split("__")[1:]:
                owner = owner._meta.get_field(step).related_model
            if owner is self.model:
                yield table.objects.filter(**{table.OWNER_PATH: OuterRef("pk")})


class Record(Cited):
    """A public entry with a page of its own: a mission, a transfer, a country.

    What follows from other columns and tables (`derived`) is stored for filtering, written only
    by `lunar.sources.derivation` and never part of a fixture. `is_public` is computed by the
    database itself, so no way of writing can publish a record without a citation.

    A record is found by its own texts, and by those of the public records that FOUND_THROUGH leads
    to. They are not among its own texts, so that they may be renamed or withdrawn.
    """

    FIELD_ANCHORS = True
    FOUND_THROUGH = ()

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_REVIEW = "in_review", "In review"
        PUBLISHED = "published", "Published"
        WITHDRAWN = "withdrawn", "Withdrawn"

    state = models.CharField(
        max_length=10,
        choices=State,
        default=State.DRAFT,
        help_text="Only what is published is public, and publishing needs a citation. A withdrawn "
        "record leaves a note at its address that says when and why.",
    )
    citation_count = models.PositiveIntegerField(
        "supporting citations", default=0, editable=False, serialize=False
    )
    search_text = models.TextField(default="", editable=False, serialize=False)
    is_public = models.GeneratedField(
        expression=Case(
            When(Q(state="published") & Q(citation_count__gt=0), then=Value(True)),
            default=Value(False),
        ),
        output_field=models.BooleanField(),
        db_persist=True,
        serialize=False,
    )

    DERIVED_FROM = ("citations",)  # what `derived` asks for, as `prefetch_related` takes it

    class Meta:
        abstract = True

    @classmethod
    def to_derive(cls, pks):
        """Return records with what `derived` asks for, loaded at once."""
        return cls._base_manager.filter(pk__in=pks).prefetch_related(*cls.DERIVED_FROM)

    def derived(self):
        """Return every derived column of this record with its value, computed afresh."""
        supports = self.citations.model.Stance.SUPPORTS
        return {
            "citation_count": sum(one.stance == supports for one in self.citations.all()),
            "search_text": fold(" ".join(str(part) for part in self.searched() if part)),
        } | self.derived_from_parts()

    def derived_from_parts(self):
        """Return the derived columns that follow from the parts alone, as they are loaded."""
        return {}

    def searched(self):
        """Return the texts by which this record is found, the most telling first."""
        raise NotImplementedError
