"""A load that is killed at any moment leaves all of the record or nothing of it."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from django.conf import settings

from tests.lunar.canonical.sample import SOURCE, sample, write_fixtures

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
def installation(tmp_path_factory):
    """A data directory with empty tables, and the environment for a process that uses it."""
    data = tmp_path_factory.mktemp("data")
    environment = os.environ | {
        "LUNAR_ENV": "local",
        "LUNAR_DATA_DIR": str(data),
        "DJANGO_SETTINGS_MODULE": "lunar.settings",
    }
    migrate = python(environment, "manage.py", "migrate", "-v0")
    migrate.communicate(timeout=120)
    assert migrate.returncode == 0
    return data / "record.sqlite3", environment


def python(environment, *arguments):
    return subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


def state(database):
    """Return how many sources, rows in all files and remembered rows a sound database has."""
    connection = sqlite3.connect(database)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return tuple(
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            for table in ("sources_source", "diplomacy_actcitation", "canonical_loadedrow")
        )
    finally:
        connection.close()


def test_a_killed_load_leaves_everything_or_nothing(fixtures, installation):
    database, environment = installation
    complete = (SOURCES + 2, 2, SOURCES + 58)
    lasts = seconds_of_a_load(environment, fixtures)
    assert state(database) == complete
    chance = random.Random(20250210)  # noqa: S311
    for _ in range(KILLS):
        empty(database)
        load = python(environment, "-c", LOAD, fixtures)
        assert load.stdout.readline() == "planned\n"
        time.sleep(chance.uniform(0, 1.2 * lasts))
        load.send_signal(signal.SIGKILL)
        load.communicate(timeout=30)
        assert state(database) in {(0, 0, 0), complete}


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


def empty(database):
    """Take the record out again, for another load."""
    connection = sqlite3.connect(database)
    with connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND "
            "substr(name, 1, instr(name, '_')) IN "
            "('sources_', 'parties_', 'missions_', 'diplomacy_', 'canonical_')"
        ).fetchall()
        for (table,) in tables:
            connection.execute(f"DELETE FROM {table}")  # noqa: S608
    connection.close()
