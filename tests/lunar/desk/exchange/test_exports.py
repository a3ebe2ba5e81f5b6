"""Rows of the lists as files, and the way back."""

import pytest
from django.urls import reverse

from lunar.canonical.rows import stored_rows
from lunar.canonical.shapes import shapes
from lunar.desk.exchange import exports
from lunar.desk.exchange.carried import preview
from lunar.desk.exchange.tables import read_table
from lunar.parties.models import Person
from missions.models import Mission, SampleReturn
from tests.factories import (
    make_mission,
    make_mission_type,
    make_person,
    make_programme,
    make_sample_return,
    make_user,
)
from tests.lunar.desk.exchange.files import csv_rows, exported, page_of, xlsx_rows
from tests.world import make_world, plant_drafts, plant_hostile_texts

PEOPLE = reverse("admin:parties_person_changelist")


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_whatever_was_exported_changes_nothing_when_it_is_imported(db, editor, file_format):
    plant_drafts(make_world())
    plant_hostile_texts()
    make_person(
        slug="odd",
        name="=cmd|' /C calc'!A0",
        known_for="'@x\x07\r\n y\x85 e\u0301 ",
        native_name="'",
    )
    make_sample_return(mass_g="0.0000001", mass_as_stated="-1")
    make_sample_return(mass_g="1234567.1234567")
    before = stored_rows()

    for model in shapes():
        table = read_table(exported(model._base_manager.all(), file_format))
        plan, carried = preview(editor, model, table)

        assert (plan.problems, plan.notices, plan.changes, carried) == ([], [], [], "")
        assert plan.unchanged == model._base_manager.count()
    assert {m: {k: r.fields for k, r in rows.items()} for m, rows in stored_rows().items()} == {
        m: {k: r.fields for k, r in rows.items()} for m, rows in before.items()
    }


def test_columns_are_those_of_the_fixtures(db):
    mission = make_mission(
        slug="chang-e-5",
        programme=make_programme(slug="chang-e"),
        types=[make_mission_type(slug="sample-return"), make_mission_type(slug="lander")],
        absent_values={"launch_site": "unknown", "ended": "not_given"},
    )

    [row] = csv_rows(exported(Mission.objects.filter(pk=mission.pk), "csv"))

    assert list(row) == list(shapes()[Mission].fields)
    assert row["programme"] == "chang-e"
    assert row["types"] == "lander; sample-return"
    assert row["absent_values"] == "ended: not_given; launch_site: unknown"
    assert (row["state"], row["launch"]) == ("published", "2020-11-23")


def test_spreadsheets_run_nothing_and_numbers_stay_numbers(db):
    make_sample_return(mass_g="1731.5", mass_as_stated="=1+1")

    [text] = csv_rows(exported(SampleReturn.objects.all(), "csv"))
    [typed] = xlsx_rows(exported(SampleReturn.objects.all(), "xlsx"))

    assert text["mass_as_stated"] == typed["mass_as_stated"] == "'=1+1"
    assert (text["mass_g"], typed["mass_g"]) == ("1731.5", 1731.5)


def test_chosen_rows_are_exported(editor_client):
    chosen, other = make_person(slug="yang-liwei"), make_person()

    for file_format, rows_of in (("csv", csv_rows), ("xlsx", xlsx_rows)):
        action = {"action": f"export_{file_format}", "_selected_action": chosen.pk}
        response = editor_client.post(PEOPLE, action)
        assert [row["slug"] for row in rows_of(response.content)] == ["yang-liwei"]
        assert response["Content-Type"] == exports.TYPES[file_format]
        assert response["Content-Disposition"] == f'attachment; filename="people.{file_format}"'

    across = editor_client.post(PEOPLE, action | {"action": "export_csv", "select_across": "1"})
    assert {row["slug"] for row in csv_rows(across.content)} == {chosen.slug, other.slug}


def test_the_list_is_exported_as_it_is_narrowed(editor_client):
    make_person(name="Yang Liwei", slug="yang-liwei", state="draft")
    make_person(name="Yang Yu")
    listed = editor_client.get(PEOPLE, {"q": "yang", "state__exact": "draft"})
    page = f"{page_of(Person, 'export')}?q=yang&amp;state__exact=draft"
    assert page in listed.content.decode()

    asked = editor_client.get(page.replace("&amp;", "&"))
    files = dict(asked.context["files"])
    response = editor_client.get(files["CSV"])

    assert "1 row, drafts" in asked.content.decode()
    assert [row["slug"] for row in csv_rows(response.content)] == ["yang-liwei"]


def test_an_export_is_bounded(editor_client, monkeypatch):
    people = [make_person() for _ in range(3)]
    monkeypatch.setattr(exports, "MAX_ROWS", 3)
    assert len(csv_rows(exported(Person.objects.all(), "csv"))) == 3
    monkeypatch.setattr(exports, "MAX_ROWS", 2)

    address = f"{page_of(Person, 'export')}csv/"
    action = {"action": "export_csv", "_selected_action": [p.pk for p in people]}
    for refused in (
        editor_client.get(address, follow=True),
        editor_client.post(PEOPLE, action, follow=True),
    ):
        [message] = refused.context["messages"]
        assert "more than 2 rows" in str(message)
    assert "narrow the list" in editor_client.get(page_of(Person, "export")).content.decode()


def test_a_text_that_no_cell_holds_is_not_cut(db):
    make_mission(aim="x" * 32_767)

    assert len(csv_rows(exported(Mission.objects.all(), "csv"))[0]["aim"]) == 32_767
    with pytest.raises(exports.ExportError, match="Choose CSV"):
        exports.export(Mission.objects.all(), "xlsx")


def test_the_number_of_queries_does_not_grow_with_the_rows(db, queries_of):
    def make():
        make_mission(programme=make_programme(), types=[make_mission_type()])

    make()
    one = queries_of(lambda: exported(Mission.objects.all(), "csv"))
    for _ in range(10):
        make()

    assert queries_of(lambda: exported(Mission.objects.all(), "csv")) == one


@pytest.mark.parametrize(
    "query", ["?nonsense=1", "?state__exact=nothing", "?q=\x00", "?id__in=9e9"]
)
def test_made_up_filters_give_no_file_of_everything(editor_client, query):
    make_person()
    for address in (page_of(Person, "export"), f"{page_of(Person, 'export')}csv/"):
        response = editor_client.get(address + query)
        assert response.status_code in {200, 400, 404}
        if response.status_code == 200 and "text/csv" in response["Content-Type"]:
            assert csv_rows(response.content) == [] or query == "?q=\x00"


def test_there_is_no_other_format(editor_client):
    assert editor_client.get(f"{page_of(Person, 'export')}html/").status_code == 404


def test_exports_are_for_those_who_see_everything(client, db):
    addresses = [page_of(Person, "export"), f"{page_of(Person, 'export')}csv/"]
    for address in addresses:
        assert client.get(address).status_code == 302
    client.force_login(make_user())
    for address in addresses:
        assert client.get(address).status_code == 302
    client.force_login(make_user("Administrator"))
    for address in addresses:
        assert client.get(address).status_code == 200
