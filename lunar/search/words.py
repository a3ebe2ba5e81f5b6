"""Texts cut into the words that they are found by, alike for what is stored and what is asked.

Words are folded (`lunar.text.fold`) and parted where letters meet digits: “CE5” and “CE-5” are the
same two words. Scripts that put no spaces between words are cut into overlapping pairs of
characters, so that any part of a name finds it.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from lunar.text import APOSTROPHES, fold

MOST_WORDS = 32  # of one query
LONGEST_WORD = 80  # letters of a word that count
PREFIX_FROM = 2  # letters from which on an unfinished last word is completed

# Letters that Unicode does not take apart into a plain one and a sign.
PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ŧ": "t", "æ": "ae", "œ": "oe"}
)

# Thai, Lao, Burmese, Khmer; Korean; Japanese syllables; Chinese characters.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
    "\u1100-\u11ff\uac00-\ud7af"
    "\u3005-\u3007\u3040-\u312f\u31a0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_RUN = re.compile(rf"(?P<digits>\d+)|(?P<unspaced>[{_UNSPACED}]+)|[^\s\d{_UNSPACED}]+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, and where in the text it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must follow one another; the last may be unfinished."""

    words: tuple[str, ...]
    is_prefix: bool = False


def plain(text):
    """Return `text` folded, with letters such as ø and ł made plain as well."""
    return fold(text).translate(PLAIN)


def squeezed(text):
    """Return the plain letters and digits of `text` without any space: “CE-5” as “ce5”."""
    return plain(text).replace(" ", "")[:LONGEST_WORD]


def words(text):
    """Return the words of a text for the index, in their order."""
    return [word for run in _RUN.finditer(plain(text)) for word in _cut(run)]


def spellings(name):
    """Return the plain forms of a name: “Chang'e 5” as “change 5”, and as “chang e 5”."""
    parted = name.translate(dict.fromkeys(APOSTROPHES, " "))
    return list(dict.fromkeys(form for form in (plain(name), plain(parted)) if form))


def vocabulary(text):
    """Return the words of a text as people would write them, each once; names in Chinese whole."""
    return list(dict.fromkeys(run[0][:LONGEST_WORD] for run in _RUN.finditer(plain(text))))


def terms(query):
    """Return the Terms of what somebody typed; every one of them has to be found.

    What was typed in one piece, such as “CE5” or “嫦娥五号”, has to be found in one piece.
    """
    found = []
    for piece in plain(query).split():
        row = []
        for run in _RUN.finditer(piece):
            if run.lastgroup == "unspaced":
                if row:
                    found.append(Term(tuple(row)))
                    row = []
                pairs = _cut(run)
                # The last of a longer text stands alone in the index; here it may be followed.
                found.append(Term(tuple(pairs[:-1] or pairs), is_prefix=len(pairs) == 1))
            else:
                row += _cut(run)
        if row:
            found.append(Term(tuple(row)))
    if found and not found[-1].is_prefix:
        last = found[-1].words[-1]
        if len(last) >= PREFIX_FROM or last.isdigit():
            found[-1] = Term(found[-1].words, is_prefix=True)
    return found


def plain_characters(text):
    """Return the characters of a text, folded one by one."""
    return text.translate(_PLAIN_CHARACTERS)


@cache
def _folded_length(character):
    return len(plain_characters(character))


def placed_words(text, is_wanted=lambda word: True):
    """Return the Words of a text with their places, or of them those that are wanted.

    Characters are folded one by one.
    """
    placed = []
    for run in _RUN.finditer(plain_characters(text)):
        if run.lastgroup != "unspaced":
            if is_wanted(word := run[0][:LONGEST_WORD]):  # an overlong word ends where the run does
                placed.append((word, *run.span()))
            continue
        for start, word in enumerate(_cut(run), run.start()):
            if is_wanted(word):
                placed.append((word, start, start + len(word)))
    if not placed:
        return []
    ends = list(accumulate(map(_folded_length, text)))  # of each character among the folded ones
    return [
        Word(word, bisect_right(ends, start), bisect_right(ends, end - 1) + 1)
        for word, start, end in placed
    ]


def _cut(run):
    text = run[0]
    if run.lastgroup == "unspaced":
        return [text[place : place + 2] for place in range(len(text))]
    return [text[:LONGEST_WORD]]


class _PlainCharacters(dict):
    """What str.translate makes of characters, by their numbers; looked up once for each."""

    def __missing__(self, number):
        # Between two letters what only joins them (apostrophe, accent) vanishes, the rest is a
        # space.
        self[number] = plain(f"a{chr(number)}a")[1:-1]
        return self[number]


_PLAIN_CHARACTERS = _PlainCharacters()
