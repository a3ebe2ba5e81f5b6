"""Text as people type it, brought to one form for storing and for finding."""

import re
import unicodedata

# In Chang’e, Hawaiʻi, Ch‘ang-o: printed in every font differently, and left out as often.
APOSTROPHES = dict.fromkeys(map(ord, "'’‘‛ʼʻʹ`´′＇"))
_APOSTROPHE = re.compile(f"[{''.join(map(chr, APOSTROPHES))}]")
_BETWEEN_WORDS = re.compile("[^a-z0-9]+")  # in ASCII
MAX_QUERY_LENGTH = 200


def clean_text(value, *, max_length=MAX_QUERY_LENGTH):
    """Return `value` safe to search for: NFC, only characters that a page can show, capped.

    Every text parameter of a request passes through here; PostgreSQL refuses NUL, neither
    database can store a lone surrogate, and HTML knows no noncharacters.
    """
    # Cut first: putting very many combining characters in order takes time by their square.
    kept = "".join(c for c in value[: 10 * max_length] if _can_be_shown(c))
    return unicodedata.normalize("NFC", kept)[:max_length].strip()


def _can_be_shown(character):
    number = ord(character)
    is_noncharacter = number & 0xFFFE == 0xFFFE or 0xFDD0 <= number <= 0xFDEF
    unprintable = unicodedata.category(character) in {"Cc", "Cs"} and character not in "\t\n"
    return not (is_noncharacter or unprintable)


def fold(text):
    """Return `text` as it is searched: no case, accent, apostrophe or punctuation.

    "Chang’e-5", "chang'e 5" and "CHANGE 5" become the same, and what cannot be seen (soft hyphens,
    joiners) is gone. Chinese, Hindi and other letters stay as they are.
    """
    text = _APOSTROPHE.sub("", text)
    if text.isascii():  # as nearly every text is: no need to look at one letter after another
        return _BETWEEN_WORDS.sub(" ", text.lower()).strip()
    text = unicodedata.normalize("NFKD", text).casefold()
    letters = [
        c
        for c in unicodedata.normalize("NFKD", text).translate(APOSTROPHES)
        if not unicodedata.combining(c) and unicodedata.category(c) != "Cf"
    ]
    composed = unicodedata.normalize("NFC", "".join(letters))
    return " ".join("".join(c if _is_of_a_word(c) else " " for c in composed).split())


def _is_of_a_word(character):
    # Python's own isalnum() takes the vowel signs of Hindi and Thai for punctuation.
    return character.isalnum() or unicodedata.category(character).startswith("M")
