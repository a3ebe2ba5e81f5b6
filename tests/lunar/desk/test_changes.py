"""The public log: what changed, when, how and why; and nothing of what is not public."""

import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pytest

from lunar.desk import log
from lunar.desk.history import Way, latest_revision, recording
from lunar.desk.models import EditorProfile, Revision
from lunar.front import FrontPage
from missions.models import Mission
from tests.factories import cite, make_country, make_mission, make_source, make_transfer, make_user
from tests.html import Page

pytestmark = pytest.mark.django_db

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def change(record, reason="As the source says.", editor=None, way=Way.FORM, **values):
    """Change one record at the desk."""
    with recording(editor, reason, way) as made:
        for name, value in values.items():
            setattr(record, name, value)
        record.save()
    return made


def change_together(records, reason="All at once."):
    with recording(None, reason, Way.BULK):
        for number, record in enumerate(records):
            record.aim = f"Aim {number}"
            record.save()


def at(record, number, *moment):
    """Say when a revision was made."""
    Revision.objects.of(record).filter(number=number).update(made_at=datetime(*moment, tzinfo=UTC))


def reasons(response):
    return [change.revision.reason for change in response.context["changes"]]


def history(record):
    return f"/changes/{record._meta.model_name}/{record.natural_key()[0]}/"


def entries_of(feed):
    return ET.fromstring(feed.content).findall("a:entry", ATOM)  # noqa: S314  our own


# The log


def test_a_change_is_told_with_when_what_how_why_and_who(client):
    editor = make_user("Editor", username="jsmith")
    EditorProfile.objects.create(user=editor, public_name="Jane S.")
    mission = make_mission(name="Luna 16", launch="1970-09-12")
    change(mission, "Off by a day.", editor, launch="1970-09-13")
    at(mission, 2, 2026, 3, 4, 5, 6)

    page = client.get("/changes/", {"q": "luna", "way": "form"}).content.decode()

    for told in (
        '<time datetime="2026-03-04T05:06:00Z">4 March 2026, 05:06 UTC</time>',
        '<a href="/missions/' + mission.slug,
        "Luna 16",
        "Edited",
        "Off by a day.",
        "Jane S.",
        "12 September 1970",
        "13 September 1970",
        f'href="{history(mission)}#revision-2"',
    ):
        assert told in page
    assert "jsmith" not in page


def test_the_latest_change_comes_first_unless_the_oldest_is_asked_for(client):
    mission = make_mission()
    change(mission, "First.", name="A")
    change(mission, "Second.", name="B")

    assert reasons(client.get("/changes/", {"way": "form"})) == ["Second.", "First."]
    assert reasons(client.get("/changes/", {"way": "form", "sort": "oldest"})) == [
        "First.",
        "Second.",
    ]


def test_a_load_of_many_records_is_one_entry_that_leads_to_the_list_of_them(client):
    missions = [make_mission() for _ in range(log.TOGETHER + 1)]
    change_together([*missions])

    [together] = client.get("/changes/", {"way": "bulk"}).context["changes"]

    assert together.summary == f"{len(missions)} missions"
    assert together.entries == []
    listed = client.get(together.url).context["changes"]
    assert {entry.record for change in listed for entry in change.entries} == {*missions}
    assert [change.entries[0].difference.size for change in listed] == [1] * len(missions)


def test_the_log_has_fifty_changes_on_a_page(client):
    mission = make_mission()
    for number in range(52):
        change(mission, f"Change {number}.", name=f"Name {number}")

    first, second = client.get("/changes/"), client.get("/changes/", {"page": "2"})

    assert (len(reasons(first)), first.context["count"]) == (50, 53)
    assert reasons(second)[:2] == ["Change 1.", "Change 0."]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"kind": "mission"}, ["Mission changed."]),
        ({"kind": "source"}, []),
        ({"way": "import"}, ["Country changed."]),
        ({"from": "2026-02"}, ["Country changed."]),
        ({"to": "2026-01-31"}, ["Mission changed."]),
        ({"from": "2026-01-31", "to": "2026-01-31"}, ["Mission changed."]),
        ({"q": "LÚNA change'e"}, []),
        ({"q": "lúna 1"}, ["Mission changed."]),
        ({"q": "!"}, []),
    ],
)
def test_the_log_is_filtered(client, asked, found):
    mission, country = make_mission(name="Luna 16"), make_country(name="China")
    change(mission, "Mission changed.", aim="To land.")
    at(mission, 2, 2026, 1, 31, 23, 59)
    change(country, "Country changed.", way=Way.IMPORT, native_name="中国")
    at(country, 2, 2026, 2, 1)
    Revision.objects.filter(way=Way.FOUND).delete()

    assert reasons(client.get("/changes/", asked)) == found


