from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ServingConfig(AppConfig):
    name = "lunar.serving"
    label = "serving"

    def ready(self):
        from lunar.serving import triggers

        # After every migration, since SQLite loses the triggers of a table that one rebuilds.
        post_migrate.connect(triggers.install_after_migration, sender=self)
