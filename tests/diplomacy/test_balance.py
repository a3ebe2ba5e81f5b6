"""What became of the material of one mission: nothing guessed, nothing counted twice."""

from decimal import Decimal

import pytest

from diplomacy.balance import SHARED, mass_balance, share_in_words
from tests import factories as make


@pytest.fixture
def luna_16(db):
    mission = make.make_mission(name="Luna 16", slug="luna-16")
    make.make_sample_return(mission, mass_g="101")
    return mission


def passed(mission, act="given", also=(), **fields):
    transfer = make.make_transfer(missions=[mission, *also], **fields)
    make.make_act(transfer, kind=act)
    return transfer


def entries(parts):
    return {entry.label: (len(entry.transfers), entry.mass_g) for entry in parts}


def test_documented_masses_are_subtracted_exactly(luna_16):
    passed(luna_16, mass_g="1.5", mass_certainty="about")
    passed(luna_16, mass_g="0.0600000")
    passed(luna_16, "lent", kind="loan", mass_g="2")
    passed(luna_16, "exchanged", kind="exchange", mass_g="3")
    passed(luna_16, "sold", kind="sale", mass_g="0.2")

    balance = mass_balance(luna_16)

    assert entries(balance.subtracted) == {
        "Given": (2, Decimal("1.56")),
        "Lent and still out": (1, 2),
        "Exchanged": (1, 3),
        "Sold": (1, Decimal("0.2")),
    }
    assert balance.remainder_g == Decimal("94.24")
    assert balance.is_about
    assert balance.unknown == []


def test_unknown_masses_are_named_and_never_guessed(luna_16):
    passed(luna_16, mass_g="1")
    unknown = passed(luna_16)
    planned = passed(luna_16, mass_g="50", mass_certainty="planned")

    balance = mass_balance(luna_16)

    assert balance.remainder_g == 100
    assert {*balance.unknown} == {unknown, planned}


def test_a_transfer_from_several_missions_is_subtracted_from_none(luna_16):
    luna_20 = make.make_mission(name="Luna 20")
    make.make_sample_return(luna_20, mass_g="55")
    shared = passed(luna_16, mass_g="2", also=[luna_20])

    for mission, mass in ((luna_16, 101), (luna_20, 55)):
        balance = mass_balance(mission)
        assert entries(balance.aside) == {SHARED: (1, 2)}
        assert balance.aside[0].transfers == [shared]
        assert balance.remainder_g == mass


@pytest.mark.parametrize(
    ("acts", "kind", "label"),
    [
        (["offered"], "gift", "Sought or offered, nothing passed"),
        (["requested", "refused"], "loan", "Sought or offered, nothing passed"),
        (["given", "never_delivered"], "gift", "Never delivered"),
        (["lent", "returned"], "loan", "Came back to the giver"),
        ([], "gift", "Recorded, but no dated act yet"),
    ],
)
def test_what_did_not_pass_or_came_back_is_set_aside(luna_16, acts, kind, label):
    transfer = make.make_transfer(missions=[luna_16], kind=kind, mass_g="5")
    for day, act in enumerate(acts, 1):
        make.make_act(transfer, kind=act, date=f"1975-01-{day:02}")

    balance = mass_balance(luna_16)

    assert entries(balance.aside) == {label: (1, 5)}
    assert balance.remainder_g == 101


def test_a_display_given_back_to_those_it_was_stolen_from_counts_as_given(luna_16):
    honduras = make.make_country()
    display = passed(luna_16, mass_g="1.142", recipient=honduras)
    make.make_act(display, kind="stolen", date="1990")
    make.make_act(display, kind="returned", date="2004", to_country=honduras)

    assert entries(mass_balance(luna_16).subtracted) == {"Given": (1, Decimal("1.142"))}


def test_what_is_lost_or_consumed_is_part_of_what_was_given(luna_16):
    lost = passed(luna_16, mass_g="1")
    make.make_act(lost, kind="stolen", date="1990")
    eaten = passed(luna_16, "lent", kind="loan", mass_g="2")
    make.make_act(eaten, kind="consumed", date="1990")
    nibbled = passed(luna_16, mass_g="4")
    make.make_act(nibbled, kind="consumed_in_part", date="1990")

    balance = mass_balance(luna_16)

    assert balance.lost.transfers == [lost]
    assert balance.consumed.transfers == [eaten]
    assert balance.consumed_in_part == [nibbled]
    assert balance.remainder_g == 94


def test_only_public_transfers_count(luna_16):
    make.make_act(make.make_transfer(missions=[luna_16], mass_g="5", state="draft"))

    assert mass_balance(luna_16).remainder_g == 101


def test_more_passed_on_than_returned_is_told(luna_16, client):
    passed(luna_16, mass_g="102")

    page = client.get(luna_16.get_absolute_url()).content.decode()

    assert "Documented beyond what was returned" in page
    assert "1 g" in page


def test_a_mission_without_samples_has_no_balance(db, client):
    mission = make.make_mission()

    assert mass_balance(mission) is None
    assert "Mass balance" not in client.get(mission.get_absolute_url()).content.decode()


def test_the_mission_page_shows_the_balance(luna_16, client):
    passed(luna_16, mass_g="0.001")
    unknown = passed(luna_16, title="Soil of unknown mass")

    page = client.get(luna_16.get_absolute_url()).content.decode()

    assert "Undocumented remainder" in page
    assert "100.999 g" in page
    assert "less than 0.01 %" in page
    assert f'<a href="{unknown.get_absolute_url()}">Soil of unknown mass</a>' in page


def test_queries_do_not_grow_with_the_transfers(luna_16, queries_of):
    passed(luna_16, also=[make.make_mission()])
    one = queries_of(lambda: mass_balance(luna_16))
    for _ in range(3):
        passed(luna_16, also=[make.make_mission()])

    assert queries_of(lambda: mass_balance(luna_16)) == one


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        ("0.05", "21550", "less than 0.01 %"),
        ("50", "100", "50 %"),
        ("100", "100", "100 %"),
        ("99.9999", "100", "more than 99.99 %"),
        ("0", "100", "0 %"),
        ("12.345", "100", "12.34 %"),
        ("1", None, ""),
    ],
)
def test_share_in_words(part, whole, words):
    assert share_in_words(Decimal(part), whole and Decimal(whole)) == words
