"""The column that full-text search reads: FTS5 through triggers, or a tsvector."""

import json
from collections import defaultdict
from dataclasses import dataclass

from django.db import models

# In a tsvector, what kind of word it is: a whole name, another whole name, a word of a name.
WHOLE, OTHER, NAME = "=", "~", "@"
MOST_INDEXED = 12_000  # words of one record; PostgreSQL numbers no more than 16,383


@dataclass(frozen=True)
class IndexedWords:
    """The words of an entry: whole names squeezed to one word each, and words in their order."""

    whole: tuple[str, ...]
    others: tuple[str, ...]
    names: tuple[str, ...]
    texts: tuple[str, ...]

    def __post_init__(self):
        object.__setattr__(self, "names", self.names[:MOST_INDEXED])
        object.__setattr__(self, "texts", self.texts[: MOST_INDEXED - len(self.names)])

    def as_columns(self):
        """Return the four columns of the FTS5 table as a JSON object."""
        return json.dumps(
            {
                "whole": " ".join(self.whole),
                "others": " ".join(self.others),
                "names": " ".join(self.names),
                "texts": " ".join(self.texts),
            },
            ensure_ascii=False,
        )

    def as_tsvector(self):
        """Return a tsvector in words; texts start after a gap, so that no phrase spans both."""
        places = defaultdict(list)
        for number, word in enumerate(self.names, start=1):
            places[word].append(number)
            places[NAME + word].append(number)
        for number, word in enumerate(self.texts, start=len(self.names) + 2):
            places[word].append(number)
        alone = [*(WHOLE + name for name in self.whole), *(OTHER + name for name in self.others)]
        return " ".join(
            [f"'{word}'" for word in dict.fromkeys(alone)]
            + [f"'{word}':{','.join(map(str, numbers))}" for word, numbers in places.items()]
        )


class IndexedWordsField(models.Field):
    """Written as IndexedWords and never read back: only the database searches in it."""

    def db_type(self, connection):
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def get_placeholder(self, value, compiler, connection):
        return "%s::tsvector" if connection.vendor == "postgresql" else "%s"

    def get_db_prep_value(self, value, connection, prepared=False):
        if connection.vendor == "postgresql":
            return value.as_tsvector()
        return value.as_columns()
