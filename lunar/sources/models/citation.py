from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q


class CitationQuerySet(models.QuerySet):
    def get_by_natural_key(self, *key):
        *subject, field, source, stance, stated_value = key
        subjects = self.model._meta.get_field("subject").related_model._default_manager
        return self.get(
            subject=subjects.get_by_natural_key(*subject),
            field=field,
            source__slug=source,
            stance=stance,
            stated_value=stated_value,
        )

    def public(self):
        """Citations of public records and their parts, if all that names them is public."""
        named = [path for _, path in self.model.public_with()]
        return self.filter(**{f"{path}__is_public": True for path in named})

    def with_owner(self):
        """Load the subject and the record it belongs to along with each citation."""
        return self.select_related("subject", self.model.OWNER_PATH, *self.model.NAMED_BY)


class Citation(models.Model):
    """A source evidencing, or disputing, one field of one record or part.

    Concrete subclasses add `subject`, a foreign key with `related_name="citations"`, and set
    OWNER_PATH to the lookup that leads from the citation to the record.
    """

    OWNER_PATH = "subject"
    NAMED_BY = ()  # lookups of further records that the subject's name and anchor need

    class Stance(models.TextChoices):
        SUPPORTS = "supports", "Supports"
        DISPUTES = "disputes", "Disputes"

    field = models.CharField(
        max_length=40,
        blank=True,
        help_text="Which value it speaks of; empty for the record as a whole.",
    )
    source = models.ForeignKey(
        "sources.Source", on_delete=models.PROTECT, related_name="%(class)s_set"
    )
    stance = models.CharField(max_length=8, choices=Stance, default=Stance.SUPPORTS)
    stated_value = models.CharField(
        max_length=300,
        blank=True,
        help_text="The value as this source states it, in its own units. Needed when it disputes.",
    )
    locator = models.CharField(
        max_length=120, blank=True, help_text="Where in the source: page, paragraph, table, time."
    )
    quote = models.CharField(
        max_length=300, blank=True, help_text="A few words of the source, exactly as printed."
    )
    note = models.TextField(
        blank=True, help_text="Why this value was or was not chosen; shown to the public."
    )

    objects = CitationQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["subject", "stance", "field", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "field", "source", "stance", "stated_value"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message="This source is already cited for this value.",
            ),
            models.CheckConstraint(
                condition=Q(stance="supports") | ~Q(stated_value=""),
                name="%(app_label)s_%(class)s_dispute_states_value",
                violation_error_message="A citation that disputes must state the other value.",
            ),
        ]

    def __str__(self):
        return f"{self.field_label}: {self.source}"

    def get_absolute_url(self):
        """Return the address of the value or part it speaks of, within the page of its record."""
        parts = [] if self.subject == self.owner else [self.subject.anchor]
        if self.field and self.subject.FIELD_ANCHORS:
            parts.append(self.field)
        anchor = "-".join(parts)
        return f"{self.owner.get_absolute_url()}{f'#{anchor}' if anchor else ''}"

    def natural_key(self):
        return (
            *self.subject.natural_key(),
            self.field,
            self.source.slug,
            self.stance,
            self.stated_value,
        )

    def clean(self):
        super().clean()
        allowed = self.subject_model().CITED_FIELDS
        if self.field and self.field not in allowed:
            raise ValidationError(
                {"field": f"“{self.field}” is not cited here. Use one of: {', '.join(allowed)}."}
            )

    @property
    def owner(self):
        """The record that this citation's subject is or belongs to."""
        return self.subject.owner

    @property
    def field_label(self):
        return self.subject_model().field_label(self.field)

    @property
    def value_in_record(self):
        """The record's own value of what is cited, as text; "" for links to other records."""
        links = {field.name for field in self.subject._meta.get_fields() if field.is_relation}
        return "" if self.field in {"", *links} else self.subject.value_in_words(self.field)

    @property
    def subject_label(self):
        """What it speaks of within its record: "Landing: position", or just "Launch"."""
        if self.subject == self.owner:
            return self.field_label
        return f"{self.subject}: {self.field_label.lower()}" if self.field else str(self.subject)

    @classmethod
    def public_with(cls):
        """Yield (model, lookup) of each record that must be public for these citations to be."""
        for path in (cls.OWNER_PATH, *cls.NAMED_BY):
            model = cls
            for step in path.split("__"):
                model = model._meta.get_field(step).related_model
            yield model, path

    @classmethod
    def subject_model(cls):
        return cls._meta.get_field("subject").related_model

    @classmethod
    def concrete_models(cls):
        """Return every citation table of the project."""
        return [model for model in apps.get_models() if issubclass(model, cls)]
