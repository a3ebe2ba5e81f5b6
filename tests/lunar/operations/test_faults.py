"""Faults injected into a site that serves: it says what is wrong, loses nothing, and recovers.

The site runs on the server for production, on a database of its own, and gives up on a lock after
two seconds.
"""

import contextlib
import os
import resource
import signal
import socket
import sqlite3
import tempfile
import threading
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import conninfo_to_dict

from lunar.desk.models import Revision
from tests.databases import ON_POSTGRESQL, ON_SQLITE
from tests.installation import database, start_python
from tests.lunar.canonical.sample import SOURCE, sample, write_fixtures
from tests.lunar.desk.exchange.files import csv_file
from tests.servers import Editor, ProductionServer, change_page
from tests.webforms import form_fields

FULL = 40_000  # bytes of a file: room for the -shm of SQLite, and for no save
PAGES = ["/", "/missions/", "/missions/mission-1/", "/api/v1/missions/"]


@pytest.fixture
def editor(server, people):
    return Editor("editor-0", server, people)


@contextmanager
def locked(environment):
    """Hold what every save has to write to."""
    if environment["DATABASE_URL"]:
        with psycopg.connect(environment["DATABASE_URL"]) as other:
            other.execute("LOCK TABLE desk_revision IN EXCLUSIVE MODE")
            yield
    else:
        path = f"{environment['LUNAR_DATA_DIR']}/record.sqlite3"
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield


@contextmanager
def full_disk(server):
    """Let the system refuse what the server writes, but for small files."""
    limits = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in server.processes}
    for pid, (_, hard) in limits.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (FULL, hard))
    try:
        yield
    finally:
        for pid, limit in limits.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)


FAULTS = [
    pytest.param(lambda server: locked(server.environment), id="locked"),
    pytest.param(full_disk, id="full", marks=ON_SQLITE),
]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_save_that_cannot_be_is_told_and_sent_again(server, editor, people, at, fault, request):
    page, reason = change_page("missions/mission", people["missions"][1]), request.node.name
    fields = editor.open(page) | {"aim": f"{reason} " * 2000, "change_reason": reason}

    with fault(server):
        refused = editor.ask(page, fields)
        public = [server.get(path) for path in PAGES]

    assert (refused.status, refused.headers["Retry-After"]) == (503, "30")
    assert refused.headers["Cache-Control"] == "private, no-store"
    assert "default-src 'none'" in refused.headers["Content-Security-Policy"]
    assert b"Nothing was changed." in refused.content
    assert [answer.status for answer in public] == [200] * len(PAGES)
    with at(server.environment):
        assert not Revision.objects.filter(reason=reason).exists()

    assert editor.ask(page, form_fields(refused) | {"change_reason": reason}).status == 302

    assert reason.encode() in server.get("/missions/mission-1/").content
    with at(server.environment):
        assert Revision.objects.filter(reason=reason).count() == 1


LIMITED = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({FULL}, {FULL}))"
LOAD = f"""
import sys
{LIMITED}
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "load_record", sys.argv[1]])
"""
IMPORT = f"""
import django, sys
django.setup()
from django.contrib.auth.models import User
from django.db import OperationalError
from lunar.desk.exchange.carried import confirm, preview, read_carried
from lunar.desk.exchange.tables import read_table
from lunar.parties.models import Person
user = User.objects.get(username="editor-0")
with open(sys.argv[1], "rb") as file:
    _, carried = preview(user, Person, read_table(file.read()))
{LIMITED}
try:
    confirm(user, Person, read_carried(user, Person, carried), "As the list says.")
except OperationalError:
    print("refused")
"""


def told_by(environment, code, argument):
    process = start_python(environment, "-c", code, argument, errors=True)
    return process.communicate(timeout=120)[0], process.returncode


def counts(environment):
    connection.close()
    with database(environment) as there:
        tables = ("sources_source", "parties_person", "desk_revision", "search_entry")
        return [there.execute(f"SELECT count(*) FROM {name}").fetchone() for name in tables]  # noqa: S608


@ON_SQLITE
def test_a_load_for_which_there_is_no_room_is_refused_whole(environment, tmp_path):
    rows = sample()
    rows["sources"] += [SOURCE | {"slug": f"s-{n}", "title": f"Source {n}"} for n in range(300)]
    before = counts(environment)

    told, code = told_by(environment, LOAD, write_fixtures(tmp_path / "fixtures", rows))

    assert code == 1
    assert "CommandError: Nothing was loaded; the database says: " in told
    assert counts(environment) == before


@ON_SQLITE
def test_an_import_for_which_there_is_no_room_is_refused_whole(environment, tmp_path):
    path = tmp_path / "people.csv"
    path.write_bytes(csv_file(["slug", "name"], *([f"p-{n}", f"Person {n}"] for n in range(100))))
    before = counts(environment)

    assert told_by(environment, IMPORT, path) == ("refused\n", 0)

    assert counts(environment) == before


