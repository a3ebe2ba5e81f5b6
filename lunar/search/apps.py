from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SearchConfig(AppConfig):
    """The index of all that is public, kept in step with the record, and its pages."""

    name = "lunar.search"
    verbose_name = "Search"

    def ready(self):
        from lunar.search import index
        from lunar.sources import derivation

        derivation.derived.connect(index.follow, dispatch_uid="follow-the-record")
        post_migrate.connect(index.catch_up, sender=self, dispatch_uid="catch-up-with-the-record")
