"""Every transfer stands in the flows once, in its year, and in the table beside."""

from itertools import pairwise

import pytest
from django.urls import reverse

from diplomacy.amounts import Amount
from diplomacy.models import Transfer
from diplomacy.pictures.flows import Flows
from diplomacy.pictures.marks import UNDATED
from tests import factories as make
from tests.html import Page

pytestmark = pytest.mark.django_db


def marks(picture):
    return [
        (lane["giver"], line, mark)
        for lane in picture.drawn["lanes"]
        for line in lane["lines"]
        for mark in line.marks
    ]


def mark(picture, label):
    return next(mark for _, line, mark in marks(picture) if line.label == label)


def test_every_transfer_is_counted_once(ledger):
    total = sum((mark.amount for _, _, mark in marks(Flows())), Amount())

    assert total == Amount.of(Transfer.objects.public())


def test_a_single_transfer_is_linked_and_several_lead_to_their_pair(ledger):
    picture = Flows()

    soviet = mark(picture, "Soviet Union")
    assert soviet.url == ledger.transfers.soviet.get_absolute_url()
    assert soviet.kind == "exchange"
    two = next(m for giver, line, m in marks(picture) if giver == ledger.china)
    assert (two.amount.passed, two.years) == (2, "2023")
    assert two.url == "/diplomacy/countries/CN/FR/"


def test_a_series_is_one_ribbon_with_its_undated_displays(ledger):
    ribbon = mark(Flows(), "Apollo 17 displays")

    assert ribbon.kind == "series"
    assert ribbon.amount.count == 3
    assert ribbon.years == "1973, 2 without a date"


def test_a_display_of_much_later_keeps_a_mark_of_its_own(ledger):
    series = ledger.transfers.stolen.series
    late = make.make_transfer(giver=ledger.us, recipient=ledger.china, series=series)
    make.make_act(late, kind="given", date="2022")

    found = [m for _, line, m in marks(Flows()) if line.is_series]

    assert {(m.kind, m.amount.count) for m in found} == {("series", 3), ("gift", 1)}


def test_an_open_date_and_none_are_drawn_as_such(ledger):
    make.make_act(
        make.make_transfer(giver=ledger.us, recipient=ledger.malta), kind="given", date=""
    )
    picture = Flows()

    loan = mark(picture, "France")
    assert loan.before
    assert loan.years == "in or before 1994"
    assert mark(picture, "Malta").x == UNDATED


def test_marks_of_a_line_do_not_touch(ledger):
    for year in range(1970, 1990):
        for kind in ("gift", "loan"):
            made = make.make_transfer(giver=ledger.us, recipient=ledger.malta, kind=kind)
            make.make_act(made, kind="given", date=str(year))

    line = next(line for _, line, _ in marks(Flows()) if line.label == "Malta")

    rows = {}
    for drawn in line.marks:
        assert line.y <= drawn.y <= line.bottom
        rows.setdefault(drawn.y, []).append((drawn.start, drawn.end))
    for spans in rows.values():
        spans.sort()
        assert all(one[1] <= other[0] for one, other in pairwise(spans))


def test_its_table_says_what_the_picture_says(client, ledger):
    page = Page(client.get(reverse("diplomacy:home")))
    section = next(e for e in page.all("section") if e.get("aria-labelledby") == "flows-heading")
    rows = [
        [" ".join(" ".join(cell.itertext()).split()) for cell in tr if cell.tag in ("th", "td")]
        for tr in section.iter("tr")
    ][1:]

    assert rows == [
        [line.label, giver.name, mark.years, mark.label, mark.amount.in_words]
        for giver, line, mark in marks(Flows())
    ]
    assert "Secret" not in page.html


@pytest.mark.parametrize(("spare", "is_drawn"), [(0, True), (-1, False)])
def test_more_than_can_be_drawn_are_told(client, ledger, monkeypatch, spare, is_drawn):
    most = len(Flows().ledger.groups) + spare
    monkeypatch.setattr("diplomacy.pictures.flows.MOST_DRAWN", most)
    told = f"{Transfer.objects.public().count()} transfers: too many to draw."

    html = client.get("/diplomacy/").content.decode()

    assert (told in html) == (not is_drawn)
    assert ("The years as a table" in html) == is_drawn
    assert (told in client.get("/pictures/flows.svg").content.decode()) == (not is_drawn)
    assert bool(Flows().drawn["lanes"]) == is_drawn


def test_marks_of_one_year_come_in_the_order_of_their_addresses():
    giver, recipient = make.make_country(), make.make_country()
    for slug, kind in (("b", "gift"), ("c", "loan"), ("a", "sale")):
        transfer = make.make_transfer(slug=slug, kind=kind, giver=giver, recipient=recipient)
        make.make_act(transfer, date="2023")

    kinds = [mark.kind for _, _, mark in marks(Flows())]
    assert kinds == ["sale", "gift", "loan"]
