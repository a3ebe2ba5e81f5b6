"""Feeds of transfers: where the material is, and the changes of a filtered list."""

from xml.etree import ElementTree as ET

import pytest

from diplomacy import feeds
from lunar.desk.history import Way, recording
from tests import factories as make
from tests.html import Page
from tests.lunar.test_details import begin, change

pytestmark = pytest.mark.django_db

ATOM = {"a": "http://www.w3.org/2005/Atom"}
WHEREABOUTS = "/feeds/whereabouts.atom"
FILTERED = "/diplomacy/transfers/feed.atom"


def read(client, address, **asked):
    response = client.get(address, asked)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(response.content)  # noqa: S314  our own


def titles(feed):
    return [entry.findtext("a:title", namespaces=ATOM) for entry in feed.findall("a:entry", ATOM)]


def links(feed):
    return {link.get("rel"): link.get("href") for link in feed.findall("a:link", ATOM)}


@pytest.fixture
def transfer():
    transfer = make.make_transfer(title="Display of Malta", kind="gift")
    make.make_act(transfer, kind="given", date="1973")
    begin(transfer, "2026-03-01")
    return transfer


def add_act(transfer, **fields):
    with recording(None, "As the museum says.", Way.COMMAND):
        make.cite(make.make_act(transfer, **fields), quote="still here")


def test_a_new_confirmation_is_told(client, transfer):
    add_act(transfer, kind="confirmed", date="2026-02")

    feed = read(client, WHEREABOUTS)

    assert titles(feed) == ["Display of Malta: changed by a command"]
    assert "As the museum says." in ET.tostring(feed, encoding="unicode")
    assert links(feed)["self"] == f"http://testserver{WHEREABOUTS}"


def test_a_corrected_or_removed_act_is_told_and_another_change_is_not(client, transfer):
    change(transfer, occasion="A visit")
    assert titles(read(client, WHEREABOUTS)) == []

    act = transfer.acts.get()
    change(act, date="1974")
    assert len(titles(read(client, WHEREABOUTS))) == 1
    with recording(None, "It was another one.", Way.COMMAND):
        act.delete()
    assert len(titles(read(client, WHEREABOUTS))) == 2


def test_a_transfer_new_with_its_acts_is_told(client):
    with recording(None, "Found in a report.", Way.COMMAND):
        make.make_act(make.make_transfer(title="Display of Malta"), kind="given")
        make.make_transfer(title="Without an act")

    assert titles(read(client, WHEREABOUTS)) == ["Display of Malta: changed by a command"]


def test_nothing_is_told_of_acts_of_what_is_not_public(client, transfer):
    add_act(transfer, kind="stolen", date="2004")
    change(transfer, "Doubtful.", state="withdrawn")

    assert titles(read(client, WHEREABOUTS)) == []
    assert titles(read(client, FILTERED)) == []


def test_only_so_many_revisions_are_looked_through(client, transfer, monkeypatch):
    monkeypatch.setattr(feeds, "LOOKED_THROUGH", 2)
    for year in (2001, 2002, 2003):
        add_act(transfer, kind="confirmed", date=str(year))

    assert len(titles(read(client, WHEREABOUTS))) == 2


def test_the_whereabouts_take_as_many_queries_for_many_acts(client, transfer, queries_of):
    for year in (2001, 2002):
        add_act(transfer, kind="confirmed", date=str(year))
    few = queries_of(lambda: client.get(WHEREABOUTS))
    for year in range(2003, 2010):
        add_act(transfer, kind="confirmed", date=str(year))

    assert queries_of(lambda: client.get(WHEREABOUTS)) == few


def test_a_filtered_list_has_a_feed_of_exactly_its_transfers(client, transfer):
    loan = make.make_transfer(title="Loan to France", kind="loan")
    for one in (transfer, loan):
        change(one, "Told.", occasion="A visit")

    feed = read(client, FILTERED, kind="loan", sort="-date", page="2")

    assert titles(feed)[0] == "Loan to France: changed by a command"
    assert not any("Malta" in title for title in titles(feed))
    assert feed.findtext("a:title", namespaces=ATOM) == "Changes of transfers (Kind: Loan)"
    assert links(feed)["alternate"] == "http://testserver/diplomacy/transfers/?kind=loan"
    assert feed.findtext("a:id", namespaces=ATOM).endswith(":transfers?kind=loan")
    assert {t.partition(":")[0] for t in titles(read(client, FILTERED))} == {
        "Display of Malta",
        "Loan to France",
    }


def test_a_feed_of_a_bad_filter_says_what_is_wrong(client):
    response = client.get(FILTERED, {"kind": "<b>"})

    assert response.status_code == 400
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().startswith("kind: Select a valid choice.")


def test_pages_name_the_feeds_that_belong_to_them(client, transfer):
    def feeds_of(path):
        page = Page(client.get(path))
        assert page.problems == []
        return [e.get("href") for e in page.all("link") if e.get("type") == "application/atom+xml"]

    assert feeds_of("/diplomacy/transfers/?kind=gift&sort=date") == [
        f"{FILTERED}?kind=gift",
        WHEREABOUTS,
    ]
    assert feeds_of("/diplomacy/displays/") == [WHEREABOUTS]
    assert feeds_of("/diplomacy/") == [WHEREABOUTS]
