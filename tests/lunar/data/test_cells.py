"""Texts in cells of tables: harmless, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunar.data.cells import harmless, neutralise, restore, showable


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\nx", "'=1", "''=1", "'''@"])
def test_formulas_are_made_harmless_and_come_back(text):
    assert neutralise(text) == f"'{text}"
    assert restore(neutralise(text)) == text


@pytest.mark.parametrize("text", ["", "'", "'s", "x=1", "''", "' =1", "1-1"])
def test_other_texts_stay_as_they_are(text):
    assert neutralise(text) == restore(text) == text


def test_line_ends_are_plain_and_what_no_cell_holds_is_gone():
    assert showable("a\r\nb\rc\x07\x85\ud800") == "a\nb\nc"


@given(text=st.text(st.sampled_from("'=+-@\t\n\r\x07 aé\u2028\ud800月"), max_size=4))
def test_a_quick_look_at_a_text_finds_all_that_a_close_one_does(text):
    assert harmless(text) == neutralise(showable(text))
