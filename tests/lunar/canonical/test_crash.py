"""A load that is killed at any moment leaves all of the record or nothing of it."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager

import psycopg
import pytest
from django.conf import settings

from tests.installation import installation
from tests.lunar.canonical.sample import SOURCE, record_tables, sample, write_fixtures

KILLS = int(os.environ.get("LUNAR_KILLS", 5))  # more for a night
SOURCES = 3000
LOAD = """
import django, sys
django.setup()
from lunar.canonical.loader import load
load(sys.argv[1], announce=lambda plan: print("planned", flush=True))
print("loaded", flush=True)
"""


@pytest.fixture(scope="module")
def fixtures(tmp_path_factory):
    rows = sample()
    rows["sources"] += [
        SOURCE | {"slug": f"source-{n}", "title": f"Source {n}"} for n in range(SOURCES)
    ]
    return write_fixtures(tmp_path_factory.mktemp("crash") / "fixtures", rows)


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """That of processes with empty tables."""
    with installation(tmp_path_factory.mktemp("data")) as environment:
        migrate = python(environment, "manage.py", "migrate", "-v0")
        migrate.communicate(timeout=120)
        assert migrate.returncode == 0
        yield environment


def python(environment, *arguments):
    return subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


@contextmanager
def database(environment):
    """Yield a connection to a sound database that nobody else uses; commits at the end."""
    if environment["DATABASE_URL"]:
        with psycopg.connect(environment["DATABASE_URL"]) as connection:
            wait_for_others_to_end(connection)
            yield connection
    else:
        with closing(sqlite3.connect(f"{environment['LUNAR_DATA_DIR']}/record.sqlite3")) as file:
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


def state(environment):
    """Return how many sources, citations of acts and remembered rows there are."""
    with database(environment) as connection:
        return tuple(
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            for table in ("sources_source", "diplomacy_actcitation", "canonical_loadedrow")
        )


def test_a_killed_load_leaves_everything_or_nothing(fixtures, environment):
    complete = (SOURCES + 2, 2, SOURCES + 59)
    lasts = seconds_of_a_load(environment, fixtures)
    assert state(environment) == complete
    chance = random.Random(20250210)  # noqa: S311
    for _ in range(KILLS):
        empty(environment)
        load = python(environment, "-c", LOAD, fixtures)
        assert load.stdout.readline() == "planned\n"
        time.sleep(chance.uniform(0, 1.2 * lasts))
        load.send_signal(signal.SIGKILL)
        load.communicate(timeout=30)
        assert state(environment) in {(0, 0, 0), complete}


def seconds_of_a_load(environment, fixtures):
    """Load once to the end; return how long the writing took."""
    load = python(environment, "-c", LOAD, fixtures)
    assert load.stdout.readline() == "planned\n"
    begun = time.monotonic()
    assert load.stdout.readline() == "loaded\n"
    lasts = time.monotonic() - begun
    load.communicate(timeout=30)
    assert load.returncode == 0
    return lasts


def empty(environment):
    """Take the record out again, for another load."""
    with database(environment) as connection:
        for table in record_tables():
            connection.execute(f"DELETE FROM {table}")  # noqa: S608
