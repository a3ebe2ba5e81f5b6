"""The words of a query marked in a text: everything is escaped, and only our marks are markup."""

from functools import cache

from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

from lunar.search.words import placed_words, plain_characters

LONGEST = 240  # characters of a text that are shown
BEFORE = 80  # of them, how many before the first marked word


class Marker:
    """Marks the words of Terms in texts."""

    def __init__(self, terms):
        self.wanted = {word for term in terms for word in term.words}
        self.begun = [term.words[-1] for term in terms if term.is_prefix]
        self.places = cache(self._places)  # a text is asked for its words, then marked
        self.fitting = cache(self._fitting)

    def _fitting(self, word):
        """Return those of the words looked for that a word is, or begins with."""
        return {word} & self.wanted or {one for one in self.begun if word.startswith(one)}

    def _places(self, text):
        """Return [(start, end)] of what is marked, without overlaps, and which words it is."""
        spans, found = [], set()
        letters = plain_characters(text)
        if not any(word in letters for word in self.wanted):  # nor does any word begin so
            return spans, found
        for word in placed_words(text, self.fitting):
            found |= self.fitting(word.text)
            if spans and word.start <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(word.end, spans[-1][1]))
            else:
                spans.append((word.start, word.end))
        return spans, found

    def marked(self, text):
        """Return the whole text as safe HTML."""
        return self._html(text, self.places(text)[0], 0, len(text))

    def holds(self, text):
        """Return whether any of the words is in the text."""
        return bool(self.places(text)[0])

    def holds_all(self, *texts):
        """Return whether all of the words are in the texts, taken together."""
        return set().union(*(self.places(text)[1] for text in texts)) == self.wanted

    def excerpt(self, texts):
        """Return the part of the texts that has most of the words as safe HTML.

        Without any of the words it is the beginning of the first text.
        """
        best, most = ([], texts[0] if texts else ""), 0
        for text in texts:
            if most == len(self.wanted):
                break
            spans, found = self.places(text)
            if len(found) > most:
                best, most = (spans, text), len(found)
        spans, text = best
        start, end = _window(text, spans[0][0] if spans else 0)
        return self._html(text, spans, start, end)

    def _html(self, text, spans, start, end):
        parts, at = ["…" if start else ""], start
        for left, right in spans:
            if start <= left and right <= end:
                parts += [
                    conditional_escape(str(text[at:left])),
                    "<mark>",
                    conditional_escape(str(text[left:right])),
                    "</mark>",
                ]
                at = right
        parts += [conditional_escape(str(text[at:end])), "…" if end < len(text) else ""]
        return mark_safe("".join(parts))  # noqa: S308  every text was escaped above


def _window(text, first):
    """Return (start, end) of what is shown of a text: around its first mark, cut between words."""
    if len(text) <= LONGEST:
        return 0, len(text)
    start = max(0, min(first - BEFORE, len(text) - LONGEST))
    end = start + LONGEST
    if start:
        space = text.find(" ", start, first)
        start = space + 1 if space >= 0 else start
    if end < len(text):
        space = text.rfind(" ", first, end)
        end = space if space > first + BEFORE // 2 else end
    return start, end
