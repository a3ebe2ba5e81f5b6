"""Widths of text in the fonts that ship with the project, and lines that fit.

The fonts are read by the PNG renderer; no page loads them. Their licences lie beside them. Widths
come from the fonts' own tables (OpenType 1.9: `head`, `hhea`, `hmtx`, `cmap` formats 4 and 12).
"""

import struct
import unicodedata
from functools import cache

from lunar.pictures.draw import FONT_DIR

SANS, SANS_BOLD = "SourceSans3-Regular", "SourceSans3-SemiBold"
SERIF, SERIF_BOLD = "SourceSerif4-Regular", "SourceSerif4-SemiBold"
SYMBOLS = "DejaVuSans"  # what the others lack: arrows, checks, half circles
ELLIPSIS = "…"


def width(text, size, font=SANS):
    """Return how wide `text` is, in units of `size`, without kerning."""
    return sum(_advance(character, font) for character in text) * size


def has(character):
    """Return whether a font of the project has the character."""
    return any(ord(character) in _metrics(font)[1] for font in (SANS, SERIF, SYMBOLS))


def lines(text, size, room, font=SANS, most=None):
    """Return `text` as lines at most `room` wide; beyond `most` lines it ends with an ellipsis.

    Words too long for a line are divided; Chinese and the like may break anywhere.
    """
    found, line = [], ""
    for piece in _pieces(text):
        if not line or width(f"{line}{piece}".rstrip(), size, font) <= room:
            line += piece
        else:
            found.append(line.rstrip())
            line = piece.lstrip()
        while width(line.rstrip(), size, font) > room:
            head = _longest_start(line, size, room, font)
            found.append(head)
            line = line[len(head) :]
    found = [part for part in [*found, line.rstrip()] if part]
    if most is None or len(found) <= most:
        return found
    return [*found[: most - 1], _shortened(found[most - 1], size, room, font)]


def _shortened(line, size, room, font):
    line = f"{line} "
    while line and width(line.rstrip(" ,;:.–") + ELLIPSIS, size, font) > room:
        line = line.rstrip().rpartition(" ")[0] or line[:-1]
    return line.rstrip(" ,;:.–") + ELLIPSIS


def _longest_start(line, size, room, font):
    end = 1
    while end < len(line) and width(line[: end + 1], size, font) <= room:
        end += 1
    return line[:end]


def _pieces(text):
    """Yield words with the space after them, and wide characters each on their own."""
    piece = ""
    for character in " ".join(text.split()):
        if _is_wide(character):
            if piece:
                yield piece
            piece = character
        else:
            piece += character
            if character not in " /":
                continue
        yield piece
        piece = ""
    if piece:
        yield piece


def _is_wide(character):
    return unicodedata.east_asian_width(character) in "WF"


@cache
def _advance(character, font):
    """Return the advance of one character in em; one em where no font of ours has it."""
    if unicodedata.combining(character):
        return 0.0
    for name in (font, SYMBOLS):
        advances, glyphs = _metrics(name)
        if ord(character) in glyphs:
            return advances[min(glyphs[ord(character)], len(advances) - 1)]
    return 1.0


@cache
def _metrics(font):
    """Return ([advance of each glyph in em], {code point: glyph}) of a font file."""
    data = (FONT_DIR / f"{font}.ttf").read_bytes()
    (count,) = struct.unpack_from(">H", data, 4)
    records = (struct.unpack_from(">4sLLL", data, 12 + 16 * i) for i in range(count))
    tables = {tag: offset for tag, _, offset, _ in records}
    (per_em,) = struct.unpack_from(">H", data, tables[b"head"] + 18)
    (metrics,) = struct.unpack_from(">H", data, tables[b"hhea"] + 34)
    advances = struct.unpack_from(f">{2 * metrics}H", data, tables[b"hmtx"])[::2]
    return [advance / per_em for advance in advances], _glyphs(data, tables[b"cmap"])


def _glyphs(data, cmap):
    (count,) = struct.unpack_from(">H", data, cmap + 2)
    encodings = [struct.unpack_from(">HHL", data, cmap + 4 + 8 * i) for i in range(count)]
    found = {}
    for platform, _, offset in encodings:
        start = cmap + offset
        (form,) = struct.unpack_from(">H", data, start)
        if platform in (0, 3) and form == 4:
            found |= _format_4(data, start)
        elif platform in (0, 3) and form == 12:
            (groups,) = struct.unpack_from(">L", data, start + 12)
            for i in range(groups):
                first, last, glyph = struct.unpack_from(">LLL", data, start + 16 + 12 * i)
                found |= {code: glyph + code - first for code in range(first, last + 1)}
    return found


def _format_4(data, start):
    (double,) = struct.unpack_from(">H", data, start + 6)
    segments, found = double // 2, {}
    ends, starts, deltas, offsets = (
        struct.unpack_from(f">{segments}H", data, start + at)
        for at in (14, 16 + double, 16 + 2 * double, 16 + 3 * double)
    )
    for i, (first, last) in enumerate(zip(starts, ends, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            if offsets[i] == 0:
                glyph = (code + deltas[i]) & 0xFFFF
            else:
                at = start + 16 + 3 * double + 2 * i + offsets[i] + 2 * (code - first)
                (glyph,) = struct.unpack_from(">H", data, at)
                glyph = (glyph + deltas[i]) & 0xFFFF if glyph else 0
            if glyph:
                found[code] = glyph
    return found
