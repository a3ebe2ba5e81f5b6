from django.apps import AppConfig


class CanonicalConfig(AppConfig):
    """Fixtures to database and back: the canonical data and what was last loaded of it."""

    name = "lunar.canonical"
    verbose_name = "Canonical data"
