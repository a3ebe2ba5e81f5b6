from django.apps import AppConfig


class DeskConfig(AppConfig):
    """What editors work from: forms, roles, revisions, corrections, worklists."""

    name = "lunar.desk"
    verbose_name = "Desk"

    def ready(self):
        from lunar.desk import history, loads

        history.connect()
        loads.connect()