class Cable:
    """What lies between the site and its server of PostgreSQL, and can be cut."""

    def __init__(self, directory, url):
        upstream = conninfo_to_dict(url)
        port = upstream.get("port") or "5432"
        host = upstream.get("host") or "/var/run/postgresql"
        self.upstream = f"{host}/.s.PGSQL.{port}" if host[0] == "/" else (host, int(port))
        self.path = f"{directory}/.s.PGSQL.5432"
        parts = urllib.parse.urlsplit(url)
        user = parts.netloc.rpartition("@")[0]
        query = urllib.parse.urlencode({"host": directory, "port": 5432, "sslmode": "disable"})
        self.url = parts._replace(netloc=f"{user}@" if user else "", query=query).geturl()
        self.open = []
        self.join()

    def join(self):
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        self.listener.listen(64)
        threading.Thread(target=self._accept, args=[self.listener], daemon=True).start()

    def cut(self):
        os.unlink(self.path)
        for one in (self.listener, *self.open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self.open = []

    def _accept(self, listener):
        with contextlib.suppress(OSError):
            while True:
                near, _ = listener.accept()
                is_path = isinstance(self.upstream, str)
                far = socket.socket(socket.AF_UNIX if is_path else socket.AF_INET)
                far.connect(self.upstream)
                self.open += [near, far]
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=ends, daemon=True).start()

    @staticmethod
    def _carry(source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


@pytest.fixture(scope="module")
def cable(environment):
    with tempfile.TemporaryDirectory(prefix="cable-") as directory:  # a short path, for a socket
        cable = Cable(directory, environment["DATABASE_URL"])
        yield cable
        cable.cut()


@pytest.fixture(scope="module")
def far_server(environment, cable):
    """A server of the site that reaches its database through the cable."""
    server = ProductionServer(environment | {"DATABASE_URL": cable.url})
    try:
        server.start()
        yield server
    finally:
        server.stop(signal.SIGKILL)


@ON_POSTGRESQL
def test_without_its_database_the_site_says_so_and_recovers(far_server, cable, people):
    editor = Editor("editor-0", far_server, people)
    page = change_page("missions/mission", people["missions"][0])
    fields = editor.open(page) | {"aim": "While it was gone", "change_reason": "While it was gone"}
    assert [far_server.get(path).status for path in PAGES] == [200] * len(PAGES)

    cable.cut()
    answers = [far_server.get(path) for path in PAGES]
    refused = editor.ask(page, fields)
    cable.join()

    assert [answer.status for answer in (*answers, refused)] == [503] * (len(PAGES) + 1)
    assert all(answer.headers["Retry-After"] == "30" for answer in answers)
    assert b"The record is out of reach" in answers[0].content
    assert answers[-1].headers["Content-Type"] == "application/problem+json"
    assert b"This could not be saved" in refused.content
    assert not any(b"Traceback" in answer.content for answer in answers)
    assert [far_server.get(path).status for path in PAGES] == [200] * len(PAGES)
    assert editor.ask(page, form_fields(refused) | {"change_reason": "Now"}).status == 302
    assert b"While it was gone" in far_server.get("/missions/mission-0/").content


@ON_POSTGRESQL
def test_after_a_restart_of_the_database_nobody_notices(server, environment, editor, people):
    page = change_page("missions/mission", people["missions"][0])
    assert server.get("/missions/").status == 200
    fields = editor.open(page) | {"aim": "After all", "change_reason": "After all"}

    with psycopg.connect(environment["DATABASE_URL"], autocommit=True) as other:
        ended = other.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchone()

    assert ended[0] >= 1  # the server keeps its connections
    assert [server.get(path).status for path in PAGES] == [200] * len(PAGES)
    assert editor.ask(page, fields).status == 302


@ON_POSTGRESQL
def test_of_two_who_wait_for_each_other_one_is_told(server, editor, people, environment):
    """The database ends the work of whoever has waited for a second first."""
    page = change_page("missions/mission", people["missions"][2])
    fields = editor.open(page) | {"aim": "Waited", "change_reason": "Waited"}
    with psycopg.connect(environment["DATABASE_URL"]) as other, ThreadPoolExecutor(1) as pool:
        other.execute("SET lock_timeout = '20s'")
        other.execute("LOCK TABLE desk_revision IN EXCLUSIVE MODE")
        saving = pool.submit(editor.ask, page, fields)
        wait_for_a_waiter(environment)
        try:
            other.execute("UPDATE missions_mission SET aim = 'Was first' WHERE slug = 'mission-2'")
        except psycopg.errors.DeadlockDetected:
            other.rollback()
            assert saving.result(60).status == 302
            return
        other.commit()
        refused = saving.result(60)

    assert refused.status == 503
    assert b"Was first" in server.get("/missions/mission-2/").content
    assert b"Nothing was changed." in refused.content


def wait_for_a_waiter(environment):
    waiting = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    until = time.monotonic() + 60
    with psycopg.connect(environment["DATABASE_URL"], autocommit=True) as other:
        while other.execute(waiting).fetchone() == (0,):
            assert time.monotonic() < until
            time.sleep(0.01)
