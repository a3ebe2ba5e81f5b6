from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """Who acts: countries in time, organisations and people."""

    name = "lunar.parties"
    verbose_name = "Parties"
