from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """What whoever runs the site needs: health, logs, caches, a read-only mode."""

    name = "lunar.operations"
    verbose_name = "Operations"
