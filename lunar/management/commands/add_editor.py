from django.contrib.auth.models import Group, User
from django.core.management.base import CommandError
from django.db import transaction

from lunar.desk.models import EditorProfile
from lunar.desk.roles import DESK_PERMISSIONS
from lunar.management.editor import make_password
from lunar.management.writing import WritingCommand


class Command(WritingCommand):
    help = "Make an account at the desk, with a password that is printed once."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument(
            "--role",
            dest="roles",
            action="append",
            required=True,
            choices=[*DESK_PERMISSIONS, "Superuser"],
            help="what the account may do; may be given several times",
        )
        parser.add_argument(
            "--public-name", default="", help="shown beside changes; without it “an editor”"
        )

    @transaction.atomic
    def handle(self, *, username, roles, public_name, **options):
        if User.objects.filter(username=username).exists():
            raise CommandError(f"There is an account “{username}” already.")
        password = make_password()
        user = User.objects.create_user(username, password=password, is_staff=True)
        user.is_superuser = "Superuser" in roles
        user.full_clean()
        user.save()
        user.groups.set(Group.objects.filter(name__in=roles))
        EditorProfile.objects.create(user=user, public_name=public_name)
        self.stdout.write(f"user name  {username}\npassword   {password}")
