"""Many editors at once through the real forms, on real servers: nothing acknowledged is lost.

The servers are processes of their own on a database of their own: a file, or on PostgreSQL
(DATABASE_URL) one that is made for it. LUNAR_KILLS and LUNAR_ROUNDS ask for more than the few
rounds of every day.
"""

import contextlib
import http.client
import http.cookiejar
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.db import connection

from tests.webforms import add_row, form_fields

EDITORS = 20
ROUNDS = int(os.environ.get("LUNAR_ROUNDS", 1))
KILLS = int(os.environ.get("LUNAR_KILLS", 3))
TIMEOUT = 120
FIELDS = ["aim", "result", "launch_site", "launch_vehicle"]
MISSIONS = 10  # one for all, five for the next test, four for the last

SET_UP = """
import django, json, sys
django.setup()
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from tests.factories import make_mission, make_transfer, make_user

def logged_in(name):
    user, session = make_user("Editor", username=name), SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key

editors, missions = map(int, sys.argv[1:])
print(json.dumps({
    "sessions": {name: logged_in(name) for name in (f"editor-{n}" for n in range(editors))},
    "missions": [make_mission(slug=f"mission-{n}").pk for n in range(missions)],
    "transfer": make_transfer(slug="transfer").pk,
}))
"""
SERVE = """
import django, sys
django.setup()
from lunar.management.server import DemoServer
server = DemoServer.at(f"127.0.0.1:{sys.argv[1]}")
print(server.server_port, flush=True)
server.serve()
"""
READ = """
import django, json
django.setup()
from lunar.desk.models import Revision
names = "label", "key", "number", "way", "reason", "rows"
print(json.dumps(list(Revision.objects.order_by("label", "key", "number").values(*names))))
"""


def python(environment, code, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def answer_of(environment, code, *arguments):
    process = python(environment, code, *arguments)
    output, _ = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 0
    return json.loads(output)


@pytest.fixture(scope="module")
def environment(tmp_path_factory, django_db_setup, django_db_blocker):
    """For processes that use a database of their own, with all tables."""
    environment = os.environ | {
        "LUNAR_ENV": "local",
        "LUNAR_DATA_DIR": str(tmp_path_factory.mktemp("data")),
        "DJANGO_SETTINGS_MODULE": "lunar.settings",
    }
    with contextlib.ExitStack() as stack:
        if connection.vendor == "postgresql":
            name = f"lunar_editors_{os.getpid()}"
            url = urllib.parse.urlsplit(os.environ["DATABASE_URL"])
            environment["DATABASE_URL"] = url._replace(path=f"/{name}").geturl()
            stack.enter_context(django_db_blocker.unblock())
            cursor = stack.enter_context(connection._nodb_cursor())
            cursor.execute(f'CREATE DATABASE "{name}"')
            stack.callback(cursor.execute, f'DROP DATABASE "{name}" WITH (FORCE)')
        migrate = [sys.executable, "manage.py", "migrate", "-v0"]
        subprocess.run(migrate, cwd=settings.BASE_DIR, env=environment, check=True, timeout=TIMEOUT)
        yield environment


@pytest.fixture(scope="module")
def site(environment):
    """What is in the database, and who is logged in."""
    return answer_of(environment, SET_UP, EDITORS, MISSIONS)


@dataclass
class Server:
    """A server process; started again, it answers at the same address."""

    environment: dict
    port: int = 0
    process: subprocess.Popen | None = None

    def start(self):
        self.process = python(self.environment, SERVE, self.port)
        self.port = int(self.process.stdout.readline())

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.communicate(timeout=TIMEOUT)


@pytest.fixture(scope="module")
def servers(environment):
    """Two servers on one database."""
    running = [Server(environment), Server(environment)]
    try:
        for server in running:
            server.start()
        yield running
    finally:
        for server in running:
            if server.process:
                server.stop(signal.SIGKILL)


@dataclass
class Answer:
    status: int
    content: bytes


class Unredirected(urllib.request.HTTPErrorProcessor):
    def http_response(self, request, response):
        return response


class Editor:
    """A browser without scripts, logged in, that talks to one server."""

    def __init__(self, name, server, site):
        self.name, self.server = name, server
        self.session = site["sessions"][name]
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.cookies), Unredirected
        )

    def ask(self, path, fields=None):
        """Return the Answer to a form that is sent, or to a page that is opened.

        Raises HTTPException or OSError if the server dies over it.
        """
        data = None if fields is None else urllib.parse.urlencode(fields, doseq=True).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.server.port}{path}", data)
        cookies = [f"{cookie.name}={cookie.value}" for cookie in self.cookies]
        request.add_header("Cookie", "; ".join([f"sessionid={self.session}", *cookies]))
        with self.opener.open(request, timeout=TIMEOUT) as response:
            content = response.read()
            if "Content-Length" not in response.headers:  # cut off among its headers
                raise http.client.IncompleteRead(content)
            return Answer(response.status, content)

    def open(self, path):
        answer = self.ask(path)
        assert answer.status == 200
        return form_fields(answer)

    def save(self, path, fields, *, merges):
        """Save a form and, if it `merges`, press “Save the merged version” until it is saved.

        Returns the status of the last answer, which has to be one that an editor understands.
        """
        answer = self.ask(path, fields)
        while answer.status == 409 and merges:
            carried = form_fields(answer) | {"change_reason": fields["change_reason"]}
            carried |= dict.fromkeys(radio_buttons(answer), "mine")
            answer = self.ask(path, carried | {"_save_merged": "1"})
        assert answer.status in {302, 409}, answer.content
        return answer.status


