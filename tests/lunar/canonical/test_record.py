"""The record itself, as it stands in fixtures/."""

import json

import pytest
from django.conf import settings

from lunar.canonical.dumper import differences
from lunar.canonical.loader import load
from lunar.canonical.shapes import shapes
from lunar.canonical.validation import findings
from lunar.sources.models import Source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

FIXTURES = settings.BASE_DIR / "fixtures"


def test_every_row_is_loaded():
    for model, shape in shapes().items():
        assert model.objects.count() == len(json.loads((FIXTURES / shape.file).read_text()))


def test_the_fixtures_are_canonical():
    assert differences(FIXTURES) == []


def test_a_second_load_changes_nothing():
    plan = load(FIXTURES)

    assert not plan.writes
    assert differences(FIXTURES) == []


def test_the_record_is_sound():
    """As of the day on which a source was last read, so that time alone breaks no test."""
    today = Source.objects.order_by("-accessed").exclude(accessed=None).first().accessed

    assert [str(finding) for finding in findings(today)] == []
