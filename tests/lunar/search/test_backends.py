"""How PostgreSQL goes about a search in an index that is long."""

import pytest
from django.db import connection

from lunar.search.backends import backend
from lunar.search.backends.many import Many
from lunar.search.backends.tiers import ask
from lunar.search.documents import kinds
from lunar.search.engine import Query
from lunar.search.words import squeezed, terms
from tests import factories as make
from tests.databases import ON_POSTGRESQL

pytestmark = [pytest.mark.django_db, ON_POSTGRESQL]


def plan(sql, parameters):
    """Return how the database would do it, if reading its whole table cost it much."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}", parameters)
        lines = [line for (line,) in cursor.fetchall()]
        cursor.execute("SET LOCAL enable_seqscan = on")  # what it says it costs takes long indeed
    return "\n".join(lines)


@pytest.mark.parametrize("question", ["lowest", "any_one"])
@pytest.mark.parametrize("words", ["Luna 16", "no such name"])
def test_whether_a_name_exists_is_seen_in_the_index_of_words(question, words):
    for number in range(30):
        make.make_mission(name=f"Luna {number}")

    tier = backend().tiers(terms(words), squeezed(words)).name

    assert "search_entry_words" in plan(getattr(backend(), question)(), [tier])


def of_many(words):
    """Return how the first entries would be found, if more than a few of a kind fit."""
    query = Query.of(words)
    many = Many(query, limit=20, most=0)
    for place, tier in enumerate(backend().tiers(query.terms, query.whole)):
        many.add(place, tier, ["mission"], {"mission": 30})
    return plan(*many.select())


def test_where_many_fit_the_first_are_found_by_names_and_in_order():
    found = of_many("luna 1")

    assert "search_entry_names" in found
    assert "search_entry_native_names" in found
    assert "Seq Scan on search_entry" not in found


def test_of_many_names_that_begin_alike_the_first_are_found_in_order():
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX search_entry_names")  # which does as well for so few

    assert "search_entry_names_alike" in of_many("luna 1")


def test_that_many_fit_is_seen_in_a_sample_which_has_an_index(monkeypatch):
    for number in range(3):
        make.make_mission(name=f"Luna {number}")
    query, asked = Query.of("luna"), []
    tiers = backend().tiers(query.terms, query.whole)

    def watched(rows):
        asked.append(list(rows))
        return ask(asked[-1])

    monkeypatch.setattr("lunar.search.backends.postgresql.ask", watched)
    backend().sizes(query, tiers, "", most=2)

    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX search_entry_words")  # which does as well for so few entries
    found = plan(*asked[-1][0])

    assert "search_entry_words_sample" in found
    assert "Seq Scan on search_entry" not in found


def test_every_kind_has_an_index_of_its_own():
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'search_entry'")
        definitions = "\n".join(definition for (definition,) in cursor.fetchall())

    for kind in kinds():
        assert f"USING gin (words) WITH (fastupdate=off) WHERE ((kind)::text = '{kind}'::text)" in (
            definitions.replace("'off'", "off")
        )
