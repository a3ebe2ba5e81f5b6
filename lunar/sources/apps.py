from django.apps import AppConfig


class SourcesConfig(AppConfig):
    """Sources, the citations built on them, and what every record derives from its evidence."""

    name = "lunar.sources"
    verbose_name = "Sources"

    def ready(self):
        from lunar.sources import derivation

        derivation.connect()
