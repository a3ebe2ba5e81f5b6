"""The whole record held still while it is read or loaded, on a database with several writers.

On SQLite every transaction of ours is alone from its beginning (`transaction_mode` IMMEDIATE). On
PostgreSQL each statement of a transaction would see what others committed before it.
"""

import time
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

from lunar.canonical.models import LoadedRow
from lunar.canonical.shapes import shapes
from lunar.database import LOCK_TIMEOUT

LOCK_NOT_AVAILABLE = "55P03"  # in PostgreSQL's table of error codes
PAUSE = 0.05  # seconds


@contextmanager
def one_state():
    """A transaction for reading only, to which the record stays as it was at the beginning.

    Within another transaction it is as that one is.
    """
    begins = not connection.in_atomic_block
    with transaction.atomic():
        if begins and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def hold_off_writers():
    """Keep everybody else from writing to the record until the present transaction ends.

    Waits for those who are writing; readers are not held up. To be called before anything is
    read, so that all they wrote is seen. Raises OperationalError if it takes too long.
    """
    if connection.vendor != "postgresql":
        return
    names = ", ".join(connection.ops.quote_name(table) for table in _tables())
    # EXCLUSIVE stops writes and SELECT FOR UPDATE, which announces them. All of the tables or
    # none: who holds some while waiting for others may wait for somebody who waits for them.
    lock = f"LOCK TABLE {names} IN EXCLUSIVE MODE NOWAIT"
    begun = time.monotonic()
    while not _succeeds(lock, last=time.monotonic() - begun > LOCK_TIMEOUT):
        time.sleep(PAUSE)


def _tables():
    for model, shape in shapes().items():
        yield model._meta.db_table
        for field in shape.links:
            yield field.remote_field.through._meta.db_table
    yield LoadedRow._meta.db_table


def _succeeds(lock, *, last):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(lock)
    except OperationalError as error:
        if last or getattr(error.__cause__, "sqlstate", "") != LOCK_NOT_AVAILABLE:
            raise
        return False
    return True
