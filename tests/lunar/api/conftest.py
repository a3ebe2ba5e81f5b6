import pytest
from django.core.cache import cache

from tests.world import whole_world


@pytest.fixture(autouse=True)
def fresh_count():
    """Start each test with no request counted."""
    cache.clear()


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Public records of every kind, drafts, withdrawn ones, and what happened to them."""
    with django_db_blocker.unblock(), whole_world() as world:
        yield world
