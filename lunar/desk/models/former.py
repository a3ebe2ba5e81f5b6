from django.apps import apps
from django.db import models
from django.db.models import F, Q


class FormerAddressManager(models.Manager):
    def get_by_natural_key(self, label, key):
        return self.get(label=label, key=key)

    def target_of(self, model, key):
        """Return the record that has taken the place of the one with this key, or None."""
        former = self.filter(label=model._meta.label_lower, key=key).first()
        return former and former.record


class FormerAddress(models.Model):
    """A key that a record no longer has, because it was merged into another: its address leads on.

    Part of the canonical data, so that old addresses lead on wherever the record is loaded.
    """

    label = models.CharField(max_length=80, help_text="Model of the record: sources.source.")
    key = models.CharField(max_length=120, help_text="The key that is no more.")
    target = models.CharField(max_length=120, help_text="The key of the record in its place.")

    objects = FormerAddressManager()

    class Meta:
        ordering = ["label", "key"]
        verbose_name_plural = "former addresses"
        default_permissions = []
        constraints = [
            models.UniqueConstraint(fields=["label", "key"], name="former_address_once"),
            models.CheckConstraint(
                condition=~Q(key=F("target")), name="former_address_leads_elsewhere"
            ),
        ]

    def __str__(self):
        return f"{self.label} {self.key} → {self.target}"

    def natural_key(self):
        return self.label, self.key

    @property
    def record(self):
        """The record in its place, or None."""
        model = apps.get_model(self.label)
        try:
            return model._default_manager.get_by_natural_key(self.target)
        except model.DoesNotExist:
            return None
