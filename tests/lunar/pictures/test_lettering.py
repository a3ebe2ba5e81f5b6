import resvg_py
from hypothesis import given
from hypothesis import strategies as st

from lunar.pictures import draw, lettering

WORDS = st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=120)


@given(WORDS, st.integers(60, 400))
def test_lines_fit_and_lose_nothing(text, room):
    lines = lettering.lines(text, 20, room)

    assert all(lettering.width(line, 20) <= room for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(WORDS, st.integers(60, 400))
def test_no_more_lines_than_asked_for(text, room):
    lines = lettering.lines(text, 20, room, most=2)

    assert len(lines) <= 2
    assert all(lettering.width(line, 20) <= room for line in lines)


def test_what_is_left_out_is_marked():
    assert lettering.lines("one two three four", 20, 90, most=1) == ["one two…"]


def test_chinese_breaks_anywhere():
    assert lettering.lines("嫦娥五号", 20, 45) == ["嫦娥", "五号"]


def test_widths_are_those_that_are_drawn():
    """Ink of a drawn line ends within the width told, and not far from it."""
    text, size = "Luna 24 brought back 170.1 g", 40
    told = lettering.width(text, size)
    for at, is_inked in ((told - 12, True), (told + 4, False)):
        assert _has_ink(text, size, at) is is_inked


def _has_ink(text, size, start):
    """Return whether anything of a line is drawn to the right of `start`."""

    def drawn(words):
        return resvg_py.svg_to_bytes(
            svg_string='<svg xmlns="http://www.w3.org/2000/svg" width="200" height="60">'
            f'<text x="{-start}" y="45" font-size="{size}" font-family="&apos;Source Sans 3&apos;">'
            f"{words}</text></svg>",
            font_files=draw.font_files(),
            sans_serif_family="Source Sans 3",
        )

    return drawn(text) != drawn("")
