import signal

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from lunar.management.editor import demo_editor
from lunar.management.loading import default_directory, load_and_tell
from lunar.management.server import DemoServer, PlaceError


class Command(BaseCommand):
    help = (
        "Set up the whole site on this computer and serve it: tables, the canonical record, an "
        "editor to log in as. Started again, it keeps everything that was edited."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "place",
            nargs="?",
            default="127.0.0.1:8000",
            metavar="address:port",
            help="where to serve (default: 127.0.0.1:8000)",
        )

    def handle(self, *, place, **options):
        if settings.PRODUCTION:
            raise CommandError(
                "The demo makes an editor of its own: not with LUNAR_ENV=production."
            )
        stopping = signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            with DemoServer.at(place) as server:
                self.prepare()
                self.introduce(server.url, demo_editor())
                server.serve()
        except PlaceError as error:
            raise CommandError(str(error)) from error
        except OperationalError as error:
            name = connection.settings_dict["NAME"]
            raise CommandError(f"The database {name}: {error}.") from error
        except KeyboardInterrupt:
            self.stdout.write("\nStopped.")
        finally:
            signal.signal(signal.SIGTERM, stopping)

    def prepare(self):
        """Bring tables and record up to date; a second start finds nothing to do."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Making the tables.")
            self.stdout.flush()
            call_command("migrate", interactive=False, skip_checks=False)
        self.stdout.write("Loading the record: ", ending="")
        load_and_tell(self.stdout, default_directory())

    def introduce(self, url, login):
        """Say where the site is and how to log in."""
        password = login.password or (
            "the one it was changed to (`manage.py changepassword editor` sets another)"
        )
        self.stdout.write(
            f"\nLunar Record        {url}\n"
            f"For editors         {url}admin/\n"
            f"  user name         {login.name}\n"
            f"  password          {password}\n\n"
            "This server is for trying the site on this computer. Ctrl-C stops it."
        )
        self.stdout.flush()
