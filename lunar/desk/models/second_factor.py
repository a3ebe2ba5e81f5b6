from django.contrib.auth.models import Group
from django.db import models


class SecondFactorRule(models.Model):
    """Whoever has this role must log in with a second factor, not with a password alone."""

    group = models.OneToOneField(
        Group,
        on_delete=models.CASCADE,
        related_name="second_factor_rule",
        verbose_name="role",
        help_text="Its members set up a second factor when they log in next.",
    )

    class Meta:
        verbose_name = "role that needs a second factor"
        verbose_name_plural = "roles that need a second factor"

    def __str__(self):
        return self.group.name
