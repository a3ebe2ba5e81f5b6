from django.urls import reverse, reverse_lazy

from lunar.parties.models import Country
from tests.factories import make_country, make_transfer
from tests.webforms import form_fields

ADD = reverse_lazy("admin:parties_country_add")


def change_page(country):
    return reverse("admin:parties_country_change", args=[country.pk])


def errors_of(response):
    return response.context["adminform"].form.errors


def test_a_country_is_added_under_its_code(editor_client):
    fields = form_fields(editor_client.get(ADD))
    fields |= {"code": "HN", "name": "Honduras", "kind": "state"}

    assert errors_of(editor_client.post(ADD, fields | {"code": "hn"}))["code"] == [
        "Write CN, SUHH, US-AL or X-UN, in capitals."
    ]
    assert editor_client.post(ADD, fields).status_code == 302

    country = Country.objects.get()
    assert country.state == "draft"
    assert "code" not in form_fields(editor_client.get(change_page(country)))


def test_a_former_state_needs_its_end(editor_client):
    country = make_country(name="Soviet Union")
    page = change_page(country)
    fields = form_fields(editor_client.get(page)) | {"kind": "former_state"}

    assert errors_of(editor_client.post(page, fields))["__all__"] == [
        "A former state needs the date on which it ended."
    ]
    assert editor_client.post(page, fields | {"valid_to": "1991-12-26"}).status_code == 302


def test_successors_are_lists(editor_client):
    russia = make_country(name="Russia")
    soviet_union = make_country(name="Soviet Union")
    page = change_page(soviet_union)
    fields = form_fields(editor_client.get(page))

    editor_client.post(page, fields | {"successors": [russia.pk]})

    assert list(soviet_union.successors.all()) == [russia]
    assert form_fields(editor_client.get(page))["successors"] == str(russia.pk)


def test_a_country_that_acted_cannot_be_deleted(editor_client):
    giver = make_country(state="draft")
    make_transfer(giver=giver)

    response = editor_client.post(
        reverse("admin:parties_country_delete", args=[giver.pk]),
        {"post": "yes", "change_reason": "Wrong."},
    )

    assert response.status_code == 200
    assert b"protected" in response.content
    assert Country.objects.filter(pk=giver.pk).exists()
