from django.apps import AppConfig


class LunarConfig(AppConfig):
    """Site-wide parts: settings, addresses, front page, tables, search. It has no models."""

    name = "lunar"
    verbose_name = "Lunar Record"

    def ready(self):
        from lunar import tables
        from lunar.pictures import registry

        tables.remember_signatures()
        registry.discover()
