import pytest
from django.db import IntegrityError

from diplomacy.models import Practice
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_constraint_slug_is_unique():
    make.make_practice(slug="panda-diplomacy")
    with pytest.raises(IntegrityError):
        make.make_practice(slug="panda-diplomacy")


def test_constraint_started_range():
    practice = make.make_practice()
    with pytest.raises(IntegrityError, match="practice_started_range"):
        Practice.objects.filter(pk=practice.pk).update(started_earliest="1969-11-01")


def test_a_practice_outlives_the_one_it_follows():
    pandas = make.make_practice()
    soil = make.make_practice(follows=pandas)
    pandas.delete()

    soil.refresh_from_db()
    assert soil.follows is None


def test_a_practice_is_found_by_its_other_names():
    practice = make.make_practice(other_names="Moon diplomacy")

    assert list(Practice.objects.matching("moon")) == [practice]