@pytest.mark.parametrize(
    "asked",
    [
        "kind=planet",
        "way=magic",
        "from=yesterday",
        "to=2026-13",
        "from=2026&to=2025",
        "at=now",
        "at=2026-01-01",
        "page=0",
        "sort=name",
        "per_page=7",
    ],
)
def test_a_bad_value_is_told_and_yields_no_list(client, asked):
    change(make_mission(), name="B")

    response = client.get(f"/changes/?{asked}")

    assert response.status_code == 400
    assert response.context["changes"] == []
    assert response.context["form"].errors


def test_a_log_of_many_changes_takes_as_many_queries_as_one_of_few(client, queries_of):
    def make_changes(number):
        for _ in range(number):
            transfer = make_transfer(missions=[make_mission()])
            change(transfer, recipient=make_country(), giver=make_country())
            cite(transfer, "occasion")
        change_together([make_mission() for _ in range(log.TOGETHER + 1)])

    make_changes(2)
    few = queries_of(lambda: client.get("/changes/"))
    make_changes(10)

    assert queries_of(lambda: client.get("/changes/")) == few


# What is not public


def test_nothing_is_told_of_a_draft_until_it_is_public(client):
    mission = make_mission(name="Secret", state="draft")
    change(mission, "Still secret.", aim="Hidden")
    assert client.get("/changes/").context["count"] == 0
    assert client.get(history(mission)).status_code == 404

    change(mission, "Reviewed.", state="published")
    page = client.get(history(mission)).content.decode()
    assert "Reviewed." in page
    assert "Still secret." not in page


def test_of_a_withdrawn_record_only_the_notice_is_left(client):
    mission = make_mission(slug="luna-99", name="Zugzwang")
    change(mission, "Zugzwang it is.", aim="Zugzwang")
    change(mission, "It was never flown.", state="withdrawn")

    for address in (
        "/changes/",
        history(mission),
        "/changes.atom",
        "/changes/mission/luna-99.atom",
    ):
        told = client.get(address).content.decode()
        assert "/missions/luna-99/" in told
        assert "It was never flown." in told
        assert "zugzwang" not in told.lower()
    assert client.get("/changes/", {"q": "zugzwang"}).context["count"] == 0


def test_what_was_withdrawn_and_is_public_again_shows_its_history_again(client):
    mission = make_mission()
    change(mission, "Better.", aim="To land.")
    change(mission, "Doubtful.", state="withdrawn")
    change(mission, "Confirmed.", state="published", aim="To orbit.")

    entries = client.get(history(mission)).context["entries"]

    assert [entry.revision.reason for entry in entries][:3] == [
        "Confirmed.",
        "Doubtful.",
        "Better.",
    ]
    [row] = entries[0].difference.rows  # against what the public saw last
    assert [(f.before, f.after) for f in row.fields] == [("To land.", "To orbit.")]
    assert entries[1].difference is None


def test_a_record_hidden_by_hand_is_told_of_no_more(client):
    mission = make_mission()
    change(mission, name="Zugzwang")
    Mission.objects.filter(pk=mission.pk).update(state="draft")

    assert client.get(history(mission)).status_code == 404
    for address in ("/", "/changes/", "/changes.atom"):
        assert "Zugzwang" not in client.get(address).content.decode()


def test_a_source_has_a_history_while_something_public_rests_on_it(client):
    source = make_source()
    change(source, title="The better title")
    assert client.get(history(source)).status_code == 404

    mission = make_mission(state="draft")
    with recording(None, "Cited.", Way.FORM):
        cite(mission, source=source)
    assert client.get(history(source)).status_code == 404
    change(mission, "Reviewed.", state="published")
    assert "The better title" in client.get(history(source)).content.decode()


# The history of one record


@pytest.mark.parametrize(
    "address", ["mission/nothing", "planet/mars", "missioncitation/x", "landing/1"]
)
def test_what_has_no_public_history_is_not_found(client, address):
    make_mission()

    assert client.get(f"/changes/{address}/").status_code == 404
    assert client.get(f"/changes/{address}.atom").status_code == 404


def test_every_public_revision_is_told_at_its_place(client):
    mission = make_mission(name="Luna 16")
    change(mission, "Better.", aim="To land.")

    response = client.get(latest_revision(Mission, mission.slug).get_absolute_url())

    page = Page(response)
    assert page.problems == []
    assert {"revision-1", "revision-2"} <= {*page.ids}
    [second, first] = response.context["entries"]
    assert [row.title for row in second.difference.rows] == ["Mission: the record itself"]
    assert {row.what for row in first.difference.rows} == {"added"}


def test_two_revisions_are_compared(client):
    mission = make_mission(aim="One")
    change(mission, aim="Two")
    change(mission, aim="Three")

    def compared(before, after):
        found = client.get(history(mission), {"from": before, "to": after}).context["difference"]
        return [(f.before, f.after) for row in found.rows for f in row.fields]

    assert compared("1", "3") == [("One", "Three")]
    assert compared("3", "1") == [("Three", "One")]
    assert compared("2", "2") == []


