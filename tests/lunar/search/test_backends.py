"""How PostgreSQL goes about a search in an index that is long."""

import pytest
from django.db import connection

from lunar.search.backends import backend
from lunar.search.words import squeezed, terms
from tests import factories as make
from tests.databases import ON_POSTGRESQL

pytestmark = [pytest.mark.django_db, ON_POSTGRESQL]


def plan(sql, words):
    """Return how the database would do it, if reading its whole table cost it much."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}", [backend().tiers(terms(words), squeezed(words)).name])
        lines = [line for (line,) in cursor.fetchall()]
        cursor.execute("SET LOCAL enable_seqscan = on")  # what it says it costs takes long indeed
    return "\n".join(lines)


@pytest.mark.parametrize("question", ["lowest", "any_one"])
@pytest.mark.parametrize("words", ["Luna 16", "no such name"])
def test_whether_a_name_exists_is_seen_in_the_index_of_words(question, words):
    for number in range(30):
        make.make_mission(name=f"Luna {number}")

    assert "search_entry_words" in plan(getattr(backend(), question)(), words)
