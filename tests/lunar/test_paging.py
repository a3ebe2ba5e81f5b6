"""Pages of a long list: the same rows, whichever way they are found."""

import pytest
from django.core.paginator import EmptyPage, Paginator

from lunar import paging
from lunar.paging import RecordPaginator
from missions.models import Mission
from tests.factories import make_mission

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def missions(kept):
    """Seven missions, by outcome: some share one, so that the order has to go on by key."""
    for number in range(7):
        make_mission(outcome=["success", "failure"][number % 2])
    return Mission.objects.order_by("outcome", "pk").for_list()


def pages_of(paginator):
    return [list(paginator.page(number)) for number in paginator.page_range]


@pytest.mark.parametrize("few", [0, 100])
@pytest.mark.parametrize("shallow", [0, 4, 100])
@pytest.mark.parametrize("is_indexed", [True, False])
def test_pages_are_those_of_the_list(missions, monkeypatch, few, shallow, is_indexed):
    monkeypatch.setattr(paging, "FEW", few)
    monkeypatch.setattr(paging, "SHALLOW", shallow)

    pages = RecordPaginator(missions, 3, name="all", is_indexed=is_indexed)

    assert pages_of(pages) == pages_of(Paginator(missions, 3))
    assert pages.page(3).end_index() == 7
    with pytest.raises(EmptyPage):
        pages.page(4)


def test_count_and_order_are_found_once(missions, django_assert_num_queries):
    pages_of(RecordPaginator(missions, 3, name="all"))

    with django_assert_num_queries(4):  # twice the state, the rows, their countries
        list(RecordPaginator(missions, 3, name="all").page(2))


def test_other_rows_and_other_orders_are_not_mixed_up(missions):
    pages_of(RecordPaginator(missions, 3, name="all", order="outcome"))
    failed = missions.filter(outcome="failure")
    latest = missions.order_by("-pk")

    assert pages_of(RecordPaginator(failed, 3, name="failed")) == [list(failed)]
    assert list(RecordPaginator(latest, 7, name="all", order="-pk").page(1)) == list(latest)


def test_a_new_record_is_on_its_page_at_once(missions):
    pages_of(RecordPaginator(missions, 10, name="all"))
    new = make_mission(outcome="failure")

    pages = RecordPaginator(missions.all(), 10, name="all")

    assert pages.count == 8
    assert new in pages.page(1).object_list


def test_a_list_without_rows_has_one_page(missions):
    assert pages_of(RecordPaginator(missions.none(), 3, name="none")) == [[]]
