from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from lunar.canonical import dumper
from lunar.management.loading import default_directory


class Command(BaseCommand):
    help = "Write the canonical fixtures from the database; files that are right stay untouched."

    def add_arguments(self, parser):
        parser.add_argument("directory", nargs="?", type=Path, help="default: fixtures/")
        parser.add_argument(
            "--check",
            action="store_true",
            help="write nothing; fail and name the files that differ",
        )

    def handle(self, *, directory, check, **options):
        directory = directory or default_directory()
        names = dumper.differences(directory) if check else dumper.dump(directory)
        if check and names:
            raise CommandError("These fixtures differ from the database: " + ", ".join(names))
        verb = "differ" if check else "written"
        self.stdout.write(f"{len(names)} files {verb}" + "".join(f"\n  {name}" for name in names))
