"""The feed of records newly public."""

from xml.etree import ElementTree as ET

import pytest

from lunar.desk import log
from lunar.desk.history import Way, recording
from tests import factories as make
from tests.lunar.test_details import begin, change

pytestmark = pytest.mark.django_db

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def titles(client, address="/feeds/new.atom"):
    feed = ET.fromstring(client.get(address).content)  # noqa: S314  our own
    return [entry.findtext("a:title", namespaces=ATOM) for entry in feed.findall("a:entry", ATOM)]


def test_a_record_is_new_once_when_it_becomes_public(client):
    mission = make.make_mission(name="Luna 16", state="draft")
    change(mission, aim="To land.")
    assert titles(client) == []

    change(mission, state="published")
    assert titles(client) == ["Luna 16: changed by a command"]

    change(mission, aim="To orbit.")
    change(mission, state="withdrawn")
    assert titles(client) == []
    change(mission, state="published")
    assert titles(client) == ["Luna 16: changed by a command"]


def test_what_had_been_public_before_anybody_recorded_it_is_not_new(client):
    mission = make.make_mission()
    begin(mission, "2026-03-01")
    change(mission, aim="To land.")

    assert titles(client) == []


def test_a_load_is_one_entry_and_its_sources_are_no_news(client):
    with recording(None, "Loaded.", Way.LOAD):
        for _ in range(log.TOGETHER + 1):
            make.make_mission()

    assert titles(client) == [f"Loaded: {log.TOGETHER + 1} missions"]


def test_the_feed_is_named_where_it_belongs(client):
    for path in ("/", "/changes/"):
        assert 'href="/feeds/new.atom"' in client.get(path).content.decode()
