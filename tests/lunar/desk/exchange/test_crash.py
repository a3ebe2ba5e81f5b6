"""An import that is killed at any moment is written as a whole or not at all."""

import os
import random

import pytest

from tests.installation import Job, database, empty_installation, wrong_in
from tests.lunar.desk.exchange.files import csv_file

KILLS = int(os.environ.get("LUNAR_KILLS", 5))  # more for a night
PEOPLE = 150
IMPORT = """
import django, sys
django.setup()
from django.contrib.auth.models import User
from lunar.desk.exchange.carried import confirm, preview, read_carried
from lunar.desk.exchange.tables import read_table
from lunar.parties.models import Person
user, _ = User.objects.get_or_create(username="root", is_staff=True, is_superuser=True)
with open(sys.argv[1], "rb") as file:
    _, carried = preview(user, Person, read_table(file.read()))
print("previewed", flush=True)
confirm(user, Person, read_carried(user, Person, carried), "As the list says.")
print("imported", flush=True)
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    rows = [[f"person-{number}", f"Person {number}"] for number in range(PEOPLE)]
    path = tmp_path_factory.mktemp("import") / "people.csv"
    path.write_bytes(csv_file(["slug", "name"], *rows))
    return path


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    with empty_installation(tmp_path_factory.mktemp("data")) as environment:
        yield environment


def state(environment):
    """Return how many people and revisions there are, and how many people can be found."""
    with database(environment) as connection:
        return tuple(
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            for table in (
                "parties_person",
                "desk_revision",
                "parties_person WHERE search_text <> ''",
            )
        )


def test_a_killed_import_leaves_everything_or_nothing(file, environment):
    complete = (PEOPLE, PEOPLE, PEOPLE)
    job = Job(environment, IMPORT, file, ("previewed", "imported"))
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
    """Take the people and their revisions out again, for another import."""
    with database(environment) as connection:
        for table in ("parties_person", "desk_revision"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608
