"""The map of the world tells of each country what the acts of its transfers tell."""

import itertools
from math import hypot

import pytest
from django.urls import reverse

from diplomacy.pictures.world import GAP, LOOKS, World, shapes, spread
from tests import factories as make
from tests.html import Page

pytestmark = pytest.mark.django_db


def place(code, picture=None):
    return next(p for p in (picture or World()).drawn["rows"] if p.country.code == code)


def test_a_country_shows_what_it_holds(ledger):
    france = place("FR")

    assert france.look == "held"
    assert france.in_words == (
        "France: holds 2; on loan there 1; whereabouts not known or not researched 1"
    )
    assert place("MT").look == "gone"
    assert place("CN").look == "sought"


def test_us_states_and_former_states_are_shown_under_others(ledger):
    assert place("US").states == 1
    assert place("US").counts["held"] == 1
    assert place("RU").counts["held"] == 1
    assert place("RU").including == "Soviet Union (1)"


def test_a_former_state_with_several_successors_is_named_beside_the_map(ledger):
    heirs = [make.make_country(code=code) for code in ("CZ", "SK")]
    former = make.make_country(
        code="CSHH", name="Czechoslovakia", kind="former_state", valid_to="1992", successors=heirs
    )
    make.make_act(make.make_transfer(giver=ledger.us, recipient=former), kind="given")

    drawn = World().drawn

    assert [p.in_words for p in drawn["elsewhere"]] == ["Czechoslovakia: holds 1"]
    assert any("Not on the map: Czechoslovakia" in note["text"] for note in drawn["notes"])


def test_one_piece_held_and_another_gone_is_neither(ledger):
    make.make_act(make.make_transfer(giver=ledger.us, recipient=ledger.malta), kind="given")

    assert place("MT").look == "partly"


def test_who_brought_material_back_is_told_apart(ledger):
    make.make_sample_return(make.make_mission(countries=[ledger.china]))

    assert place("CN").look == "own"


def test_a_loan_sent_back_is_held_no_more(ledger):
    make.make_act(ledger.transfers.loan, kind="returned", date="1995")

    assert place("FR").counts["loan"] == 0
    assert place("FR").counts["past"] == 1


def test_its_table_and_its_titles_say_the_same(client, ledger):
    picture = World()
    page = Page(client.get(reverse("diplomacy:home")))
    section = next(e for e in page.all("section") if e.get("aria-labelledby") == "world-heading")
    rows = {
        cells[0].find("a").get("href"): ["".join(cell.itertext()).strip() for cell in cells[1:]]
        for cells in ([c for c in tr if c.tag in ("th", "td")] for tr in section.iter("tr"))
        if cells[0].find("a") is not None
    }
    body = picture.body()

    assert rows == {
        p.country.get_absolute_url(): [p.look_label, *(str(n) if n else "" for _, n in p.cells)]
        for p in picture.drawn["rows"]
    }
    for shown in picture.drawn["rows"]:
        assert f"<title>{shown.in_words}</title>" in body
        assert f'href="{shown.country.get_absolute_url()}"' in body
    assert "Secret" not in body


def test_the_legend_counts_every_country_once(ledger):
    drawn = World().drawn
    counted = [entry["label"] for entry in drawn["legend"]]

    labels = dict(LOOKS)
    for look in {p.look for p in drawn["rows"]}:
        n = sum(p.look == look for p in drawn["rows"])
        assert f"{labels[look]} ({n})" in counted


def test_dots_are_moved_apart_the_same_way_each_time(ledger):
    for code in ("MC", "SM", "VA", "LI", "AD", "LU", "BB", "GD", "LC", "VC"):
        country = make.make_country(code=code)
        make.make_act(make.make_transfer(giver=ledger.us, recipient=country), kind="given")

    dots, again = World().drawn["dots"], World().drawn["dots"]

    assert [(d.x, d.y) for d in dots] == [(d.x, d.y) for d in again]
    for one, other in itertools.combinations(dots, 2):
        assert hypot(one.x - other.x, one.y - other.y) > GAP - 1.5
    spread([])


def test_every_present_country_of_iso_3166_has_a_place():
    world = shapes()

    assert set(world["disputed"]) <= set(world["shapes"])
    assert {"US", "RU", "CN", "FR", "UA", "TW", "PS"} <= set(world["shapes"])
    assert {"MT", "MC", "VA", "SG", "HK", "MO", "TV", "NR", "GU", "PR"} <= set(world["dots"])
    assert set(world["numeric"].values()) >= {*world["dots"]}


def test_queries_do_not_grow_with_the_record(client, ledger, queries_of):
    def visit():
        assert client.get(reverse("diplomacy:home")).status_code == 200

    visit()
    few = queries_of(visit)
    for _ in range(5):
        make.make_act(make.make_transfer(), kind="given", date="1999")

    assert queries_of(visit) == few <= 17