def radio_buttons(answer):
    parts = answer.content.decode().split('type="radio"')[1:]
    return {part.split('name="')[1].split('"')[0] for part in parts}


def change_page(model, pk):
    return f"/admin/{model}/{pk}/change/"


def changed_fields(revisions):
    """Return {reason: [field of the record itself that a revision changed]} of all by a form."""
    rows = {(r["key"], r["number"]): r["rows"] for r in revisions}
    found = {}
    for revision in revisions:
        if revision["way"] == "form":
            after = revision["rows"][0]["fields"]
            before = rows[revision["key"], revision["number"] - 1][0]["fields"]
            names = before.keys() | after.keys()
            found[revision["reason"]] = [n for n in names if before.get(n) != after.get(n)]
    return found


@pytest.mark.parametrize("shared", [True, False], ids=["one-record", "several-records"])
def test_no_save_of_twenty_editors_is_lost_or_undoes_another(environment, site, servers, shared):
    together = threading.Barrier(EDITORS)

    def edit(number):
        editor = Editor(f"editor-{number}", servers[number % 2], site)
        field, merges = FIELDS[number % len(FIELDS)], number % 4 == 0
        mission = site["missions"][0 if shared else 1 + number % 5]
        saved = {}
        for turn in range(ROUNDS):
            fields = editor.open(change_page("missions/mission", mission))
            reason = f"{editor.name}, {'shared' if shared else 'own'}, turn {turn}"
            together.wait(TIMEOUT)
            fields |= {field: f"By {reason}", "change_reason": reason}
            page = change_page("missions/mission", mission)
            saved[reason] = field, editor.save(page, fields, merges=merges)
        return saved

    with ThreadPoolExecutor(EDITORS) as pool:
        saves = {k: v for one in pool.map(edit, range(EDITORS)) for k, v in one.items()}

    acknowledged = {reason: [field] for reason, (field, status) in saves.items() if status == 302}
    assert len(acknowledged) >= ROUNDS * EDITORS // 4
    assert len(acknowledged) < len(saves)
    recorded = changed_fields(answer_of(environment, READ))
    assert {reason: recorded[reason] for reason in saves if reason in recorded} == acknowledged


def test_acts_that_editors_add_to_one_transfer_at_once_are_all_there(environment, site, servers):
    together = threading.Barrier(EDITORS // 2)

    def add(number):
        editor = Editor(f"editor-{number}", servers[number % 2], site)
        place = f"Place {number}"
        if number % 2:
            page = "/admin/diplomacy/act/add/"
            fields = editor.open(page)
            fields |= {"transfer": site["transfer"], "kind": "moved", "place": place}
        else:
            page = change_page("diplomacy/transfer", site["transfer"])
            fields = editor.open(page)
            add_row(fields, "acts", kind="moved", place=place)
        together.wait(TIMEOUT)
        assert editor.save(page, fields | {"change_reason": place}, merges=True) == 302
        return place

    with ThreadPoolExecutor(EDITORS // 2) as pool:
        places = set(pool.map(add, range(EDITORS // 2)))

    revisions = [r for r in answer_of(environment, READ) if r["key"] == "transfer"]
    acts = [row["fields"] for row in revisions[-1]["rows"] if row["model"] == "diplomacy.act"]
    assert {act["place"] for act in acts} == places
    assert sorted(act["number"] for act in acts) == list(range(1, len(places) + 1))
    assert [r["number"] for r in revisions] == list(range(1, len(places) + 2))


def test_an_acknowledged_save_survives_the_death_of_the_server(environment, site, servers):
    server, stopping, acknowledged = servers[0], threading.Event(), []

    def edit(number):
        editor = Editor(f"editor-{number}", server, site)
        page = change_page("missions/mission", site["missions"][6 + number])
        turn = 0
        while not stopping.is_set():
            turn += 1
            reason = f"{editor.name}, before a kill, turn {turn}"
            try:
                fields = editor.open(page) | {"aim": reason, "change_reason": reason}
                if editor.save(page, fields, merges=False) == 302:
                    acknowledged.append(reason)
            except (OSError, http.client.HTTPException):  # the server died over it
                time.sleep(0.1)

    chance = random.Random(20201124)  # noqa: S311
    with ThreadPoolExecutor(4) as pool:
        editors = [pool.submit(edit, number) for number in range(4)]
        try:
            for _ in range(KILLS):
                wanted = len(acknowledged) + 2
                wait_until(lambda wanted=wanted: len(acknowledged) >= wanted, editors)
                time.sleep(chance.uniform(0, 1))
                server.stop(signal.SIGKILL)
                server.start()
        finally:
            stopping.set()
        for editor in editors:
            editor.result()

    kept = {revision["reason"] for revision in answer_of(environment, READ)}
    assert set(acknowledged) <= kept
    assert len(acknowledged) >= 2 * KILLS
    if connection.vendor == "sqlite":
        database = sqlite3.connect(f"{environment['LUNAR_DATA_DIR']}/record.sqlite3")
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        database.close()


def wait_until(is_done, editors):
    until = time.monotonic() + TIMEOUT
    while not is_done():
        assert time.monotonic() < until
        for editor in editors:
            assert not editor.done() or editor.result()
        time.sleep(0.05)
