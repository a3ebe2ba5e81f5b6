from django.core.management.base import CommandError

from lunar.desk.adoption import adopt, unrecorded
from lunar.desk.history import LONGEST_REASON
from lunar.management.writing import WritingCommand


class Command(WritingCommand):
    help = (
        "Record as revisions what was changed past the editors' desk, in a shell or by loaddata: "
        "whatever in the database differs from the latest revisions."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--reason", default="", help="why, and on what source; shown in public with the change"
        )
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail if there is any such change"
        )

    def handle(self, *, reason, check, **options):
        reason = reason.strip()
        if not check and not reason:
            raise CommandError("Say why with --reason: it is shown in public with the change.")
        if len(reason) > LONGEST_REASON:
            raise CommandError(f"The reason is longer than {LONGEST_REASON} characters.")
        found = unrecorded() if check else adopt(reason)
        for one in found:
            self.stdout.write(str(one))
        noun = "record" if len(found) == 1 else "records"
        if check and found:
            raise CommandError(f"{len(found)} {noun} changed without a revision.")
        self.stdout.write(f"{len(found)} {noun} recorded." if found else "Nothing to record.")
