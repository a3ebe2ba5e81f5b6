import pytest

from tests.world import whole_world


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), whole_world() as world:
        yield world
