from django.db import models
from django.db.models import Q


class DataRevision(models.Model):
    """Counts what is written to any table that public pages show; there is one row.

    Only the triggers of `lunar.serving.triggers` and `lunar.serving.state.note_change` write it, in
    the transaction that they count, so that whoever sees a change sees the new number, too.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0, help_text="Grows with every change.")
    changed_ms = models.BigIntegerField(
        default=0, help_text="When, in milliseconds since 1970 (UTC): tells apart restored states."
    )
    changed_by = models.BigIntegerField(
        default=0, help_text="PostgreSQL's number of the transaction that it counted last."
    )

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(id=1), name="data_revision_once")]

    def __str__(self):
        return f"data revision {self.number}"
