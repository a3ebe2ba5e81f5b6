"""An installation of its own for tests that start the site in other processes."""

import os
import re
from contextlib import contextmanager, nullcontext
from uuid import uuid4

import psycopg

SERVER = os.environ.get("DATABASE_URL", "")


@contextmanager
def installation(data, server=SERVER):
    """Yield the environment for processes that keep everything in `data` and an empty database.

    That is a new one of the PostgreSQL `server`, dropped at the end, or else SQLite in `data`.
    """
    with _database(server) if server else nullcontext("") as url:
        yield os.environ | {
            "LUNAR_ENV": "local",
            "LUNAR_DATA_DIR": str(data),
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "lunar.settings",
        }


@contextmanager
def _database(server):
    """Yield the address of a new database."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            yield re.sub(r"(//[^/]*/)[^?]*", rf"\1{name}", server, count=1)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
