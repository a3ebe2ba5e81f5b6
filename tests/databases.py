"""Marks of tests that hold for one of the two databases only."""

import pytest
from django.db import connection

ON_SQLITE = pytest.mark.skipif(connection.vendor != "sqlite", reason="the tests run on PostgreSQL")
ON_POSTGRESQL = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="the tests do not run on PostgreSQL (DATABASE_URL)"
)
