"""How PostgreSQL goes about a search in an index that is long."""

import pytest
from django.db import connection

from lunar.search.backends import backend
from lunar.search.backends.many import Many
from lunar.search.backends.tiers import ask
from lunar.search.documents import kinds
from lunar.search.engine import Query
from lunar.search.models import Entry
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


@pytest.fixture
def plans(monkeypatch):
    """How the database would do what it is asked for while the test runs."""
    found = []

    def watched(selects):
        selects = list(selects)
        found.extend(plan(*select) for select in selects)
        return ask(selects)

    for module in ("many", "postgresql"):
        monkeypatch.setattr(f"lunar.search.backends.{module}.ask", watched)
    return found


@pytest.fixture
def long_index():
    """Four thousand entries of other missions, of which the planner knows."""
    make.make_mission(name="Zond")
    columns = [field.column for field in Entry._meta.fields if not field.primary_key]
    copied = ", ".join("record_id + n" if name == "record_id" else name for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO search_entry (id, {', '.join(columns)}) "  # noqa: S608
            f"SELECT id + n, {copied} FROM search_entry, generate_series(1, 4000) AS n"
        )


def find(words):
    """Look for the first missions of thirty."""
    for number in range(30):
        make.make_mission(name=f"Luna {number}", native_name=f"Луна {number}")
    query = Query.of(words)
    tiers = backend().tiers(query.terms, query.whole)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_entry")
    return backend().first(query, list(tiers), "mission", 20, None)


def test_where_many_fit_the_first_are_found_by_names_and_in_order(long_index, plans, monkeypatch):
    monkeypatch.setattr(Many, "SORTED", 0)

    assert find("luna 1")

    assert "search_entry_names" in "\n".join(plans)
    assert "search_entry_native_names" in "\n".join(plans)
    assert not [one for one in plans if "Seq Scan on search_entry" in one]


def test_of_many_names_that_begin_alike_the_first_are_found_in_order(
    long_index, plans, monkeypatch
):
    monkeypatch.setattr(Many, "SORTED", 5)
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX search_entry_names")  # which does as well for thirty names

    assert find("luna")

    assert [one for one in plans if "search_entry_names_alike" in one and "left" in one.lower()]


def test_that_many_fit_is_seen_in_a_sample_which_has_an_index(plans):
    for number in range(3):
        make.make_mission(pk=8 * 512 + number, name=f"Luna {number}")
    query = Query.of("luna")
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX search_entry_words")  # which does as well for so few entries

    assert backend().sizes(query, backend().tiers(query.terms, query.whole), "", most=2)

    assert [one for one in plans if "search_entry_words_sample" in one]
    assert not [one for one in plans if "Seq Scan on search_entry" in one]


def test_every_kind_has_an_index_of_its_own():
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'search_entry'")
        definitions = "\n".join(definition for (definition,) in cursor.fetchall())

    for kind in kinds():
        assert f"USING gin (words) WITH (fastupdate=off) WHERE ((kind)::text = '{kind}'::text)" in (
            definitions.replace("'off'", "off")
        )
