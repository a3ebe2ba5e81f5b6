"""Several database connections at once, for tests of what happens while others write."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

from django.db import connection, transaction

from tests.databases import ON_POSTGRESQL

# The tests' SQLite lives in memory, where a second connection cannot write at the same time.
several_writers = ON_POSTGRESQL
SOON = 20  # seconds, longer than anything here takes


@contextmanager
def in_background():
    """Yield a function that runs another in a thread with a connection of its own.

    It returns a Future; all have ended when the block does.
    """

    def run(function, *arguments):
        try:
            return function(*arguments)
        finally:
            connection.close()

    with ThreadPoolExecutor() as pool:
        yield lambda function, *arguments: pool.submit(run, function, *arguments)


class Unfinished:
    """A transaction in the background that has done its work and waits to be committed."""

    def __init__(self, start, work):
        self._done, self._go_on = Event(), Event()
        self._future = start(self._run, work)
        assert self._done.wait(SOON)

    def _run(self, work):
        with transaction.atomic():
            try:
                work()
            finally:
                self._done.set()
            assert self._go_on.wait(SOON)

    def commit(self):
        self._go_on.set()
        self._future.result(SOON)


def waits(future):
    """Whether the database makes a background function wait for another's lock, as it ends up."""
    while not future.done():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return True
    return False
