import pytest
from django.core.cache import cache
from django.db import transaction

from tests.world import (
    make_world,
    plant_drafts,
    plant_history,
    plant_hostile_texts,
    plant_suggestions,
    plant_withdrawn,
)


@pytest.fixture(autouse=True)
def fresh_count():
    """Start each test with no request counted."""
    cache.clear()


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Public records of every kind, drafts, withdrawn ones, and what happened to them."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = make_world()
        plant_drafts(world)
        plant_hostile_texts()
        world.withdrawn = plant_withdrawn()
        plant_history(world)
        plant_suggestions(world)
        yield world
        transaction.set_rollback(True)
