"""The numbers of entries, which put them in the order in which equally good ones are shown."""

import re

from lunar.search.documents import kinds
from lunar.search.words import plain

# An entry's number, from the highest bits: kind, length of the name, first number, record.
KIND_SHIFT, LENGTH_SHIFT, NUMBER_SHIFT = 57, 49, 35
EVERY_NUMBER = (0, 2**63 - 1)


def number_of(kind, name, record_id):
    """Return the number of an entry: by kind, then short names first, then by number in the name.

    So “Luna 2” comes before “Luna 9” and “Luna 16”.
    """
    letters = plain(name)
    first = re.search(r"\d{1,9}", letters)
    longest, highest = 2 ** (KIND_SHIFT - LENGTH_SHIFT) - 1, 2 ** (LENGTH_SHIFT - NUMBER_SHIFT) - 1
    return (
        position_of_kind(kind.name) << KIND_SHIFT
        | min(len(letters), longest) << LENGTH_SHIFT
        | min(int(first[0]) if first else 0, highest) << NUMBER_SHIFT
        | record_id % 2**NUMBER_SHIFT
    )


def numbers_of_kind(kind_name):
    """Return the lowest and the highest number that an entry of a kind may have."""
    position = position_of_kind(kind_name)
    return position << KIND_SHIFT, (position + 1 << KIND_SHIFT) - 1


def position_of_kind(kind_name):
    """Return the place of a kind among all, from 1."""
    return list(kinds()).index(kind_name) + 1
