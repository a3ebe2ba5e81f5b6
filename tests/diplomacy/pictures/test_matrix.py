"""The matrix of givers and recipients adds up, and says what nobody knows."""

import pytest
from django.urls import reverse

from diplomacy.amounts import Amount
from diplomacy.models import Transfer
from diplomacy.pictures.matrix import TOP, TransfersMatrix
from tests import factories as make
from tests.html import Page

pytestmark = pytest.mark.django_db


def row(picture, label):
    return next(row for row in picture.drawn["rows"] if row.label == label)


def test_a_cell_counts_transfers_and_names_unknown_masses(ledger):
    cells = {cell.giver.code: cell for cell in row(TransfersMatrix(), "France").cells}

    assert cells["CN"].amount.in_words == "2 transfers, 1.5 g + 1 of unknown mass"
    assert cells["US"].amount.in_words == "1 transfer, mass unknown; 1 not researched"
    assert cells["CN"].url == "/diplomacy/countries/CN/FR/"


def test_what_was_only_sought_is_no_transfer(ledger):
    assert row(TransfersMatrix(), "China").total.in_words == "1 only sought"


def test_us_states_share_a_row(ledger):
    states = row(TransfersMatrix(), "1 US state")

    assert states.url == "/diplomacy/displays/?kind=us_state"
    assert states.total.passed == 1


def test_it_adds_up_to_the_ledger(ledger):
    for _ in range(TOP):
        make.make_act(make.make_transfer(giver=ledger.us, mass_g="0.5"), kind="given")
    every, top = TransfersMatrix({"matrix": "all"}).drawn, TransfersMatrix().drawn

    public = Amount.of(Transfer.objects.public())
    for drawn in (every, top):
        assert sum((row.total for row in drawn["rows"]), Amount()) == drawn["total"] == public
    assert len(top["rows"]) == TOP + 1
    assert len(every["rows"]) == TOP + 5
    assert every["recipient_count"] == top["recipient_count"] == TOP + 5


def test_its_table_says_what_the_picture_says(client, ledger):
    page = Page(client.get(reverse("diplomacy:home")))
    table = next(e for e in page.all("table") if "matrix" in e.get("class", ""))
    said = " ".join(" ".join(table.itertext()).split())
    picture = TransfersMatrix()
    drawn = picture.body()

    for entry in picture.drawn["rows"]:
        assert entry.label in said
        assert entry.label in drawn
        for cell in entry.cells:
            if cell.amount.passed:
                assert cell.amount.mass in said
                assert cell.amount.in_words in drawn
    assert "Secret" not in drawn + page.html


def test_a_bad_parameter_is_told(client, ledger):
    response = client.get(reverse("diplomacy:home"), {"matrix": "most"})

    assert response.status_code == 400
    assert "most is not one of the available choices" in response.content.decode()


def test_nothing_is_drawn_of_nothing():
    assert TransfersMatrix().drawn["rows"] == []
    assert TransfersMatrix().body()
