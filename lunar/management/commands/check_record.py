from django.core.management.base import CommandError

from lunar.canonical import validation
from lunar.management.progress import Progress
from lunar.management.writing import WritingCommand


class Command(WritingCommand):
    help = (
        "Recompute everything that is derived, validate the whole record, and list what is wrong; "
        "fails if anything is."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--fix", action="store_true", help="first write the derived columns that are wrong"
        )

    def only_looks(self, options):
        return not options.get("fix")

    def handle(self, *, fix, **options):
        if fix:
            for finding in validation.repair_derivations():
                self.stdout.write(f"repaired  {finding}")
        count = 0
        progress = Progress(self.stdout)
        for finding in validation.findings(progress=progress):
            count += 1
            progress.close()
            self.stdout.write(str(finding))
        progress.close()
        if count:
            raise CommandError(f"{count} finding{'' if count == 1 else 's'}.")
        self.stdout.write("The record is sound: nothing found.")
