from django.db import models
from django.utils import timezone


class ReadOnlyQuerySet(models.QuerySet):
    def reason_now(self):
        """Return why nothing can be changed at the moment, or None."""
        return self.values_list("reason", flat=True).first()

    def turn_on(self, reason):
        """Let nothing be changed from now on; if it was so already, for another reason."""
        self.update_or_create(pk=1, defaults={"reason": reason})

    def turn_off(self):
        """Let changes through again; return whether they were not."""
        return self.all().delete()[0] > 0


class ReadOnly(models.Model):
    """Maintenance: while the one row is there, pages go on and nobody can change anything.

    It is kept in the database because that is what several machines share, and what they must not
    write to: a file would be seen by one of them alone, and a cache may forget.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    reason = models.CharField(max_length=300, help_text="Shown to whoever tries a change.")
    since = models.DateTimeField(default=timezone.now)

    objects = ReadOnlyQuerySet.as_manager()

    class Meta:
        default_permissions = []
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="read_only_once")]

    def __str__(self):
        return f"Read-only since {self.since:%Y-%m-%d %H:%M} UTC: {self.reason}"
