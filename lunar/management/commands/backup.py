from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from lunar.operations.backup import make_backup, prune
from lunar.operations.stores import BackupError


class Command(BaseCommand):
    help = (
        "Write a backup of the whole site, database and releases, into a directory, while the site "
        "serves. The secret key is not in it: keep that elsewhere, or let everybody log in anew."
    )

    def add_arguments(self, parser):
        parser.add_argument("directory", type=Path, help="made if it is not there")
        parser.add_argument(
            "--keep", type=int, metavar="N", help="then remove all but the latest N backups in it"
        )

    def handle(self, *, directory, keep, **options):
        if keep is not None and keep < 1:
            raise CommandError("--keep takes a number from 1: the new backup always stays.")
        try:
            path = make_backup(directory)
            removed = prune(directory, keep, path) if keep else []
        except BackupError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{path} is made, but old ones stay: {error.strerror}.") from error
        for one in removed:
            self.stdout.write(f"removed  {one}")
        self.stdout.write(f"{path} ({path.stat().st_size:,} bytes)")
