import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunar.text import MAX_QUERY_LENGTH, clean_text, fold


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("  Chang'e 5\n", "Chang'e 5"),
        ("a\x00b\x1fc\x7fd\x85e", "abcde"),
        ("half a pair: \ud83c", "half a pair:"),
        ("none of it\ufffe\ufdd0\U0010ffff is a character", "none of it is a character"),
        ("e\u0301tude", "étude"),
        ("嫦娥\t五号", "嫦娥\t五号"),
        ("🌕", "🌕"),
    ],
)
def test_clean_text_keeps_what_a_page_can_show(typed, cleaned):
    assert clean_text(typed) == cleaned


@pytest.mark.parametrize("length", [MAX_QUERY_LENGTH - 1, MAX_QUERY_LENGTH, MAX_QUERY_LENGTH + 1])
def test_clean_text_is_cut_at_the_limit(length):
    assert len(clean_text("x" * length)) == min(length, MAX_QUERY_LENGTH)


def test_clean_text_puts_only_so_many_accents_in_order(monkeypatch):
    # Python takes seconds for 100,000 of them, and ever longer by the square of their number.
    lengths = []
    monkeypatch.setattr(
        unicodedata, "normalize", lambda form, text: lengths.append(len(text)) or text
    )

    clean_text("\u0301" * 50_000 + "\u0327" * 50_000)

    assert max(lengths) <= 10 * MAX_QUERY_LENGTH


@given(st.text())
def test_clean_text_is_safe_to_store_and_clean_for_good(text):
    cleaned = clean_text(text)

    cleaned.encode()
    assert unicodedata.is_normalized("NFC", cleaned)
    assert clean_text(cleaned) == cleaned


@pytest.mark.parametrize(
    "spelling",
    [
        "Chang'e 5",
        "CHANG’E-5",
        "chang‘e_5",
        "Change 5",
        "  Change\u00a05!  ",
        "Cha\u00adnge\u200d 5",
        "Ｃｈａｎｇ＇ｅ ５",
    ],
)
def test_fold_makes_all_spellings_of_a_name_one(spelling):
    assert fold(spelling) == "change 5"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Músée d’Élysée", "musee delysee"),
        ("Hawaiʻi", "hawaii"),
        ("嫦娥五号", "嫦娥五号"),
        ("달 토양", "달 토양"),
        ("Луна-16", "луна 16"),
        ("Straße", "strasse"),
        ("Apollo 11™", "apollo 11tm"),
        ("चंद्रयान-3", "चंदरयान 3"),
        ("3.5 g", "3 5 g"),
        ("…!?", ""),
    ],
)
def test_fold_keeps_letters_and_numbers_of_every_script(text, folded):
    assert fold(text) == folded


@given(st.text())
def test_fold_is_the_same_for_all_cases_and_done_once(text):
    folded = fold(text)

    assert fold(folded) == folded
    assert folded == folded.casefold()
    assert not set(folded) & set("'%_\\*\"")


@given(st.text(st.characters(codec="ascii")))
def test_fold_is_the_same_beside_letters_that_are_not_ascii(text):
    assert fold(f"{text} é") == f"{fold(text)} e".strip()
