"""Commands that write to the record, none of which does while the site is read-only."""

from contextlib import suppress

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from lunar.operations.models import ReadOnly

OPTION = "--despite-read-only"


class WritingCommand(BaseCommand):
    """A command that changes what the database holds of the record or of people."""

    def create_parser(self, *arguments, **options):
        parser = super().create_parser(*arguments, **options)
        parser.add_argument(
            OPTION,
            action="store_true",
            help="go on although the site is read-only, as a step of the maintenance itself",
        )
        return parser

    def execute(self, *arguments, despite_read_only=False, **options):
        found = None
        if not despite_read_only and not self.only_looks(options):
            # Without tables the command itself tells what is missing.
            with suppress(DatabaseError):
                found = ReadOnly.objects.first()
        if found:
            raise CommandError(
                f"{found}\nNothing was changed. Try again after `manage.py read_only off`, or "
                f"add {OPTION} if this is part of the maintenance."
            )
        return super().execute(*arguments, **options)

    def only_looks(self, options):
        """Return whether the command was asked to write nothing."""
        return bool(options.get("check") or options.get("dry_run"))
