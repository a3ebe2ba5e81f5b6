"""Many editors at once through the real forms, on real servers: nothing acknowledged is lost.

The servers are processes of their own on a database of their own: a file, or on PostgreSQL
(DATABASE_URL) one that is made for it. LUNAR_KILLS and LUNAR_ROUNDS ask for more than the few
rounds of every day.
"""

import http.client
import os
import random
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.installation import database, empty_installation, wrong_in
from tests.servers import SET_UP, TIMEOUT, Editor, Server, answer_of, change_page
from tests.webforms import add_row

EDITORS = 20
ROUNDS = int(os.environ.get("LUNAR_ROUNDS", 1))
KILLS = int(os.environ.get("LUNAR_KILLS", 3))
FIELDS = ["aim", "result", "launch_site", "launch_vehicle"]
MISSIONS = 10  # one for all, five for the next test, four for the last

READ = """
import django, json
django.setup()
from lunar.desk.models import Revision
names = "label", "key", "number", "way", "reason", "rows"
print(json.dumps(list(Revision.objects.order_by("label", "key", "number").values(*names))))
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """For processes that use a database of their own, with all tables."""
    with empty_installation(tmp_path_factory.mktemp("data")) as environment:
        yield environment


@pytest.fixture(scope="module")
def site(environment):
    """What is in the database, and who is logged in."""
    return answer_of(environment, SET_UP, EDITORS, MISSIONS)


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
    for one in servers:
        one.stop(signal.SIGKILL)
    with database(environment):
        pass  # it is sound
    assert wrong_in(environment) == []


def wait_until(is_done, editors):
    until = time.monotonic() + TIMEOUT
    while not is_done():
        assert time.monotonic() < until
        for editor in editors:
            assert not editor.done() or editor.result()
        time.sleep(0.05)
