"""An installation of its own for tests that start the site in other processes."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from uuid import uuid4

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from lunar.database import postgresql, sqlite

SERVER = os.environ.get("DATABASE_URL", "")


WRONG = """
import django, json, sys
django.setup()
from lunar.canonical import validation
from lunar.desk.adoption import unrecorded
from lunar.desk.models import Revision
known = set(Revision.objects.values_list("label", "key"))
halves = [one for one in unrecorded() if (one.model._meta.label_lower, one.key) in known]
found = [*validation.broken_tables(), *validation.wrong_derivations()]
print(json.dumps([*map(str, [*found, *halves])]))
"""


@contextmanager
def installation(data, server=SERVER):
    """Yield the environment for processes that keep everything in `data` and an empty database.

    That is a new one of the PostgreSQL `server`, dropped at the end, or else SQLite in `data`.
    """
    with _database(server) if server else nullcontext("") as url:
        yield os.environ | {
            "LUNAR_ENV": "local",
            "LUNAR_DATA_DIR": str(data),
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "lunar.settings",
        }


@contextmanager
def empty_installation(data):
    """Yield the environment of an installation that has its tables and nothing in them."""
    with installation(data) as environment:
        migrate = start_python(environment, "manage.py", "migrate", "-v0")
        migrate.communicate(timeout=120)
        assert migrate.returncode == 0
        yield environment


@contextmanager
def connected(environment):
    """Let this process use the database of an installation, and not the one of the tests."""
    url, own = environment["DATABASE_URL"], connections[DEFAULT_DB_ALIAS]
    there = connections.create_connection(DEFAULT_DB_ALIAS)
    place = postgresql(url) if url else sqlite(database_file(environment))
    there.settings_dict = own.settings_dict | place
    connections[DEFAULT_DB_ALIAS] = there
    try:
        yield
    finally:
        there.close()
        connections[DEFAULT_DB_ALIAS] = own


def database_file(environment):
    """Return where the SQLite file of an installation is."""
    return Path(environment["LUNAR_DATA_DIR"]) / "record.sqlite3"


def start_python(environment, *arguments, errors=False):
    """Start Python with what it says on its way; with `errors`, what it complains of, too."""
    return subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if errors else None,
        text=True,
    )


def wrong_in(environment):
    """Return what the site finds wrong with its record, in words: what was half-written would be.

    Records that never had a revision may be as they are.
    """
    process = start_python(environment, "-c", WRONG)
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return json.loads(said)


class Job:
    """A program that prints one word when it begins to write and one when it has written."""

    def __init__(self, environment, program, argument, words):
        self.environment, self.arguments = environment, ("-c", program, argument)
        self.begun, self.done = (f"{word}\n" for word in words)

    def _start(self):
        process = start_python(self.environment, *self.arguments)
        assert process.stdout.readline() == self.begun
        return process

    def run(self):
        """Run it to its end; return how many seconds the writing took."""
        process = self._start()
        begun = time.monotonic()
        assert process.stdout.readline() == self.done
        lasts = time.monotonic() - begun
        process.communicate(timeout=30)
        assert process.returncode == 0
        return lasts

    def kill_after(self, seconds):
        """Start it, and kill it so long after it has begun to write."""
        process = self._start()
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)


@contextmanager
def _database(server):
    """Yield the address of a new database."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            yield re.sub(r"(//[^/]*/)[^?]*", rf"\1{name}", server, count=1)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def database(environment):
    """Yield a connection to a sound database that nobody else uses; commits at the end."""
    if environment["DATABASE_URL"]:
        with psycopg.connect(environment["DATABASE_URL"]) as connection:
            wait_for_others_to_end(connection)
            yield connection
    else:
        with closing(sqlite3.connect(database_file(environment))) as file:
            assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert file.execute("PRAGMA foreign_key_check").fetchall() == []
            with file:
                yield file


def wait_for_others_to_end(connection):
    """Let the server notice that a process was killed: until then it goes on with its last word."""
    others = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    until = time.monotonic() + 30
    while connection.execute(others).fetchone() != (0,):
        assert time.monotonic() < until
        connection.rollback()  # a transaction sees the activity of its first look
        time.sleep(0.01)
