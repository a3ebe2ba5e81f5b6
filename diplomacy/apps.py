from django.apps import AppConfig


class DiplomacyConfig(AppConfig):
    """Gifts, loans and exchanges of lunar material, agreements and practices."""

    name = "diplomacy"
    verbose_name = "Diplomacy"
