"""Words marked in texts: what is shown of a text, and that nothing in it becomes markup."""

import pytest

from lunar.search.snippets import LONGEST, Marker
from lunar.search.words import terms


def marker(words):
    return Marker(terms(words))


@pytest.mark.parametrize(
    ("words", "text", "marked"),
    [
        ("change 5", "Chang’e-5", "<mark>Chang’e</mark>-<mark>5</mark>"),
        ("rumker", "Mons Rümker", "Mons <mark>Rümker</mark>"),
        ("e\u0301cole", "L’école", "L’école"),
        ("lecole", "L’école", "<mark>L’école</mark>"),
        ("strasse", "Die Straße", "Die <mark>Straße</mark>"),
        ("嫦娥五号", "任务嫦娥五号样品", "任务<mark>嫦娥五号</mark>样品"),
        ("창어", "창어 5호", "<mark>창어</mark> 5호"),
        ("ce5", "CE5 and CE-5", "<mark>CE5</mark> and <mark>CE</mark>-<mark>5</mark>"),
        ("soi", "soil, soiled, topsoil", "<mark>soil</mark>, <mark>soiled</mark>, topsoil"),
        ("luna soil", "lunar soils", "lunar <mark>soils</mark>"),
        (
            "b",
            "<b>b & 'c'</b>",
            "&lt;<mark>b</mark>&gt;<mark>b</mark> &amp; &#x27;c&#x27;&lt;/<mark>b</mark>&gt;",
        ),
        ("mark", "</mark><script>", "&lt;/<mark>mark</mark>&gt;&lt;script&gt;"),
        ("amp", "a & b", "a &amp; b"),
        ("moon", "", ""),
    ],
)
def test_words_are_marked_and_the_rest_is_escaped(words, text, marked):
    assert marker(words).marked(text) == marked


def test_the_text_with_most_of_the_words_is_shown():
    texts = ["A moon.", "Soil of the moon.", "Soil of the moon, too."]

    assert marker("moon soil").excerpt(texts) == "<mark>Soil</mark> of the <mark>moon</mark>."


def test_without_any_word_the_first_text_is_shown():
    assert marker("zond").excerpt(["First & best.", "Second."]) == "First &amp; best."
    assert marker("zond").excerpt([]) == ""


@pytest.mark.parametrize("before", [0, 5, 50, 500, 5000])
@pytest.mark.parametrize("after", [0, 5, 50, 500])
def test_of_a_long_text_the_part_around_the_word_is_shown(before, after):
    text = "word " * before + "selenographia" + " word" * after

    shown = marker("selenographia").excerpt([text])
    plain = shown.replace("<mark>", "").replace("</mark>", "")

    assert "<mark>selenographia</mark>" in shown
    assert len(plain) <= LONGEST + 2
    assert plain.startswith("…") == (not text.startswith(plain[:20]))
    assert plain.endswith("…") == (not text.endswith(plain[-20:]))
    assert set(plain.strip("…").split()) <= {"word", "selenographia"}


def test_a_text_without_any_space_is_cut_all_the_same():
    shown = marker("月球").excerpt(["样" * 600 + "月球" + "样" * 600])

    assert "<mark>月球</mark>" in shown
    assert len(shown) <= LONGEST + 2 + len("<mark></mark>")
