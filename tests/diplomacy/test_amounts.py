"""How much is in several transfers, with what nobody knows named."""

from decimal import Decimal

import pytest
from django.urls import reverse

from diplomacy.amounts import Amount
from diplomacy.pages import PairPage
from tests import factories as make

pytestmark = pytest.mark.django_db


def passed(**fields):
    transfer = make.make_transfer(**fields)
    make.make_act(transfer, kind="given", date="1999")
    transfer.refresh_from_db()
    return transfer


def test_unknown_masses_are_counted_beside_the_sum():
    amount = Amount.of([passed(mass_g="1.5"), passed(mass_g="0.5"), passed()])

    assert (amount.passed, amount.grams, amount.unknown) == (3, Decimal(2), 1)
    assert amount.in_words == "3 transfers, 2 g + 1 of unknown mass"


def test_rough_masses_make_a_rough_sum():
    amount = Amount.of([passed(mass_g="1.2345", mass_certainty="about"), passed(mass_g="2")])

    assert amount.mass == "about 3.23 g"


def test_a_mass_asked_for_is_no_mass_that_passed():
    assert Amount.of([passed(mass_g="5", mass_certainty="planned")]).mass == "mass unknown"


def test_what_was_sought_or_not_researched_has_no_mass():
    sought = make.make_transfer(mass_g="5")
    make.make_act(sought, kind="requested")
    sought.refresh_from_db()

    assert Amount.of([sought, make.make_transfer()]).in_words == "1 only sought, 1 not researched"
    assert Amount().in_words == ""


def test_a_pair_adds_up_each_direction_and_tells_what_was_answered(client):
    one, other = make.make_country(code="AA"), make.make_country(code="BB")
    first = passed(giver=one, recipient=other, mass_g="1.5", mass_certainty="about")
    answer = passed(giver=other, recipient=one, mass_g="2", reciprocates=first)
    sought = make.make_transfer(giver=other, recipient=one, kind="loan")
    make.make_act(sought, kind="requested", date="2001")
    alone = passed(giver=one, recipient=other)

    page = PairPage(one, other)
    html = client.get(reverse("diplomacy:pair", args=["AA", "BB"])).content.decode()

    words = [amount.in_words for _, amount in page.directions]
    assert words == [
        "2 transfers, about 1.5 g + 1 of unknown mass",
        "1 transfer, 2 g; 1 only sought",
    ]
    matched, *others = page.rows
    assert (matched.from_one, matched.from_other) == ([first], [answer])
    assert {row.is_open for row in others if alone in row.from_one} == {True}
    assert {row.is_open for row in others if sought in row.from_other} == {False}
    assert html.count("Nothing in return in the record") == 1
    assert "about 1.5 g" in html
