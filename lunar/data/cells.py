"""What may stand in a cell of a table: the one rule for the editors' files and the public ones.

A text that begins with = + - @ or a control sign, which a spreadsheet would run as a formula, gets
an apostrophe before it, as one would type it in Excel, and so does a text that has such
apostrophes already. Hence an import can take off exactly what an export has put there. Numbers
stay as they are.
"""

import re

CELL_LENGTH = 32_767  # characters; Excel cuts what is longer

# What no page can show and no XLSX file can hold.
UNSHOWABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

_RISKY = re.compile("'*[=+\\-@\t\r\n]")
_SUSPECT = ("'", "=", "+", "-", "@")


def harmless(text):
    """Return `text` as no spreadsheet runs it, and without what no cell can hold."""
    # Nearly every text is one line of signs that can be shown, and needs no closer look.
    if text.isprintable() and not text.startswith(_SUSPECT):
        return text
    return neutralise(showable(text))


def neutralise(text):
    """Return `text` as no spreadsheet runs it."""
    return f"'{text}" if _RISKY.match(text) else text


def restore(text):
    """Return what `neutralise` was given."""
    return text[1:] if text.startswith("'") and _RISKY.match(text) else text


def showable(text):
    """Return `text` with plain line ends and without what no cell can hold."""
    return UNSHOWABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
