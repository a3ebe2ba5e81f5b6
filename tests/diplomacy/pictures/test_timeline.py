"""The timeline: each dated fact is drawn once, the table holds the same, drafts are nowhere."""

import pytest
from django.urls import reverse
from django.utils.html import conditional_escape, strip_tags

from diplomacy.pictures.timeline import SHAPE_OF, WORDS, TimelinePicture
from lunar.pictures.shapes import SHAPES
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def record():
    ussr = make.make_country(name="Soviet Union")
    luna = make.make_programme(name="Luna")
    mission = make.make_mission(
        name="Luna 16", countries=[ussr], programme=luna, launch="1970-09-12"
    )
    make.make_landing(mission, date="1970-09-20", site_name="Mare Fecunditatis")
    make.make_mission(name="Luna 28", countries=[ussr], launch="2034/2036", outcome="planned")
    cyprus = make.make_country(name="Cyprus")
    gift = make.make_transfer(title="Display of Cyprus", recipient=cyprus)
    make.make_act(gift, kind="given", date="1973~")
    make.make_act(gift, kind="stolen", date="1974")
    make.make_act(gift, kind="recovered", date="")
    return mission


def drawn(params=None):
    return {(m.moment.name, m.moment.what) for m in TimelinePicture(params).marks}


def test_every_dated_fact_is_drawn(record):
    assert drawn() == {
        ("Luna 16", "Launch, mission succeeded"),
        ("Luna 16", "Soft landing"),
        ("Luna 28", "Launch planned"),
        ("Display of Cyprus", "Given"),
        ("Display of Cyprus", "Stolen"),
    }


def test_a_decade_draws_what_may_lie_in_it(record):
    assert drawn({"decade": "2030s"}) == {("Luna 28", "Launch planned")}
    assert len(drawn({"decade": "1970s"})) == 4
    assert drawn({"decade": "1980s"}) == set()


@pytest.mark.parametrize("query", [{}, {"decade": "1970s"}, {"by": "programme"}])
def test_picture_and_tables_of_the_page_hold_the_same_facts(client, record, query):
    response = client.get(reverse("timeline"), query)

    tables = {
        (
            strip_tags(row.get_cell("name")),
            strip_tags(row.get_cell("what")).strip(),
            strip_tags(row.get_cell("date")),
            row.get_cell("where"),
        )
        for heading, table in response.context["tables"]
        for row in table.rows
        if heading != "Without a date"
    }
    marks = response.context["picture"].marks
    moments = [mark.moment for mark in marks]
    assert {(m.name, m.what, m.date.in_words, m.where) for m in moments} == tables
    body = response.context["picture"].body()
    assert all(conditional_escape(m.in_words) in body for m in moments)


def test_what_has_no_date_is_listed_and_not_drawn(client, record):
    heading, table = client.get(reverse("timeline")).context["tables"][-1]

    assert heading == "Without a date"
    assert [row.record.what for row in table.rows] == ["Recovered"]


def test_lanes_are_countries_or_programmes(record):
    def lanes(params):
        return [lane.name for lane in TimelinePicture(params).drawn["lanes"]]

    assert lanes({"decade": "1970s"}) == ["Soviet Union", "Passed", "Lost and found"]
    assert lanes({"decade": "1970s", "by": "programme"})[0] == "Luna"
    assert lanes({"by": "programme"})[0] == "Other programmes"


def test_a_mark_is_a_link_whose_title_tells_everything(record):
    body = TimelinePicture({"decade": "1970s"}).body()

    assert f'href="{record.get_absolute_url()}"' in body
    assert "Luna 16: Soft landing, 20 September 1970, Mare Fecunditatis" in body
    assert "Cyprus: given</text>" in body


def test_uncertain_dates_are_spans(record):
    spans = {m.moment.what for m in TimelinePicture({"decade": "1970s"}).marks if m.is_span}

    assert spans == {"Given", "Stolen"}


@pytest.mark.parametrize("query", [{"decade": "1870s"}, {"decade": "\0"}, {"by": "colour"}])
def test_a_bad_value_is_told(client, record, query):
    response = client.get(reverse("timeline"), query)

    assert response.status_code == 400
    assert 'role="alert"' in response.content.decode()


def test_drafts_are_nowhere(client, record):
    secret = make.make_country(name="Zugzwang", state="draft")
    programme = make.make_programme(name="Zugzwang", state="draft")
    make.make_landing(make.make_mission(name="Zugzwang", state="draft"))
    make.make_mission(name="Luna 17", countries=[secret], programme=programme)
    make.make_act(make.make_transfer(title="Zugzwang", state="draft"))
    make.make_act(make.make_transfer(title="Gift", recipient=secret))

    for query in ({}, {"by": "programme"}, {"decade": "2020s"}, {"decade": "1970s"}):
        assert "Zugzwang" not in client.get(reverse("timeline"), query).content.decode()


def test_an_empty_record_has_a_page(client):
    assert client.get(reverse("timeline")).status_code == 200


@pytest.mark.parametrize(("most", "is_drawn"), [(6, True), (5, False)])
def test_more_than_can_be_drawn_are_told_and_not_read(client, record, monkeypatch, most, is_drawn):
    monkeypatch.setattr("diplomacy.timeline.MOST_DRAWN", most)

    response = client.get(reverse("timeline"), {"decade": "1970s"})

    html = response.content.decode()
    told = "The record has 6 launches, landings and acts: too many for one picture, or one page."
    assert (told in html) == (not is_drawn)
    assert ("Luna 16" in html) == is_drawn
    file = client.get("/pictures/timeline.svg").content.decode()
    assert ("6 launches, landings and acts: too many to draw." in file) == (not is_drawn)


def test_queries_do_not_grow_with_the_record(client, record, queries_of):
    few = queries_of(lambda: client.get(reverse("timeline")))
    for _ in range(3):
        make.make_landing(make.make_mission(countries=[make.make_country()]))
        make.make_act()

    assert queries_of(lambda: client.get(reverse("timeline"))) == few


def test_every_kind_has_a_shape_and_words():
    assert set(SHAPE_OF) == set(WORDS)
    assert set(SHAPE_OF.values()) <= set(SHAPES)
