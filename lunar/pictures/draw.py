"""Draw an SVG from standard input as PNG: a program of its own, started by `lunar.pictures.files`.

The renderer holds Python's interpreter lock for as long as it draws, which may be seconds; in a
process of its own it stops nobody's page, and it can be stopped.
"""

import sys
from pathlib import Path

import resvg_py

FONT_DIR = Path(__file__).with_name("fonts")


def font_files():
    """Return the paths of the fonts that ship with the project, as text."""
    return sorted(str(path) for path in FONT_DIR.glob("*.ttf"))


def main(scale):
    drawn = resvg_py.svg_to_bytes(
        svg_string=sys.stdin.buffer.read().decode(),
        zoom=float(scale),
        font_files=font_files(),
        font_family="Source Sans 3",
        sans_serif_family="Source Sans 3",
        serif_family="Source Serif 4",
        monospace_family="DejaVu Sans",
    )
    sys.stdout.buffer.write(drawn)


if __name__ == "__main__":
    main(*sys.argv[1:])
