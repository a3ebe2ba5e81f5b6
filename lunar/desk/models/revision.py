"""Revisions: each record as it stood after each change, in its canonical form."""

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from lunar.canonical.rows import entry, rows_from
from lunar.desk.models.editor import LEFT, NAMELESS
from lunar.sources.models import Record


class RevisionQuerySet(models.QuerySet):
    def of(self, record):
        """The revisions of one record, the latest first."""
        return self.at(type(record)._meta.label_lower, record.natural_key()[0])

    def at(self, label, key):
        """The revisions of the record with this model label and key, which may be gone."""
        return self.filter(label=label, key=key).order_by("-number")

    def public(self):
        """What the public may see: how public records stood while public, and withdrawals."""
        return self.filter(shown__in=[Revision.Shown.WHOLE, Revision.Shown.NOTICE])

    def keep(self, revisions):
        """Insert revisions, and hide or show again the earlier ones of the same records.

        Raises IntegrityError if one of the numbers is taken.
        """
        self.bulk_create(revisions, batch_size=200)
        whole, hidden = Revision.Shown.WHOLE, Revision.Shown.HIDDEN
        for revision in revisions:
            earlier = self.at(revision.label, revision.key).filter(number__lt=revision.number)
            if revision.number > 1 and revision.shown == whole:
                earlier.filter(shown=hidden).update(shown=whole)
            elif revision.number > 1:
                earlier.filter(shown=whole).update(shown=hidden)

    def with_editor(self):
        return self.select_related("editor__editor_profile")


class Revision(models.Model):
    """One record, with its parts and citations, as one change left it; with who, when and why.

    `rows` are its canonical rows, the form in which fixtures hold it; none for a deleted record.
    Revisions are numbered within their record. That no two have the same number is what stops the
    second of two editors who changed the same one: whoever saves later does not get the number.
    """

    class Way(models.TextChoices):
        """How a change came about."""

        FORM = "form", "Edited"
        BULK = "bulk", "Changed along with others"
        IMPORT = "import", "Imported"
        LOAD = "load", "Loaded"
        CORRECTION = "correction", "Corrected on a reader's suggestion"
        REVERT = "revert", "Reverted"
        MERGE = "merge", "Merged"
        COMMAND = "command", "Changed by a command"
        FOUND = "found", "Found as it was"

    class Shown(models.TextChoices):
        """How much of a revision the public may see."""

        WHOLE = "whole", "All of it"
        HIDDEN = "hidden", "Nothing while the record is not public, all of it when it is again"
        NOTICE = "notice", "That the record was withdrawn, when and why"
        NOTHING = "nothing", "Nothing"

    label = models.CharField(max_length=80, help_text="Model of the record: missions.mission.")
    key = models.CharField(max_length=120, help_text="Its natural key: chang-e-5.")
    number = models.PositiveIntegerField(help_text="Counts the revisions of this record.")
    made_at = models.DateTimeField(db_index=True)
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="revisions",
        help_text="None for loads and commands, and once the account is deleted.",
    )
    by_program = models.BooleanField(default=False, help_text="No person made it.")
    way = models.CharField(max_length=10, choices=Way)
    reason = models.CharField(max_length=500, help_text="Why, and on what source; public.")
    title = models.CharField(max_length=300, help_text="The record's name at that time.")
    state = models.CharField(max_length=10, blank=True, choices=Record.State)
    shown = models.CharField(
        max_length=7, choices=Shown, db_index=True, help_text="How much the public may see of it."
    )
    rows = models.JSONField(help_text="All rows of the record, as a fixture holds them.")

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        get_latest_by = "number"
        constraints = [
            models.UniqueConstraint(fields=["label", "key", "number"], name="revision_number_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="revision_has_reason"),
        ]
        default_permissions = ["view"]
        permissions = [
            ("draft", "Can write drafts"),
            ("edit", "Can edit records and send them to review"),
            ("publish", "Can publish records"),
            ("withdraw", "Can withdraw and restore records"),
            ("revert", "Can revert records to an earlier revision"),
            ("merge", "Can merge duplicates"),
            ("answer", "Can answer suggestions of readers"),
        ]

    def __str__(self):
        return f"{self.title}, revision {self.number}"

    def get_absolute_url(self):
        return f"{self.history_url}#revision-{self.number}"

    @property
    def history_url(self):
        """The public address of all revisions of this record."""
        return reverse("record-history", args=[self.model._meta.model_name, self.key])

    @property
    def model(self):
        """The model of the record."""
        return apps.get_model(self.label)

    @property
    def canonical_rows(self):
        """The record's rows, its own first; [] after its deletion."""
        return rows_from(self.rows)

    @property
    def editor_name(self):
        """Whom to name in public."""
        if self.by_program:
            return "Lunar Record"
        if self.editor is None:
            return LEFT
        profile = getattr(self.editor, "editor_profile", None)
        return str(profile) if profile else NAMELESS

    @property
    def before(self):
        """The revision before this one, or None."""
        return Revision.objects.at(self.label, self.key).filter(number__lt=self.number).first()

    @classmethod
    def entries(cls, rows):
        """Return canonical Rows as `rows` keeps them."""
        return [entry(row) for row in rows]
