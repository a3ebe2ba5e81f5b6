import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from xdist.scheduler import LoadScopeScheduling

from lunar.canonical.loader import load
from tests.factories import make_user

# Each on one worker, which makes once what its tests share: made-up records, a demo in a browser,
# a small world, the whole record, two servers, a site on each database, the site in production.
ON_ONE_WORKER = (
    "tests/benchmarks/test_filling.py",
    "tests/benchmarks/test_pages.py",
    "tests/browser/",
    "tests/deploy/test_proxy.py",
    "tests/deploy/test_serve.py",
    "tests/test_pages.py",
    "tests/test_founding_facts.py",
    "tests/lunar/canonical/test_databases.py",
    "tests/lunar/canonical/test_record.py",
    "tests/lunar/desk/test_concurrency.py",
    "tests/lunar/desk/test_crash.py",
    "tests/lunar/operations/",
)
RECORD_APPS = ["sources", "parties", "missions", "diplomacy"]


class SharedScheduling(LoadScopeScheduling):
    """Hands out tests one by one, but those ON_ONE_WORKER together.

    The marks for this (`--dist=loadgroup`) are without effect from pytest 9.2 on: pytest-xdist
    3.8 writes them into the names of tests in a way that pytest does not read any more.
    """

    def _split_scope(self, nodeid):
        return next((start for start in ON_ONE_WORKER if nodeid.startswith(start)), nodeid)


def pytest_xdist_make_scheduler(config, log):
    return SharedScheduling(config, log)


@pytest.fixture(scope="module")
def record(django_db_setup, django_db_blocker):
    """The whole record of fixtures/, loaded once for the tests of a module."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(settings.BASE_DIR / "fixtures")
        connection.check_constraints()  # or each test would check all these rows at its end
        yield
        transaction.set_rollback(True)


@pytest.fixture
def editor(db):
    """Somebody who may do everything with the record, and nothing with accounts."""
    return make_user("Reviewer", username="editor")


@pytest.fixture
def editor_client(editor):
    client = Client()
    client.force_login(editor)
    return client


@pytest.fixture
def kept(settings):
    """Pages are kept, and counts remembered, as on the real site."""
    settings.PAGE_CACHE = settings.REMEMBER = True
    caches["pages"].clear()
    yield caches["pages"]
    caches["pages"].clear()


@pytest.fixture
def queries_of(db):
    """Return how many queries a function takes."""

    def queries_of(function):
        with CaptureQueriesContext(connection) as queries:
            function()
        return len(queries)

    return queries_of
