from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunar.mass import mass_in_words

IN_GRAMS = {"kg": Decimal(1000), "g": Decimal(1), "mg": Decimal("0.001"), "µg": Decimal("1e-6")}


@pytest.mark.parametrize(
    ("grams", "words"),
    [
        ("382000.0000000", "382 kg"),
        ("21550", "21.55 kg"),
        ("10000", "10 kg"),
        ("9999.9999999", "9,999.9999999 g"),
        ("1731", "1,731 g"),
        ("1935.3000000", "1,935.3 g"),
        ("1", "1 g"),
        ("0.9999", "999.9 mg"),
        ("0.06", "60 mg"),
        ("0.0005", "0.5 mg"),
        ("0.0001", "0.1 mg"),
        ("0.0000999", "99.9 µg"),
        ("0.0000001", "0.1 µg"),
        ("0", "0 g"),
    ],
)
def test_the_unit_follows_the_size(grams, words):
    assert mass_in_words(Decimal(grams)) == words


@given(st.decimals("0.0000001", "9999999.9999999", places=7))
def test_no_digit_is_lost_or_added(grams):
    number, unit = mass_in_words(grams).split()

    assert Decimal(number.replace(",", "")) * IN_GRAMS[unit] == grams
