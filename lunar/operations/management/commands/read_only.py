from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from lunar.operations.models import ReadOnly

LONGEST_REASON = ReadOnly._meta.get_field("reason").max_length


class Command(BaseCommand):
    help = (
        "Let nothing be changed while the site is looked after: pages go on, whoever sends a "
        "change is told the reason and keeps what was typed."
    )

    def add_arguments(self, parser):
        parser.add_argument("do", choices=["on", "off", "status"])
        parser.add_argument("--reason", default="", help="why, in a sentence that anybody may read")

    def handle(self, *, do, reason, **options):
        try:
            self.do(do, reason)
        except DatabaseError as error:
            raise CommandError(f"The database says: {error} Has it been migrated?") from error

    def do(self, do, reason):
        reason = reason.strip()
        if do == "on":
            if not reason:
                raise CommandError("Say why with --reason: it is shown to whoever tries a change.")
            if len(reason) > LONGEST_REASON:
                raise CommandError(f"The reason is longer than {LONGEST_REASON} characters.")
            ReadOnly.objects.turn_on(reason)
        elif do == "off":
            ReadOnly.objects.turn_off()
        self.stdout.write(str(ReadOnly.objects.first() or "Changes are let through."))
