"""A read replica: two real databases that differ, so that a page shows where it was read."""

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory

from lunar.database import replica
from lunar.operations.replica import is_readers
from tests.installation import installation

# Each question is a block of Python that prints what it found as JSON.
START = """
import json, django
django.setup()
from django.db import OperationalError, connections, transaction
from django.test import Client
from lunar.operations import replica
from lunar.sources.models import Exclusion

def shown(client=None, **more):
    page = (client or Client()).get("/about/exclusions/", **more).content.decode()
    return [name for name in ("default", "replica") if f"Read from {name}" in page]
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """The directory of two databases that hold one row each."""
    directory = tmp_path_factory.mktemp("two")
    with installation(directory, "") as environment:
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "-v0"],
            cwd=settings.BASE_DIR,
            env=environment,
            check=True,
        )
    main = directory / "record.sqlite3"
    with closing(sqlite3.connect(main)) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(main, directory / "replica.sqlite3")
    for path, name in ((main, "default"), (directory / "replica.sqlite3", "replica")):
        with closing(sqlite3.connect(path)) as file, file:
            file.execute(
                "INSERT INTO sources_exclusion (slug, subject, reason) VALUES (?, ?, '')",
                [name, f"Read from {name}"],
            )
    return directory


@pytest.fixture
def ask(place):
    def ask(question):
        with installation(place, "") as environment:
            environment["DJANGO_SETTINGS_MODULE"] = "tests.lunar.operations.two_databases"
            process = subprocess.run(
                [sys.executable, "-c", START + question],
                cwd=settings.BASE_DIR,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
        assert process.returncode == 0, process.stderr
        return json.loads(process.stdout)

    return ask


def test_readers_see_the_replica_and_whoever_writes_the_database_itself(ask):
    found = ask("""
writer = Client()
writer.cookies["sessionid"] = "x"
with transaction.atomic():
    within = shown()
found = [shown(), shown(writer), within, shown()]
outside = Exclusion.objects.get().subject
print(json.dumps([found, outside]))
""")

    assert found == [[["replica"], ["default"], ["default"], ["replica"]], "Read from default"]


def test_all_of_the_site_is_read_from_the_replica_and_nothing_is_written_there(ask):
    found = ask("""
def refuse(execute, sql, params, many, context):
    raise AssertionError(sql)
with connections["default"].execute_wrapper(refuse):
    paths = ("/", "/missions/", "/search/?q=moon", "/changes/", "/data/", "/api/v1/missions/")
    statuses = [Client().get(path).status_code for path in paths]
print(json.dumps(statuses))
""")

    assert found == [200] * 6


def test_a_replica_that_does_not_answer_is_left_alone_for_a_while(ask):
    found = ask("""
there = connections["replica"].settings_dict
path, there["NAME"] = there["NAME"], "/no/such/place/replica.sqlite3"
found = [shown()]
connections["replica"].close()
there["NAME"] = path
found.append(shown())
replica.time.monotonic = lambda now=replica.time.monotonic: now() + replica.LEFT_ALONE
found.append(shown())
print(json.dumps(found))
""")

    assert found == [["default"], ["default"], ["replica"]]


def test_a_page_that_breaks_off_is_made_anew_from_the_database_itself(ask):
    found = ask("""
def fail(execute, sql, params, many, context):
    raise OperationalError("canceling statement due to conflict with recovery")
with connections["replica"].execute_wrapper(fail):
    found = [shown(), shown()]
print(json.dumps(found))
""")

    assert found == [["default"], ["default"]]


def test_a_statement_that_takes_too_long_is_not_tried_again(ask):
    found = ask("""
class Cause(Exception):
    sqlstate = "57014"
def fail(execute, sql, params, many, context):
    raise OperationalError("canceling statement due to statement timeout") from Cause()
with connections["replica"].execute_wrapper(fail):
    response = Client(raise_request_exception=False).get("/about/exclusions/")
print(json.dumps(response.status_code))
""")

    assert found == 503


@pytest.mark.parametrize(
    ("method", "path", "cookies", "expected"),
    [
        ("get", "/missions/", {}, True),
        ("head", "/missions/", {"csrftoken": "x"}, True),
        ("get", "/suggest/", {}, True),
        ("get", "/missions/", {"sessionid": "x"}, False),
        ("get", "/admin/", {}, False),
        ("get", "/admin/login/", {}, False),
        ("get", "/suggest/s3cret/", {}, False),
        ("post", "/suggest/", {}, False),
        ("options", "/missions/", {}, False),
    ],
)
def test_who_reads_only_what_is_public(method, path, cookies, expected):
    request = getattr(RequestFactory(), method)(path)
    request.COOKIES = cookies

    assert is_readers(request) is expected


def test_in_tests_a_replica_is_the_database_itself():
    made = replica("postgres://moon@/record?host=/run/pg")

    assert made["TEST"] == {"MIRROR": "default"}
    assert made["OPTIONS"]["connect_timeout"] == 2


def test_a_wrong_address_is_told_by_the_name_of_its_variable():
    with pytest.raises(ImproperlyConfigured, match="DATABASE_REPLICA_URL cannot be used") as told:
        replica("mysql://moon:secret@host/record")

    assert "secret" not in str(told.value)
