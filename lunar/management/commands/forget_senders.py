from django.core.management.base import CommandError

from lunar.desk.models import Suggestion
from lunar.desk.models.suggestion import KEEP_SENDER_DAYS
from lunar.management.writing import WritingCommand


class Command(WritingCommand):
    help = (
        "Clear the names and e-mail addresses of those whose suggestions were answered some time "
        "ago. Run it daily; each new suggestion and each answer does the same."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--days",
            type=int,
            default=KEEP_SENDER_DAYS,
            help=f"how long after the answer they are kept (default: {KEEP_SENDER_DAYS})",
        )

    def handle(self, *, days, **options):
        if not 0 <= days <= KEEP_SENDER_DAYS:
            raise CommandError(f"Senders are promised {KEEP_SENDER_DAYS} days at most.")
        number = Suggestion.objects.forget_senders(days)
        self.stdout.write(f"{number} sender{'' if number == 1 else 's'} forgotten.")
