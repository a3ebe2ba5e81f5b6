"""Texts and queries cut into words: the same words, however a name is written."""

import pytest

from lunar.search.words import (
    LONGEST_WORD,
    Term,
    Word,
    placed_words,
    plain,
    spellings,
    squeezed,
    terms,
    vocabulary,
    words,
)


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Chang’e-5", ["change", "5"]),
        ("CE5", ["ce", "5"]),
        ("2020-087A", ["2020", "087", "a"]),
        ("嫦娥五号", ["嫦娥", "娥五", "五号", "号"]),
        ("嫦娥5号", ["嫦娥", "娥", "5", "号"]),
        ("창어 5호", ["창어", "어", "5", "호"]),
        ("Луна-16", ["луна", "16"]),
        ("Tromsø, Łódź", ["tromso", "lodz"]),
        ("चंद्रयान-3", ["चंदरयान", "3"]),
        ("", []),
        ("— “…” \\ %", []),
    ],
)
def test_a_text_is_cut_into_words(text, cut):
    assert words(text) == cut


def test_a_word_without_end_is_cut():
    assert words("a" * 500) == ["a" * LONGEST_WORD]
    assert len(squeezed("a b " * 500)) == LONGEST_WORD


def test_a_name_with_an_apostrophe_is_written_in_two_ways():
    assert spellings("Chang'e 5") == ["change 5", "chang e 5"]
    assert spellings("Luna 16") == ["luna 16"]
    assert spellings("'") == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("lun", [Term(("lun",), is_prefix=True)]),
        ("luna 16", [Term(("luna",)), Term(("16",), is_prefix=True)]),
        ("luna16", [Term(("luna", "16"), is_prefix=True)]),
        ("luna l", [Term(("luna",)), Term(("l",))]),
        ("嫦娥五号", [Term(("嫦娥", "娥五", "五号"), is_prefix=True)]),
        ("嫦", [Term(("嫦",), is_prefix=True)]),
        ("CE嫦娥5", [Term(("ce",)), Term(("嫦娥",)), Term(("5",), is_prefix=True)]),
        ('" OR NEAR(a)', [Term(("or",)), Term(("near",)), Term(("a",))]),
    ],
)
def test_a_query_becomes_terms_of_which_the_last_may_be_unfinished(typed, found):
    assert terms(typed) == found


def test_words_of_names_stay_whole_for_spelling():
    assert vocabulary("嫦娥五号, Chang'e 5 and Chang'e 6") == [
        "嫦娥五号",
        "change",
        "5",
        "and",
        "6",
    ]


def test_words_have_their_places_in_the_text_as_it_is_printed():
    text = "Die Straße: Chang’e-5, 嫦娥"

    placed = placed_words(text)

    assert [word.text for word in placed] == words(text)
    assert [text[word.start : word.end] for word in placed] == [
        "Die",
        "Straße",
        "Chang’e",
        "5",
        "嫦娥",
        "娥",
    ]
    assert placed[1] == Word("strasse", 4, 10)


@pytest.mark.parametrize(
    "text", ["ﬁrst Ångström", "e\u0301cole", "½ g", "a\u00adb", "창어", "ß" * 3]
)
def test_words_with_places_are_those_of_the_index(text):
    assert [word.text for word in placed_words(text)] == words(text)


def test_plain_text_has_no_stroke():
    assert plain("Øresund") == "oresund"
