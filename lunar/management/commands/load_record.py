from pathlib import Path

from django.core.management.base import CommandError

from lunar.canonical import loader
from lunar.canonical.plan import Action
from lunar.management.loading import (
    default_directory,
    load_and_tell,
    refusing,
    tell,
    tell_conflicts,
)
from lunar.management.writing import WritingCommand


class Command(WritingCommand):
    help = (
        "Load the canonical fixtures: all of them or, if anything is wrong, none. What an editor "
        "changed since the last load is kept, and told where the fixtures changed it, too."
    )

    def add_arguments(self, parser):
        parser.add_argument("directory", nargs="?", type=Path, help="default: fixtures/")
        parser.add_argument(
            "--check",
            action="store_true",
            help="write nothing; fail if a load would change anything",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="try the whole load, then take it back"
        )
        parser.add_argument(
            "--theirs",
            nargs="+",
            action="extend",
            default=[],
            metavar="LABEL:KEY",
            help="rows in which the fixture wins over an editor, named as conflicts are: "
            "missions.mission:chang-e-5",
        )

    def handle(self, *, directory, check, dry_run, theirs, verbosity, **options):
        directory = directory or default_directory()
        if check:
            self.check_only(directory, verbosity)
            return
        plan = load_and_tell(
            self.stdout, directory, verbosity=verbosity, theirs=theirs, dry_run=dry_run
        )
        if dry_run:
            self.stdout.write("Tried and taken back: nothing was written.")
        if plan.to(Action.CONFLICT):
            raise CommandError("Editors and fixtures disagree on the rows above.")

    def check_only(self, directory, verbosity):
        with refusing():
            plan = loader.compare(directory)
        tell(self.stdout, plan, verbosity)
        tell_conflicts(self.stdout, plan)
        if plan.writes or plan.to(Action.CONFLICT):
            raise CommandError("The database is not what the fixtures say.")
