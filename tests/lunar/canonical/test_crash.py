"""A load that is killed at any moment leaves all of the record or nothing of it."""

import os
import random

import pytest

from tests.installation import Job, database, empty_installation, wrong_in
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
    with empty_installation(tmp_path_factory.mktemp("data")) as environment:
        yield environment


def state(environment):
    """Return how many sources, citations of acts and remembered rows there are."""
    with database(environment) as connection:
        return tuple(
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            for table in ("sources_source", "diplomacy_actcitation", "canonical_loadedrow")
        )


def test_a_killed_load_leaves_everything_or_nothing(fixtures, environment):
    complete = (SOURCES + 2, 2, SOURCES + 59)
    job = Job(environment, LOAD, fixtures, ("planned", "loaded"))
    lasts = job.run()
    assert state(environment) == complete
    chance = random.Random(20250210)  # noqa: S311
    for _ in range(KILLS):
        empty(environment)
        job.kill_after(chance.uniform(0, 1.2 * lasts))
        assert state(environment) in {(0, 0, 0), complete}
    empty(environment)
    job.run()
    assert wrong_in(environment) == []


def empty(environment):
    """Take the record out again, for another load."""
    with database(environment) as connection:
        for table in record_tables():
            connection.execute(f"DELETE FROM {table}")  # noqa: S608
