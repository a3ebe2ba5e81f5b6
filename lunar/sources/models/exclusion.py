from django.db import models


class ExclusionManager(models.Manager):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)


class Exclusion(models.Model):
    """Something that one might look for here and that was left out on purpose, with the reason."""

    slug = models.SlugField(max_length=100, unique=True)
    subject = models.CharField(max_length=200, help_text="What was left out.")
    reason = models.CharField(max_length=400, help_text="Why, in one or two sentences.")

    objects = ExclusionManager()

    class Meta:
        ordering = ["subject", "slug"]

    def __str__(self):
        return self.subject

    def natural_key(self):
        return (self.slug,)
