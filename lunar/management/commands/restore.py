from pathlib import Path

from django.core.management.base import CommandError

from lunar.canonical import validation
from lunar.management.progress import Progress
from lunar.management.writing import WritingCommand
from lunar.operations.restore import restore
from lunar.operations.stores import BackupError


class Command(WritingCommand):
    help = (
        "Bring the site to a backup: all of it or, if anything is wrong, nothing. It may serve "
        "meanwhile. What is there is replaced only with --replace, and kept aside."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="what `manage.py backup` has written")
        parser.add_argument(
            "--replace", action="store_true", help="replace a database that holds a record"
        )

    def handle(self, *, file, replace, **options):
        try:
            restored = restore(file, replace=replace)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Restored: {restored.about.words}.")
        if restored.aside:
            self.stdout.write(f"What was here before is kept in {restored.aside}.")
        for name in restored.differing:
            self.stdout.write(f"The backup has another {name}; the one here stays.")
        if restored.pending:
            number = len(restored.pending)
            self.stdout.write(
                f"The backup is from before {number} migration{'' if number == 1 else 's'}: run "
                "`manage.py migrate`, then `manage.py check_record`."
            )
        else:
            self.tell_findings()

    def tell_findings(self):
        """Tell what `check_record` would: the backup has it, too, so it is no failure here."""
        progress = Progress(self.stdout)
        found = list(validation.findings(progress=progress))
        progress.close()
        for finding in found:
            self.stdout.write(str(finding))
        count = f"{len(found)} finding{'' if len(found) == 1 else 's'}."
        self.stdout.write(count if found else "The record is sound.")
