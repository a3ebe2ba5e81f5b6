from django.core.management.base import BaseCommand, CommandError

from lunar.data.builds import BusyError
from lunar.data.releases import NothingNewError, make_release


class Command(BaseCommand):
    help = (
        "Make a release of the whole public record, numbered by year, month and count (2026.11.1), "
        "with the changes since the last one. It is listed on /data/ and kept for good."
    )

    def handle(self, **options):
        try:
            release = make_release()
        except (BusyError, NothingNewError) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"The release cannot be written: {error}") from error
        self.stdout.write(f"Release {release.version}: {release.path}\nSHA-256 {release.sha256}")
