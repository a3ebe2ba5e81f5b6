"""SQLite and PostgreSQL side by side: the same record, the same bytes, the same pages."""

import json
import os
import subprocess
import sys
from itertools import zip_longest

import pytest
from django.conf import settings

from tests.installation import SERVER, installation

POSTGRESQL = os.environ.get("LUNAR_TEST_POSTGRES") or SERVER
FIXTURES = settings.BASE_DIR / "fixtures"
PAGES = """
import django, json, re
django.setup()
from django.test import Client
from django.test.utils import setup_test_environment
from lunar.parties.models import Country
from missions.models import Mission
from tests.test_pages import LISTS, OTHERS

# What a page says of the moment of its site's load, or of its own, is not the record's.
MOMENTS = re.compile(r"at=[^&]+|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+|[0-9]{2}:[0-9]{2}")
OF_A_MOMENT = ("/changes/", "/suggest/", "/data/")

setup_test_environment()
client, pages = Client(), {}


def text(address):
    return MOMENTS.sub("", client.get(address).text)


for path in LISTS:
    if path.startswith(OF_A_MOMENT):
        continue
    table = client.get(path).context["table"]
    for sort, _ in table.sorts():
        address = f"{path}?sort={sort}&per_page=100"
        pages[address] = text(address)
for model in (Mission, Country):
    for record in model.objects.public():
        address = record.get_absolute_url()
        pages[address] = text(address)
for path in OTHERS:
    if not path.startswith(OF_A_MOMENT):
        pages[path] = text(path)
print(json.dumps(pages))
"""

pytestmark = pytest.mark.skipif(
    not POSTGRESQL, reason="no PostgreSQL server is offered (LUNAR_TEST_POSTGRES)"
)


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory):
    with installation(tmp_path_factory.mktemp("sqlite"), server="") as environment:
        python(environment, "manage.py", "migrate")
        python(environment, "manage.py", "load_record")
        yield environment


@pytest.fixture(scope="module")
def postgresql(tmp_path_factory, sqlite):
    """A site on PostgreSQL that was loaded with a dump of the one on SQLite."""
    dump = tmp_path_factory.mktemp("dump")
    python(sqlite, "manage.py", "dump_record", dump)
    with installation(tmp_path_factory.mktemp("postgresql"), server=POSTGRESQL) as environment:
        python(environment, "manage.py", "migrate")
        python(environment, "manage.py", "load_record", dump)
        yield environment


def python(environment, *arguments):
    """Run Python to its end; return what it printed."""
    process = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    return process.stdout


def contents(directory):
    return {path.name: path.read_bytes() for path in directory.glob("*.json")}


def test_the_record_goes_through_both_unchanged(sqlite, postgresql, tmp_path):
    python(postgresql, "manage.py", "dump_record", tmp_path)

    assert contents(tmp_path) == contents(FIXTURES)
    told = python(sqlite, "manage.py", "load_record", "--check", tmp_path)
    assert told.startswith("0 to create, 0 to change, 0 to delete, ")


def test_nothing_is_wrong_with_the_record_on_postgresql(postgresql):
    assert "The record is sound" in python(postgresql, "manage.py", "check_record")


def test_pages_read_the_same_and_lists_however_they_are_sorted(sqlite, postgresql):
    one, other = (json.loads(python(site, "-c", PAGES)) for site in (sqlite, postgresql))

    assert len(one) > 300
    assert one.keys() == other.keys()
    assert {path: first_difference(one[path], other[path]) for path in one} == dict.fromkeys(one)


def first_difference(one, other):
    """Return the first pair of lines in which two texts are not the same, or None."""
    lines = zip_longest(one.splitlines(), other.splitlines())
    return next((pair for pair in lines if pair[0] != pair[1]), None)
