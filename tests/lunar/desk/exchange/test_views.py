"""The pages of an import, from the list to the list."""

import pytest
from django.apps import apps
from django.urls import reverse

from lunar.canonical.shapes import shapes
from lunar.desk.exchange import carried, tables
from lunar.desk.models import Revision
from lunar.parties.models import Person
from tests.conftest import RECORD_APPS
from tests.factories import make_person, make_user
from tests.lunar.desk.exchange.files import csv_file, page_of, upload, xlsx_file
from tests.webforms import form_fields

PEOPLE = reverse("admin:parties_person_changelist")
IMPORT = page_of(Person, "import")
MODELS = [model for app in RECORD_APPS for model in apps.get_app_config(app).get_models()]

each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)


def confirm(client, page, **more):
    return client.post(IMPORT, form_fields(page) | more, follow=True)


def told(response):
    return [str(message) for message in response.context["messages"]]


@each_model
def test_every_list_leads_to_its_import_and_export(editor_client, model):
    listed = editor_client.get(page_of(model, "changelist")).content.decode()

    for page in ("import", "export"):
        assert f'href="{page_of(model, page)}' in listed
        response = editor_client.get(page_of(model, page))
        assert response.status_code == 200
        policy = response["Content-Security-Policy"]
        assert "script-src 'self';" in policy
        for name in shapes()[model].fields:
            assert f"<code>{name}</code>" in response.content.decode()


@pytest.mark.parametrize("make", [csv_file, xlsx_file])
def test_an_import_is_previewed_and_confirmed(editor_client, make):
    person = make_person(slug="yang", name="Yang <b>", known_for="")

    page = upload(
        editor_client,
        Person,
        make(["slug", "name", "known_for"], ["yang", "Yang <i>", ""], ["wang", "Wang Yaping", ""]),
    )

    shown = page.content.decode()
    assert "1 new, 1 changed, 0 unchanged." in shown
    assert "<del>Yang &lt;b&gt;</del>" in shown
    assert "<ins>Yang &lt;i&gt;</ins>" in shown
    assert "Row 3, new: Wang Yaping" in shown
    assert Person.objects.get() == person

    done = confirm(editor_client, page)

    assert done.redirect_chain == [(PEOPLE, 302)]
    assert told(done) == ["Imported: 1 new, 1 changed."]
    assert set(Person.objects.values_list("name", flat=True)) == {"Yang <i>", "Wang Yaping"}
    assert set(Revision.objects.filter(way="import").values_list("reason", flat=True)) == {
        "As the sources say."
    }


def test_without_a_reason_nothing_is_written(editor_client):
    person = make_person(name="Yang")
    page = upload(editor_client, Person, csv_file(["slug", "name"], [person.slug, "Yang Liwei"]))

    again = confirm(editor_client, page, change_reason="")

    assert b"Say why" in again.content
    assert Person.objects.get().name == "Yang"
    confirm(editor_client, again)
    assert Person.objects.get().name == "Yang Liwei"


def test_what_changed_in_between_is_previewed_again(editor_client):
    person = make_person(name="Yang")
    page = upload(editor_client, Person, csv_file(["slug", "name"], [person.slug, "Yang Liwei"]))
    Person.objects.update(name="Yang L.")

    again = confirm(editor_client, page)

    assert told(again)[0].startswith("Nothing was written: the record has changed")
    assert "<del>Yang L.</del>" in again.content.decode()
    assert Person.objects.get().name == "Yang L."
    confirm(editor_client, again)
    assert Person.objects.get().name == "Yang Liwei"


def test_what_was_imported_already_is_not_imported_again(editor_client):
    page = upload(editor_client, Person, csv_file(["slug", "name"], ["yang", "Yang Liwei"]))
    confirm(editor_client, page)

    again = confirm(editor_client, page)

    assert "There is nothing to import." in again.content.decode()
    assert Revision.objects.count() == 1


def test_a_file_with_mistakes_cannot_be_confirmed(editor_client):
    person = make_person()

    page = upload(
        editor_client, Person, csv_file(["slug", "country"], [person.slug, "<b>"], ["wang", ""])
    )

    shown = page.content.decode()
    assert "there is no country “&lt;b&gt;”." in shown
    assert "Nothing can be imported before the file is mended." in shown
    assert 'name="carried"' not in shown


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The submitted file is empty."),
        (b"%PDF-1.7", "lacks the column"),
        (b"slug,name\nyang,\xe9", "not UTF-8"),
        (b"PK\x03\x04", "is broken"),
    ],
)
def test_what_is_no_table_is_told_beside_the_field(editor_client, content, words):
    page = upload(editor_client, Person, content)

    assert words in page.context["form"].errors["file"][0]


def test_a_file_that_is_too_large_is_refused(editor_client, monkeypatch):
    content = csv_file(["slug", "name"], ["yang", "Yang"])
    monkeypatch.setattr(tables, "MAX_BYTES", len(content))
    assert upload(editor_client, Person, content).context["plan"].changes
    monkeypatch.setattr(tables, "MAX_BYTES", len(content) - 1)
    assert "larger than" in upload(editor_client, Person, content).context["form"].errors["file"][0]


def test_a_preview_that_no_page_can_carry_is_refused(editor_client, monkeypatch):
    monkeypatch.setattr(carried, "MAX_SIZE", 20)

    page = upload(editor_client, Person, csv_file(["slug", "name"], ["yang", "Yang"]))

    assert "too much text" in page.context["form"].errors["file"][0]


@pytest.mark.parametrize("text", ["x", "x:y:z", "\x00", "é" * 5000])
def test_a_made_up_preview_writes_nothing(editor_client, text):
    page = editor_client.post(IMPORT, {"carried": text, "change_reason": "Yes."})

    assert told(page) == ["The preview is too old or broken. Upload the file again."]
    assert not Person.objects.exists()


def test_nobody_confirms_what_another_was_shown(editor_client, client, db):
    page = upload(editor_client, Person, csv_file(["slug", "name"], ["yang", "Yang"]))
    client.force_login(make_user("Editor"))

    confirm(client, page)

    assert not Person.objects.exists()


@each_model
def test_only_those_who_edit_import(client, db, model):
    address = page_of(model, "import")
    assert client.get(address).status_code == 302
    for role in ("Contributor", "Administrator"):
        client.force_login(make_user(role))
        assert client.get(address).status_code == 403
        assert client.post(address).status_code == 403
        assert address not in client.get(page_of(model, "changelist")).content.decode()
    client.force_login(make_user("Editor"))
    assert client.get(address).status_code == 200
