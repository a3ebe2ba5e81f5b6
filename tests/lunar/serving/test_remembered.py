import pytest

from lunar.serving.remembered import remembered
from missions.models import Mission
from tests.factories import make_mission

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_counted_is_not_counted_again(kept, queries_of):
    make_mission()

    assert remembered("missions", Mission.objects.count) == 1
    assert queries_of(lambda: remembered("missions", Mission.objects.count)) == 1  # the state


def test_a_change_makes_everything_be_counted_anew(kept):
    remembered("missions", Mission.objects.count)

    make_mission()

    assert remembered("missions", Mission.objects.count) == 1


def test_what_changed_while_it_was_counted_is_not_remembered(kept):
    def count_too_early():
        counted = Mission.objects.count()
        make_mission()
        return counted

    remembered("missions", count_too_early)

    assert remembered("missions", Mission.objects.count) == 1


def test_nothing_and_no_rows_are_told_apart(kept):
    assert remembered("rows", list) == []
    assert remembered("rows", lambda: ["computed again"]) == []