@pytest.mark.parametrize(
    "asked", ["from=1", "to=2", "from=1&to=9", "from=0&to=1", "from=x&to=1", "from=1&to=²"]
)
def test_revisions_that_there_are_not_are_told_beside_the_field(client, asked):
    mission = make_mission(aim="One")
    change(mission, aim="Two")

    response = client.get(f"{history(mission)}?{asked}")

    assert response.status_code == 400
    assert response.context["difference"] is None
    assert 'class="field-error"' in response.content.decode()
    assert Page(response).problems == []


def test_a_revision_that_was_not_public_cannot_be_compared_with(client):
    mission = make_mission(aim="Secret", state="draft")
    change(mission, aim="Told", state="published")
    change(mission, aim="Told better")

    assert client.get(history(mission), {"from": "1", "to": "3"}).status_code == 400


def test_a_history_of_many_revisions_takes_as_many_queries_as_one_of_few(client, queries_of):
    mission = make_mission(aim="0")
    for number in range(2):
        change(mission, aim=f"{number}.")
    few = queries_of(lambda: client.get(history(mission)))
    for number in range(60):
        change(mission, aim=f"{number}!")

    assert queries_of(lambda: client.get(history(mission))) <= few
    assert "revision-2" in Page(client.get(history(mission))).ids


# Feeds


@pytest.mark.parametrize("of_one", [False, True])
def test_feeds_are_atom_with_lasting_ids(client, of_one):
    mission = make_mission(slug="luna-16", name="Luna 16")
    change(mission, "Off by a day.", make_user("Editor"), launch="1970-09-13")
    at(mission, 2, 2026, 3, 4, 5, 6)
    address, page = (
        ("/changes/mission/luna-16.atom", history(mission))
        if of_one
        else ("/changes.atom", "/changes/")
    )

    response = client.get(address)

    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(response.content)  # noqa: S314  our own
    links = {link.get("rel"): link.get("href") for link in feed.findall("a:link", ATOM)}
    assert links == {
        "self": f"http://testserver{address}",
        "alternate": f"http://testserver{page}",
    }
    found = {e.findtext("a:id", namespaces=ATOM): e for e in feed.findall("a:entry", ATOM)}
    entry = found["tag:lunar-record.example,2025:missions.mission/luna-16/2"]
    assert entry.findtext("a:title", namespaces=ATOM) == "Luna 16: edited"
    assert entry.findtext("a:updated", namespaces=ATOM) == "2026-03-04T05:06:00+00:00"
    assert entry.findtext("a:author/a:name", namespaces=ATOM) == "an editor"
    assert entry.find("a:content", ATOM).get("type") == "html"
    assert "Off by a day." in entry.findtext("a:content", namespaces=ATOM)
    assert entry.find("a:link", ATOM).get("href").endswith("/luna-16/#revision-2")
    assert f'href="{address}"' in client.get(page).content.decode()


def test_a_feed_tells_a_large_change_in_one_entry(client):
    change_together([make_mission() for _ in range(log.TOGETHER + 1)])

    titles = [
        e.findtext("a:title", namespaces=ATOM) for e in entries_of(client.get("/changes.atom"))
    ]

    assert f"Changed along with others: {log.TOGETHER + 1} missions" in titles


def test_a_feed_holds_whatever_a_text_may_say(client):
    mission = make_mission(name="a\x0bb\uffff <i>&amp;")
    change(mission, "<script>\x01 ]]>", aim="\x02")

    [entry, *_] = entries_of(client.get("/changes.atom"))

    assert "&lt;script&gt; ]]&gt;" in entry.findtext("a:content", namespaces=ATOM)


def test_feeds_are_capped(client):
    mission = make_mission(aim="0")
    for number in range(45):
        change(mission, aim=f"{number}!")

    for address in ("/changes.atom", f"/changes/mission/{mission.slug}.atom"):
        assert len(entries_of(client.get(address))) == 40


# Elsewhere


def test_the_front_page_tells_the_last_changes_and_a_load_in_one_line(client):
    change_together([make_mission() for _ in range(log.TOGETHER + 1)])
    change(make_mission(name="Luna 16"), "Off by a day.", launch="1970-09-13")

    found = FrontPage().changes
    page = client.get("/").content.decode()

    assert [c.summary or c.entries[0].title for c in found if c.revision.way != Way.FOUND] == [
        "Luna 16",
        f"{log.TOGETHER + 1} missions",
    ]
    assert "What changed lately" in page
    assert "Off by a day." in page


def test_an_empty_record_has_an_empty_log(client):
    assert "No change fits." in client.get("/changes/").content.decode()
    assert "What changed lately" not in client.get("/").content.decode()
    assert entries_of(client.get("/changes.atom")) == []
