"""How each database is asked: the same terms, as an FTS5 expression or as a tsquery.

No word of a reader is ever read as syntax: words hold only letters and digits, and each is quoted.
"""

from django.db import connection

from lunar.search.backends.postgresql import PostgreSQL
from lunar.search.backends.sqlite import Sqlite
from lunar.search.backends.tiers import ANYWHERE, ask

__all__ = ["ANYWHERE", "ask", "backend"]


def backend():
    """Return the backend of the default database."""
    return PostgreSQL() if connection.vendor == "postgresql" else Sqlite()
