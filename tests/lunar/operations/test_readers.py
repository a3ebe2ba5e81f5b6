"""Readers and editors at once: every page shows one state of the record, and none an old one.

LUNAR_SECONDS asks for more than the few seconds of every day.
"""

import os
import re
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field

import psycopg
import pytest
from django.db import connection

from lunar.canonical import validation
from lunar.desk.adoption import adopt
from lunar.desk.history import Way, recording
from missions.models import Mission
from tests import factories as make
from tests.installation import connected, database_file
from tests.servers import Editor, change_page

SECONDS = float(os.environ.get("LUNAR_SECONDS", 4))
READERS = 3
EDITORS = 2  # each on a mission of its own
LIST = "/missions/?q=turn"
SHOWN_BY_PAGE = {
    "name": r"<h1>Turn ([0-9]+) of",
    "vehicle": r">Vehicle of turn ([0-9]+)<",
    "event": r">Event of turn ([0-9]+)<",
    "mass": r"<dt>Mass returned</dt>\s*<dd>\s*<span class=\"value\">([0-9]+) g<",
}
SHOWN_BY_LIST = {"name": r">Turn ([0-9]+) of {}<", "mass": r">Turn [0-9]+ of {}<.*?>([0-9]+) g<"}


@dataclass
class Observed:
    """What was seen of the values that an editor writes in one save, each with its turn."""

    answers: list = field(default_factory=list)  # {value: turn} of each answer to a reader
    old: list = field(default_factory=list)  # (turn, {value: turn} seen once it was saved)
    turns: int = 0  # saved


def pages(mission):
    """Return {path: {value: pattern}} of the pages that show a mission."""
    in_list = {name: pattern.format(mission) for name, pattern in SHOWN_BY_LIST.items()}
    return {f"/missions/{mission}/": SHOWN_BY_PAGE, LIST: in_list}


def seen(server, path, patterns):
    """Return {value: turn} of one answer."""
    answer = server.get(path)
    assert answer.status == 200
    return found_in(answer.content.decode(), patterns)


def found_in(content, patterns):
    return {
        name: int(re.search(pattern, content, re.DOTALL)[1]) for name, pattern in patterns.items()
    }


@pytest.fixture(scope="module")
def observed(environment, people, server, django_db_blocker):
    """Let editors and readers do their work for SECONDS."""
    found, until = Observed(), None
    missions = [f"mission-{number}" for number in range(EDITORS)]
    with (
        django_db_blocker.unblock(),
        connected(environment),
        recording(None, "To begin with.", Way.COMMAND),
    ):
        for slug in missions:
            mission = Mission.objects.get(slug=slug)
            mission.name, mission.launch_vehicle = f"Turn 100 of {slug}", "Vehicle of turn 100"
            mission.save()
            make.make_event(mission, title="Event of turn 100")
            make.make_sample_return(mission, mass_g="100")

    def edit(number):
        editor, slug = Editor(f"editor-{number}", server, people), missions[number]
        page, turn = change_page("missions/mission", people["missions"][number]), 100
        while time.monotonic() < until:
            turn += 1
            fields = editor.open(page)
            fields |= {
                "name": f"Turn {turn} of {slug}",
                "launch_vehicle": f"Vehicle of turn {turn}",
                "events-0-title": f"Event of turn {turn}",
                "sample_return-0-mass_g": str(turn),
                "change_reason": f"Turn {turn}",
            }
            assert editor.save(page, fields, merges=False) == 302
            found.turns += 1
            for path, patterns in pages(slug).items():
                now = seen(server, path, patterns)
                if set(now.values()) != {turn}:
                    found.old.append((turn, now))

    def read(number):
        while time.monotonic() < until:
            for slug in missions:
                for path, patterns in pages(slug).items():
                    found.answers.append(seen(server, path, patterns))

    until = time.monotonic() + SECONDS
    with ThreadPoolExecutor(EDITORS + READERS) as pool:
        work = [pool.submit(edit, n) for n in range(EDITORS)]
        work += [pool.submit(read, n) for n in range(READERS)]
        for one in work:
            one.result()
    return found


def test_what_is_saved_is_shown_at_once(observed):
    assert observed.turns >= EDITORS
    assert observed.old == []


def test_an_answer_shows_each_record_in_one_state(observed):
    assert len(observed.answers) >= READERS * EDITORS
    assert [a for a in observed.answers if a.get("vehicle", a["name"]) != a["name"]] == []


class SavesBefore:
    """Before one of the queries of a page, somebody else saves name and event of a mission."""

    def __init__(self, environment, moment, turn):
        self.environment, self.moment, self.turn = environment, moment, turn
        self.queries = 0

    def __call__(self, execute, sql, params, many, context):
        if self.queries == self.moment:
            self.save()
        self.queries += 1
        return execute(sql, params, many, context)

    def save(self):
        name, event = f"Turn {self.turn} of mission-0", f"Event of turn {self.turn}"
        with elsewhere_connected(self.environment) as other:
            other.execute(f"UPDATE missions_mission SET name = '{name}' WHERE slug = 'mission-0'")  # noqa: S608
            other.execute(
                f"UPDATE missions_missionevent SET title = '{event}' WHERE title LIKE 'Event of%' "  # noqa: S608
                "AND mission_id = (SELECT id FROM missions_mission WHERE slug = 'mission-0')"
            )
            other.commit()


def elsewhere_connected(environment):
    """Return another connection to the database of the site, as a context manager."""
    if environment["DATABASE_URL"]:
        return psycopg.connect(environment["DATABASE_URL"])
    return closing(sqlite3.connect(database_file(environment)))


@pytest.fixture
def repaired(site):
    """The small site, which is sound again after what was written past its desk."""
    yield site
    list(validation.repair_derivations())
    adopt("Written past the desk.")


def test_a_save_between_any_two_queries_of_a_page_does_not_show_by_half(repaired, client, observed):
    path, mixed, moment, last = "/missions/mission-0/", {}, 0, 1
    patterns = {name: SHOWN_BY_PAGE[name] for name in ("name", "event")}
    while moment < last:
        saves = SavesBefore(repaired, moment, turn=2000 + moment)
        with connection.execute_wrapper(saves):
            shown = found_in(client.get(path).content.decode(), patterns)
        if len(set(shown.values())) > 1:
            mixed[moment] = shown
        moment, last = moment + 1, saves.queries

    assert last > 5
    assert mixed == {}
