from django.apps import AppConfig


class MissionsConfig(AppConfig):
    """Flights to the Moon and what they brought back."""

    name = "missions"
    verbose_name = "Missions"
