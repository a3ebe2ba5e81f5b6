"""The PostgreSQL database, copied and replaced by PostgreSQL's own programs.

A restore is one transaction: editors wait for it, readers for its last part, and if anything goes
wrong or is killed, nothing has happened.
"""

import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from contextlib import contextmanager

from django.db import DatabaseError, connection
from psycopg.conninfo import make_conninfo

from lunar.canonical.isolation import one_state
from lunar.database import LOCK_TIMEOUT
from lunar.operations.stores import MIGRATIONS, REVISION, BackupError, Facts

READY = "ready\n"
NOTHING_CHANGED = "Nothing was changed. The database cannot be replaced"


class Postgresql:
    kind = "postgresql"
    member = "record.dump"
    compression = zipfile.ZIP_STORED  # pg_dump has compressed it

    @classmethod
    def copy(cls, path):
        program = _program("pg_dump")
        try:
            with one_state(), connection.cursor() as cursor:
                facts = _facts(cursor)
                cursor.execute("SELECT pg_export_snapshot()")
                [(snapshot,)] = cursor.fetchall()
                _run(
                    [program, "--format=custom", f"--snapshot={snapshot}", f"--file={path}"],
                    "The database cannot be copied",
                )
        except DatabaseError as error:
            raise BackupError(f"The database cannot be copied: {error}.") from error
        cls.check(path)
        return facts

    @classmethod
    def check(cls, path):
        """Raise BackupError if pg_restore cannot read a copy to its end."""
        _run([_program("pg_restore"), "--list", path], "The copy is damaged", connects=False)
        _run(
            [_program("pg_restore"), "--file=/dev/null", path],
            "The copy is damaged",
            connects=False,
        )

    @classmethod
    def is_sound(cls):
        return True  # what the server cannot read, no copy can be made of either

    @classmethod
    def put_in_place(cls, path, keep_aside):
        _program("pg_dump")
        tables, functions = _tables(), _functions()
        connection.close()  # an open transaction of ours would hold it up
        with _psql() as psql:
            psql.say(f"BEGIN; SET LOCAL lock_timeout = '{LOCK_TIMEOUT}s';\n")
            psql.say("SET LOCAL statement_timeout = 0;\n")
            if tables:
                psql.say(f"LOCK TABLE {', '.join(tables)} IN EXCLUSIVE MODE;\n")  # readers go on
            psql.wait()
            keep_aside()
            if tables:
                psql.say(f"DROP TABLE {', '.join(tables)} CASCADE;\n")
            if functions:
                psql.say(f"DROP FUNCTION {', '.join(functions)};\n")
            psql.wait()
            psql.feed([_program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", path])
            # For the planner; that tables of the system's own are left out is no news.
            psql.say("SET client_min_messages = error; ANALYZE;\n")
            psql.say("COMMIT;\n")
            psql.wait()


class _Psql:
    """A psql that ends, and takes everything back, at the first thing that goes wrong."""

    def __init__(self, process, errors):
        self.process, self.errors = process, errors

    def say(self, text):
        try:
            self.process.stdin.write(text)
            self.process.stdin.flush()
        except BrokenPipeError:
            raise self.refusal() from None

    def wait(self):
        """Wait until all that was said is done."""
        self.say(f"\\echo {READY}")
        if self.process.stdout.readline() != READY:
            raise self.refusal()

    def feed(self, command):
        """Say what a program writes."""
        with subprocess.Popen(  # noqa: S603
            command, stdout=self.process.stdin, stderr=self.errors, env=_environment()
        ) as program:
            code = program.wait()
        if code:
            raise self.refusal()

    def refusal(self):
        self.process.stdin.close()
        self.process.wait()
        self.errors.seek(0)
        return BackupError(f"{NOTHING_CHANGED}: {_last_words(self.errors.read())}")


@contextmanager
def _psql():
    with (
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(  # noqa: S603
            [
                _program("psql"),
                "--no-psqlrc",
                "--quiet",
                "--output=/dev/null",  # results; what is echoed comes out
                "--set=ON_ERROR_STOP=1",
                f"--dbname={_address()}",
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=_environment(),
            text=True,
        ) as process,
    ):
        try:
            yield _Psql(process, errors)
        except BaseException:
            process.kill()  # whatever it is doing is taken back
            raise


def _tables():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables "
            "WHERE schemaname = current_schema() ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


def _functions():
    """Return the functions of the site's own, which its triggers call."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid::regprocedure::text FROM pg_proc "
            "WHERE pronamespace = current_schema()::regnamespace AND NOT EXISTS "
            "(SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e') ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


def _facts(cursor):
    cursor.execute(REVISION)
    [(revision,)] = cursor.fetchall()
    cursor.execute(MIGRATIONS)
    return Facts(revision, cursor.fetchall())


def _program(name):
    """Return the path of one of PostgreSQL's programs that can talk to this server."""
    path = shutil.which(name)
    if not path:
        raise BackupError(
            f"{name} is not installed, which backups of PostgreSQL need: it comes with the "
            "package of its client programs (postgresql-client)."
        )
    told = subprocess.run(  # noqa: S603
        [path, "--version"], capture_output=True, text=True, check=False
    ).stdout
    found = re.search(r"\) ([0-9]+)", told)
    server = _server_version()
    if not found or int(found[1]) < server:
        raise BackupError(
            f"{path} says it is “{told.strip()}”, and the server is PostgreSQL {server}: install "
            f"the client programs of PostgreSQL {server} or later."
        )
    return path


def _server_version():
    return connection.pg_version // 10_000


def _run(command, what, connects=True):
    """Run a program to its end; raise BackupError with its own last words if it fails."""
    address = [f"--dbname={_address()}"] if connects else []
    done = subprocess.run(  # noqa: S603
        [*map(str, command), *address],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=_environment(),
        check=False,
    )
    if done.returncode:
        raise BackupError(f"{what}: {_last_words(done.stderr)}")


def _last_words(errors):
    lines = [line for line in errors.splitlines() if line.strip()]
    return lines[0].strip() if lines else "the program ended without a word."


def _parameters():
    settings = connection.settings_dict
    named = {
        "dbname": settings["NAME"],
        "user": settings["USER"],
        "host": settings["HOST"],
        "port": settings["PORT"],
    }
    given = {name: value for name, value in named.items() if value}
    return given | {k: v for k, v in settings["OPTIONS"].items() if isinstance(v, (str, int))}


def _address():
    """Return where the database is, for a command line, which others on the machine can read."""
    secret = {"password", "sslpassword"}
    return make_conninfo(**{k: v for k, v in _parameters().items() if k not in secret})


def _environment():
    password = connection.settings_dict["PASSWORD"]
    return os.environ | ({"PGPASSWORD": password} if password else {})
