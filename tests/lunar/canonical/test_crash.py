"""A load that is killed at any moment leaves all of the record or nothing of it."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings

from tests.installation import database, installation
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
