"""A list and its files: the same rows in the same order, whatever is asked for, and no draft."""

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import factories as make
from tests.lunar.data.files import FORMATS, LISTS, READERS, file_of, ids, sheet
from tests.world import SECRET, whole_world

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), whole_world() as world:
        yield world


def ids_on_pages(path, asked):
    """Return the ids of the rows on all pages of a list."""
    response = Client().get(path, asked | {"per_page": "25"})
    assert response.status_code == 200
    table = response.context["table"]
    found = []
    for number in table.paginator.page_range:
        page = Client().get(path, asked | {"per_page": "25", "page": number})
        rows = page.context["table"].records
        found += [record.natural_key()[0] for record in rows]
    return found


def test_there_is_more_than_one_page_of_rows_somewhere(world):
    """So that the comparison below tells a page from the whole list."""
    with transaction.atomic():
        for _ in range(30):
            make.make_mission()
        assert len(ids_on_pages("/missions/", {})) > 25
        for name in READERS:
            assert ids(name, "/missions/", {}) == ids_on_pages("/missions/", {}), name
        transaction.set_rollback(True)


@st.composite
def questions(draw):
    """A list with a few of the filters and orders that it offers."""
    path = draw(st.sampled_from(LISTS))
    form = Client().get(path).context["form"]
    asked = {}
    for name, field in form.fields.items():
        choices = [str(value) for value, _ in getattr(field, "choices", ()) if value]
        if name not in {"page", "per_page"} and choices and draw(st.booleans()):
            asked[name] = draw(st.sampled_from(choices))
    if draw(st.integers(0, 3)) == 0:
        asked["q"] = draw(st.sampled_from(["a", "chang", "public", "script", "nothing has"]))
    if "from" in form.fields and draw(st.integers(0, 3)) == 0:
        asked["from"] = draw(st.sampled_from(["1950", "1978-05", "2020", "2030"]))
    # A form that all filters narrow at once seldom finds anything.
    kept = draw(st.lists(st.sampled_from(sorted(asked)), max_size=3)) if asked else []
    return path, {name: asked[name] for name in kept}


@settings(max_examples=25, deadline=None)
@given(asked=questions())
def test_page_and_files_have_the_same_rows_in_the_same_order(world, asked):
    path, parameters = asked
    shown = ids_on_pages(path, parameters)

    for name in READERS:
        assert ids(name, path, parameters) == shown, name


@pytest.mark.parametrize("path", LISTS)
def test_every_order_of_a_list_is_that_of_its_file(world, path):
    for sort, _ in Client().get(path).context["table"].sorts():
        assert ids("csv", path, {"sort": sort}) == ids_on_pages(path, {"sort": sort}), sort


@pytest.mark.parametrize("by", ["giver", "recipient"])
def test_a_grouped_ledger_is_grouped_in_its_file(world, by):
    asked = {"by": by}

    assert ids("csv", "/diplomacy/transfers/", asked) == ids_on_pages(
        "/diplomacy/transfers/", asked
    )


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("path", LISTS)
def test_no_file_of_a_list_says_a_word_of_a_draft(world, path, file_format):
    response = file_of(path, file_format)

    assert response.status_code == 200
    if file_format == "xlsx":
        content = response.getvalue()
        told = str(sheet(content, "rows")) + str(sheet(content, "about"))
    else:
        told = response.getvalue().decode()
    assert "page" in told
    assert SECRET not in told.lower()
