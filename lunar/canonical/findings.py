"""The form in which checks of the record say what they found."""

from typing import NamedTuple


class Finding(NamedTuple):
    """One thing that is wrong: with which record, in which field ("" for all of it), and what."""

    record: str
    field: str
    message: str

    def __str__(self):
        return ": ".join(filter(None, self))


def finding(row, field, message):
    """Return a Finding about a row of any canonical model, named as loads name it."""
    key = "/".join(map(str, row.natural_key()))
    return Finding(f"{row._meta.label_lower}:{key}", field, message)
