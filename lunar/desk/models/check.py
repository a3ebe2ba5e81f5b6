from itertools import groupby

from django.db import models


class CheckRun(models.Model):
    """The last check of the whole record, and what it found: [{check, record, field, message}]."""

    made_at = models.DateTimeField()
    findings = models.JSONField()

    class Meta:
        get_latest_by = "made_at"
        default_permissions = []

    def __str__(self):
        return f"Check of {self.made_at:%Y-%m-%d %H:%M}"

    @property
    def by_check(self):
        """[(title of a check, what it found)], those that found nothing left out."""
        return [
            (title, list(found))
            for title, found in groupby(self.findings, key=lambda finding: finding["check"])
        ]
