"""The record itself, as it stands in fixtures/."""

import json

import pytest
from django.conf import settings
from django.db import transaction

from lunar.canonical.dumper import differences
from lunar.canonical.loader import load
from lunar.canonical.shapes import shapes
from lunar.canonical.validation import findings
from lunar.sources.models import Source

FIXTURES = settings.BASE_DIR / "fixtures"


@pytest.fixture(scope="module")
def record(django_db_setup, django_db_blocker):
    """Everything in fixtures/, loaded once for the tests of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(FIXTURES)
        yield
        transaction.set_rollback(True)


@pytest.mark.usefixtures("record")
def test_every_row_is_loaded():
    for model, shape in shapes().items():
        assert model.objects.count() == len(json.loads((FIXTURES / shape.file).read_text()))


@pytest.mark.usefixtures("record")
def test_the_fixtures_are_canonical():
    assert differences(FIXTURES) == []


@pytest.mark.usefixtures("record")
def test_a_second_load_changes_nothing():
    plan = load(FIXTURES)

    assert not plan.writes
    assert differences(FIXTURES) == []


@pytest.mark.usefixtures("record")
def test_the_record_is_sound():
    """As of the day on which a source was last read, so that time alone breaks no test."""
    today = Source.objects.order_by("-accessed").exclude(accessed=None).first().accessed

    assert [str(finding) for finding in findings(today)] == []
