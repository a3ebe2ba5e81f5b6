"""The two databases that the site runs on, as Django's settings take them.

Both sort text by the numbers of its characters (“Z” before “a”): SQLite always does, a PostgreSQL
database does if it was created so, which `sorts_by_character` checks before every migration. Lists
then read the same on both, and no update of a system's locales can break an index.
"""

import re

from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connections

KEPT_OPEN = 600  # seconds

# Both let writers queue instead of failing, for this many seconds.
LOCK_TIMEOUT = 20
STATEMENT_TIMEOUT = 30  # waiting for a lock counts, so it has to be the longer one
CONNECT_TIMEOUT = 5
CONNECT_TIMEOUT_REPLICA = 2  # there is another one to ask

PORT = re.compile("[1-9][0-9]{0,4}")

FORM = (
    "{} cannot be used: {}. It has the form postgres://user:password@host:5432/name; "
    "write special characters of the password as %40 (for @) and so on. The directory of a socket "
    "goes to the end: postgres://user@/name?host=/run/postgresql."
)


def sqlite(path):
    """Return the settings of a SQLite file, whose commits survive a power cut.

    Readers never wait, and writers never fail with “database is locked” while they queue.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": KEPT_OPEN,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": LOCK_TIMEOUT,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-20000; "
                "PRAGMA mmap_size=134217728; PRAGMA temp_store=MEMORY;"
            ),
        },
    }


def postgresql(url, name="DATABASE_URL"):
    """Return the settings of the PostgreSQL database that `url`, the variable `name`, leads to.

    What follows a “?” are parameters of libpq, such as sslmode; `options` among them come after
    those of this module and so override them. Raises ImproperlyConfigured, without a word
    of the address, since it may hold a password.
    """
    # Not needed on SQLite, and slow to import.
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    if not url.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured(FORM.format(name, "it does not begin with postgres://"))
    if url.split("/")[2].count("@") > 1:  # libpq would end the password at the first
        raise ImproperlyConfigured(FORM.format(name, "it has more than one @"))
    try:
        given = conninfo_to_dict(url)
    except ProgrammingError:
        raise ImproperlyConfigured(FORM.format(name, "PostgreSQL cannot read it")) from None
    if not given.get("dbname"):
        raise ImproperlyConfigured(FORM.format(name, "it names no database"))
    ports = given.get("port", "").split(",")  # one for each host
    if any(port and not (PORT.fullmatch(port) and int(port) < 65536) for port in ports):
        raise ImproperlyConfigured(FORM.format(name, "its port is not a number up to 65535"))
    ours = (
        f"-c lock_timeout={LOCK_TIMEOUT}s -c statement_timeout={STATEMENT_TIMEOUT}s "
        "-c jit=off "  # compiling a query takes longer than any of ours
        "-c join_collapse_limit=4 "  # nor do orders of more tables repay looking through them all
        f"{given.pop('options', '')}"
    )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": given.pop("dbname"),
        "USER": given.pop("user", ""),
        "PASSWORD": given.pop("password", ""),
        "HOST": given.pop("host", ""),
        "PORT": given.pop("port", ""),
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": KEPT_OPEN,
        "CONN_HEALTH_CHECKS": True,  # after a restart of the server, a new connection
        "OPTIONS": {"connect_timeout": CONNECT_TIMEOUT} | given | {"options": ours.strip()},
    }


def replica(url):
    """Return the settings of a read replica of the database; see lunar.operations.replica."""
    settings = postgresql(url, "DATABASE_REPLICA_URL")
    settings["OPTIONS"]["connect_timeout"] = CONNECT_TIMEOUT_REPLICA
    return settings | {"TEST": {"MIRROR": "default"}}


def gather_statistics():
    """Tell the planner of PostgreSQL what the tables hold by now, what is not committed included.

    It counts for itself, but only after the end of a transaction that wrote much, and may have
    learnt the tables to be empty; until then it joins thousands of rows as it would a few. SQLite
    plans without.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        names = ", ".join(map(connection.ops.quote_name, tables))
        cursor.execute(f"ANALYZE {names}")  # autovacuum, which may be about to, gives way


# The order of any language differs from this one in several places.
BY_CHARACTER = ["10", "9", "B", "a", "a b", "a-c", "ab", "b", "É", "é", "中", "🌕"]


def sorts_by_character(app_configs, databases, **kwargs):
    """A check for PostgreSQL databases that sort as a language does, or cannot hold every text."""
    return [
        checks.Error(
            "This database sorts or stores text in a way of its own.",
            hint="Create it so: createdb --template=template0 --encoding=UTF8 --locale=C.UTF-8 …",
            id="lunar.E001",
        )
        for alias in databases or ()
        if connections[alias].vendor == "postgresql" and not _is_sound(connections[alias])
    ]


def _is_sound(connection):
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        if cursor.fetchone() != ("UTF8",):
            return False
        cursor.execute(
            "SELECT text FROM unnest(%s::text[]) AS text ORDER BY text", [BY_CHARACTER[::-1]]
        )
        return [text for (text,) in cursor.fetchall()] == BY_CHARACTER
