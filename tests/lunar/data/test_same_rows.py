"""A list and its files: the same rows in the same order, whatever is asked for, and no draft."""

import pytest
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import resolve
from hypothesis import given, settings
from hypothesis import strategies as st

from lunar.data.fields import parts_of
from lunar.data.lists import ListFile
from lunar.data.records import all_citations, cited_ids
from lunar.data.tables import value_columns
from lunar.sources.models import Source
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


@pytest.mark.parametrize("path", LISTS)
def test_a_row_of_a_table_tells_what_the_whole_record_tells(world, path):
    names = csv_header(path)
    found = file_of_list(path)

    pairs = list(zip(found.documents(), found.rows(), strict=True))

    assert pairs
    for document, row in pairs:
        assert dict(zip(names, row, strict=True)) == told_by(found, document)


def csv_header(path):
    [line, *_] = file_of(path, "csv").getvalue().decode().splitlines()
    return line.removeprefix("\ufeff").split(",")


def file_of_list(path):
    """Return the ListFile of all rows of a list."""
    view = resolve(path).func.view_class()
    view.setup(RequestFactory().get(path))
    return ListFile(view.get_queryset(), {})


def told_by(found, document):
    """Return {column: value} of a list's row, read from the document of the whole record."""
    record = document[found.owner.name] if found.owner else document
    row = {"id": document["id"], "page": record["page"]}
    row |= {column.name: column.read(document) for column in value_columns(found.model)}
    for field in () if found.owner else parts_of(found.model):
        if field.one_to_one:
            name = field.remote_field.related_name
            part = document[name]
            row |= {
                f"{name}_{column.name}": column.read(part) if part else None
                for column in value_columns(field.model)
            }
    row |= {name: document[name] for name in found.counted}
    if found.owner:
        row |= {
            f"{found.owner.name}_{column.name}": column.read(record)
            for column in value_columns(found.record_model)
            if column.name != "absent_values"
        }
    if found.model is not Source:
        row["citations"] = len(list(all_citations(document)))
        row["sources"] = "; ".join(cited_ids(document))
    return row


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
