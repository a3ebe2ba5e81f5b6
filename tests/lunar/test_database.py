"""Where the record is kept: what DATABASE_URL may say, and which PostgreSQL database will do."""

import os

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection, connections

from lunar.database import postgresql, sorts_by_character
from tests.databases import ON_POSTGRESQL


def place(url):
    found = postgresql(url)
    return tuple(found[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME"))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgres://moon:dust@db.org:5433/record", ("moon", "dust", "db.org", "5433", "record")),
        ("postgresql://moon@db.org/record", ("moon", "", "db.org", "", "record")),
        ("postgres://m:a%40b%2Fc%3A@[::1]:65535/r%20x", ("m", "a@b/c:", "::1", "65535", "r x")),
        ("postgres://moon@/record?host=/run/pg", ("moon", "", "/run/pg", "", "record")),
        ("postgres://%2Frun%2Fpg/record", ("", "", "/run/pg", "", "record")),
        ("postgres://a,b:5433/record", ("", "", "a,b", ",5433", "record")),
        ("postgres:///record", ("", "", "", "", "record")),
    ],
)
def test_an_address_names_user_server_and_database(url, expected):
    assert place(url) == expected


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("record.sqlite3", "does not begin with postgres://"),
        ("sqlite:///record.sqlite3", "does not begin with postgres://"),
        ("postgres:/moon@host/record", "does not begin with postgres://"),
        ("postgres://", "names no database"),
        ("postgres://moon:secret@host:5432/", "names no database"),
        ("postgres://moon:secret@host:x/record", "port is not a number"),
        ("postgres://moon:secret@host:0/record", "port is not a number"),
        ("postgres://moon:secret@host:65536/record", "port is not a number"),
        ("postgres://moon:secret@host:²/record", "port is not a number"),
        ("postgres://moon:secret/5@host/record", "port is not a number"),
        ("postgres://moon:sec@ret@host/record", "more than one @"),
        ("postgres://moon:secret%zz@host/record", "PostgreSQL cannot read it"),
        ("postgres://moon:secret@[::1/record", "PostgreSQL cannot read it"),
        ("postgres://moon:secret@host/record?colour=secret", "PostgreSQL cannot read it"),
    ],
)
def test_a_wrong_address_is_refused_with_its_form_but_not_its_password(url, reason):
    with pytest.raises(ImproperlyConfigured) as refused:
        postgresql(url)

    assert reason in str(refused.value)
    assert "postgres://user:password@host:5432/name" in str(refused.value)
    assert "secret" not in str(refused.value)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


def test_an_address_may_ask_for_more_of_the_server():
    options = postgresql(
        "postgres://host/record?sslmode=require&connect_timeout=9"
        "&options=-c%20statement_timeout%3D2min"
    )["OPTIONS"]

    assert options["sslmode"] == "require"
    assert options["connect_timeout"] == "9"
    assert options["options"].startswith("-c lock_timeout=20s -c statement_timeout=30s ")
    assert options["options"].endswith(" -c statement_timeout=2min")


@ON_POSTGRESQL
@pytest.mark.django_db
def test_no_statement_and_no_lock_is_waited_for_without_end():
    with connection.cursor() as cursor:
        shown = {
            name: cursor.execute(f"SHOW {name}").fetchone()[0]
            for name in ("lock_timeout", "statement_timeout", "jit")
        }

    assert shown == {"lock_timeout": "20s", "statement_timeout": "30s", "jit": "off"}


@pytest.fixture
def other(django_db_blocker):
    """Make the connection lead to a database created with a clause; returns the function."""
    made = connection.settings_dict["NAME"]
    name = f"{made}_sorted"
    url = os.environ["DATABASE_URL"]

    def create(clause):
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f'CREATE DATABASE "{name}" TEMPLATE template0 {clause}')
        connection.close()
        connection.settings_dict["NAME"] = name

    with django_db_blocker.unblock():
        yield create
        connection.close()
    connection.settings_dict["NAME"] = made
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}"')


@ON_POSTGRESQL
@pytest.mark.parametrize(
    "clause",
    [
        "ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en' LOCALE 'C'",
        "ENCODING 'SQL_ASCII' LOCALE 'C'",
        "ENCODING 'LATIN1' LOCALE 'C'",
    ],
)
def test_no_tables_are_made_where_text_is_sorted_or_stored_another_way(other, clause):
    other(clause)

    with pytest.raises(SystemCheckError, match=r"--locale=C\.UTF-8"):
        call_command("migrate", skip_checks=False)

    assert connection.introspection.table_names() == []


@ON_POSTGRESQL
@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_a_database_that_sorts_by_character_will_do(other, locale):
    other(f"ENCODING 'UTF8' LOCALE '{locale}'")

    assert sorts_by_character(None, connections) == []
