from django.db import models


class LoadedRow(models.Model):
    """What one row looked like when it was last loaded from the fixtures.

    A row whose present fingerprint differs was changed by an editor since; a load then keeps the
    editor's version and reports the conflict.
    """

    label = models.CharField(max_length=80, help_text="Model of the row: missions.mission.")
    key = models.CharField(
        max_length=1000, help_text="Its natural key, as JSON; a citation's holds a whole value."
    )
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of its canonical JSON.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["label", "key"], name="loaded_row_once")]

    def __str__(self):
        return f"{self.label} {self.key}"
