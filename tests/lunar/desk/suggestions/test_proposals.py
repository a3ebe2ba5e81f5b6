"""How what readers write is read: whatever else they write waits for the editor as it is."""

from decimal import Decimal

import pytest

from lunar.desk.suggestions.proposals import proposed_columns
from lunar.desk.suggestions.values import Value
from tests.factories import (
    make_act,
    make_country,
    make_event,
    make_landing,
    make_mission,
    make_mission_type,
    make_organization,
    make_sample_return,
    make_transfer,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("1978-05-22", "1978-05-22"),
        ("22 May 1978", "1978-05-22"),
        ("May 1978", "1978-05"),
        ("about 1970", "1970~"),
        ("05/06/1978", "05/06/1978"),
        ("when I was young", "when I was young"),
    ],
)
def test_dates(text, date):
    assert proposed_columns(Value(make_mission(), "launch"), text) == {"launch": date}


@pytest.mark.parametrize(
    ("text", "grams"),
    [
        ("1731", "1731"),
        ("1,731 g", "1731"),
        ("1.731 kg", "1731"),
        ("60 mg", "0.06"),
        ("2 grams", "2"),
        ("170.1g", "170.1"),
    ],
)
def test_masses_are_grams(text, grams):
    value = Value(make_sample_return(), "mass_g")

    assert proposed_columns(value, text) == {"mass_g": Decimal(grams)}


@pytest.mark.parametrize(
    "text", ["", "a lot", "1.2.3", "-5 g", "5 stone", "٣ g", "1e9", "9" * 5000]
)
def test_what_is_no_mass_is_left_to_the_editor(text):
    found = proposed_columns(Value(make_sample_return(), "mass_g"), text)

    assert not found or found["mass_g"] == Decimal(text)


def test_mass_of_a_transfer_that_had_none_becomes_certain():
    assert proposed_columns(Value(make_transfer(), "mass_g"), "1 g") == {
        "mass_g": 1,
        "mass_certainty": "exact",
    }


@pytest.mark.parametrize(
    ("text", "latitude", "longitude"),
    [
        ("43.0576° N, 51.9161° W", "43.0576", "-51.9161"),
        ("-45.5, 177.6", "-45.5", "177.6"),
        ("45.5 S 177.6 E", "-45.5", "177.6"),
        ("latitude −45.5, longitude 177.6", "-45.5", "177.6"),
    ],
)
def test_positions(text, latitude, longitude):
    assert proposed_columns(Value(make_landing(), "position"), text) == {
        "latitude": Decimal(latitude),
        "longitude": Decimal(longitude),
    }


@pytest.mark.parametrize("text", ["", "near the pole", "43", "1, 2, 3"])
def test_what_is_no_position_is_left_to_the_editor(text):
    assert proposed_columns(Value(make_landing(), "position"), text) == {}


def test_choices_and_yes_or_no():
    assert proposed_columns(Value(make_mission(), "outcome"), "partial FAILURE") == {
        "outcome": "partial_failure"
    }
    assert proposed_columns(Value(make_event(), "is_first"), "yes") == {"is_first": True}
    assert proposed_columns(Value(make_event(), "is_first"), "no") == {"is_first": False}
    assert proposed_columns(Value(make_mission(), "outcome"), "so so") == {}


def test_relations_are_found_by_their_only_name():
    china, types = (
        make_country(name="China"),
        [make_mission_type(name=n) for n in ("Flyby", "Orbit")],
    )
    make_country(name="Twin"), make_country(name="Twin")
    mission, transfer = make_mission(), make_transfer()

    assert proposed_columns(Value(mission, "countries"), "china") == {"countries": [china.pk]}
    assert proposed_columns(Value(mission, "types"), "flyby; Orbit") == {
        "types": [kind.pk for kind in types]
    }
    assert proposed_columns(Value(transfer, "giver"), "China") == {"giver": china.pk}
    for text in ("Twin", "Nowhere", "China, Nowhere"):
        assert proposed_columns(Value(mission, "countries"), text) == {}


def test_party_is_found_whatever_it_is():
    body, land = make_organization(name="Museum"), make_country(name="Gondor")
    value = Value(make_act(), "to_party")

    assert proposed_columns(value, "museum")["to_organization"] == body.pk
    assert proposed_columns(value, "Gondor") == {
        "to_organization": None,
        "to_person": None,
        "to_country": land.pk,
    }
    assert proposed_columns(value, "Mordor") == {}


def test_code_takes_the_place_of_the_reason_for_none():
    assert proposed_columns(Value(make_mission(), "cospar_id"), "1970-072A") == {
        "cospar_id": "1970-072A",
        "no_cospar_reason": "",
    }


@pytest.mark.parametrize("field", ["", "side"])
def test_what_no_column_holds_is_done_by_hand(field):
    assert proposed_columns(Value(make_landing(), field), "Far side") == {}
