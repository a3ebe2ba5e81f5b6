"""Masses of lunar material in words. Stored in grams (Decimal), shown in mg, g or kg by size."""

from decimal import Decimal

KILOGRAMS_FROM = Decimal(10_000)


def mass_in_words(grams):
    """Return an exact mass for people: 0.06 → "60 mg", 1731 → "1,731 g", 21550 → "21.55 kg".

    Every digit is kept. Below a tenth of a milligram the unit is the microgram; below 10 kg grams
    are kept because sources state sample masses in grams.
    """
    if grams >= KILOGRAMS_FROM:
        return f"{_plain(grams / 1000)} kg"
    if grams >= 1 or not grams:
        return f"{_plain(grams)} g"
    if grams >= Decimal("0.0001"):
        return f"{_plain(grams * 1000)} mg"
    return f"{_plain(grams * 1_000_000)} µg"


def _plain(number):
    return f"{Decimal(number).normalize():,f}"
