from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from lunar.data.builds import BusyError, build_into, current_build


class Command(BaseCommand):
    help = (
        "Write the whole public record as CSV, JSON, SQLite and a zip of them. Without a directory "
        "they are made ready for /data/, if they are not yet."
    )

    def add_arguments(self, parser):
        parser.add_argument("directory", nargs="?", type=Path, help="a new or an empty one")

    def handle(self, *, directory, **options):
        try:
            if directory is None:
                directory, stamp = current_build()
            else:
                directory.mkdir(parents=True, exist_ok=True)
                if any(directory.iterdir()):
                    raise CommandError(f"{directory} is not empty: name a new directory.")
                stamp = build_into(directory)
        except BusyError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"The files cannot be written: {error}") from error
        self.stdout.write(f"{stamp.words}: {directory}")
