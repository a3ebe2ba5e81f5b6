from django.apps import AppConfig
from django.core import checks


class LunarConfig(AppConfig):
    """Site-wide parts: settings, addresses, front page, tables. It has no models."""

    name = "lunar"
    verbose_name = "Lunar Record"

    def ready(self):
        from lunar import database
        from lunar.pictures import registry

        checks.register(database.sorts_by_character, checks.Tags.database)
        registry.discover()
