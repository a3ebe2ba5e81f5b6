"""The order in which entries that fit equally well are shown."""

import pytest

from lunar.search.documents import kinds
from lunar.search.numbers import number_of, numbers_of_kind


def test_numbers_put_short_names_first_and_then_by_their_number():
    mission = kinds()["mission"]
    names = ["Luna 2", "Luna 9", "Luna 16", "Luna 24", "Apollo 11", "A longer name"]

    numbers = [number_of(mission, name, 5) for name in names]

    assert numbers == sorted(numbers)
    low, high = numbers_of_kind("mission")
    assert all(low <= number <= high for number in numbers)
    assert high < number_of(kinds()["source"], "A", 1) < 2**63


@pytest.mark.parametrize("name", ["", "9" * 300, "x" * 3000, "嫦娥" * 200])
def test_any_name_has_a_number_of_its_kind(name):
    low, high = numbers_of_kind("source")

    assert low <= number_of(kinds()["source"], name, 2**40) <= high
