import pytest
from django.urls import reverse, reverse_lazy

from diplomacy.models import Act, Transfer
from tests.factories import (
    cite,
    make_act,
    make_adherence,
    make_agreement,
    make_country,
    make_organization,
    make_source,
    make_transfer,
)
from tests.webforms import add_row, form_fields

ADD = reverse_lazy("admin:diplomacy_transfer_add")


def change_page(transfer):
    return reverse("admin:diplomacy_transfer_change", args=[transfer.pk])


def errors_of(response):
    return response.context["adminform"].form.errors


@pytest.fixture
def transfer(db):
    return make_transfer(recipient=make_country(name="Honduras"))


def test_a_transfer_is_entered_with_acts_and_evidence_at_once(editor_client):
    museum = make_organization()
    fields = form_fields(editor_client.get(ADD)) | {
        "title": "Moon rock to Honduras",
        "slug": "moon-rock-to-honduras",
        "kind": "gift",
        "giver": make_country().pk,
        "recipient": make_country().pk,
        "mass_g": "1.142",
        "mass_certainty": "exact",
        "state": "published",
    }
    add_row(fields, "acts", kind="given", date="1973")
    add_row(fields, "acts", kind="displayed", date="2004", to_organization=museum.pk)
    add_row(fields, "citations", field="kind", source=make_source().pk, locator="p. 3")

    response = editor_client.post(ADD, fields)

    assert response.status_code == 302
    transfer = Transfer.objects.get()
    assert transfer.is_public
    assert [(act.number, act.kind) for act in transfer.acts.all()] == [
        (1, "given"),
        (2, "displayed"),
    ]
    assert (transfer.status, transfer.holder, str(transfer.date)) == ("on_display", museum, "1973")


def test_status_follows_each_change_of_the_acts(editor_client, transfer):
    make_act(transfer, kind="given", date="1973")
    page = change_page(transfer)

    def save(**changes):
        fields = form_fields(editor_client.get(page))
        if changes.pop("steal", None):
            add_row(fields, "acts", kind="stolen", date="1994~", place="Tegucigalpa")
        assert editor_client.post(page, fields | changes).status_code == 302
        transfer.refresh_from_db()
        return transfer.status

    assert save() == "given"
    assert save(steal=True) == "stolen"
    assert transfer.holder is None
    assert save(**{"acts-1-kind": "recovered", "acts-1-date": "1998"}) == "recovered"
    assert save(**{"acts-1-DELETE": "on"}) == "given"
    assert transfer.holder.name == "Honduras"
    assert str(transfer.last_confirmed) == "1973"


def test_what_follows_from_the_acts_is_shown_and_never_typed_in(editor_client, transfer):
    act = make_act(transfer, kind="stolen", date="1994~")
    cite(act, "kind", stance="disputes", stated_value="Sold")
    page = change_page(transfer)
    response = editor_client.get(page)
    assert "Stolen, disputed by a source" in response.content.decode()
    fields = form_fields(response)
    assert not {"status", "holder_country", "place", "last_confirmed"} & set(fields)

    editor_client.post(page, fields | {"status": "given", "place": "Elsewhere"})

    transfer.refresh_from_db()
    assert (transfer.status, transfer.place) == ("stolen", "")


def test_a_wrong_date_in_an_act_writes_nothing_at_all(editor_client, transfer):
    make_act(transfer)
    page = change_page(transfer)
    fields = form_fields(editor_client.get(page))

    response = editor_client.post(page, fields | {"material": "Basalt", "acts-0-date": "1973-13"})

    [acts, _] = response.context["inline_admin_formsets"]
    assert "1973-13" in acts.formset.errors[0]["date"][0]
    transfer.refresh_from_db()
    assert transfer.material == ""


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"giver": ""}, "Say who gives: a country, an organisation or a person."),
        ({"mass_g": "1.1"}, "A mass needs its certainty; no mass means “Not known”."),
        ({"reciprocates": "itself"}, "A transfer cannot answer itself."),
    ],
)
def test_rules_of_the_ledger_are_told_above_the_form(editor_client, transfer, changes, message):
    changes = {name: transfer.pk if v == "itself" else v for name, v in changes.items()}
    page = change_page(transfer)
    fields = form_fields(editor_client.get(page))

    response = editor_client.post(page, fields | changes)

    assert response.status_code == 200
    assert message in errors_of(response)["__all__"]


def test_a_saved_act_leads_to_its_evidence_and_back(editor_client, transfer):
    act = make_act(transfer)
    cite(act, "date")
    act_page = reverse("admin:diplomacy_act_change", args=[act.pk])

    content = editor_client.get(change_page(transfer)).content.decode()
    assert f'<a href="{act_page}#citations-group">1 citation: add or change</a>' in content

    fields = form_fields(editor_client.get(act_page))
    add_row(fields, "citations", field="to_party", source=make_source().pk)
    response = editor_client.post(act_page, fields)

    assert response["Location"] == f"{change_page(transfer)}#acts-group"
    assert act.citations.count() == 2


def test_an_act_of_a_published_transfer_needs_no_evidence_of_its_own(editor_client, transfer):
    page = change_page(transfer)
    fields = form_fields(editor_client.get(page))
    add_row(fields, "acts", kind="offered", date="1972")

    assert editor_client.post(page, fields).status_code == 302
    assert Act.objects.get().number == 1


def test_one_step_of_a_country_is_entered_once(editor_client):
    adherence = make_adherence(make_agreement(), step="signed")
    page = reverse("admin:diplomacy_agreement_change", args=[adherence.agreement.pk])
    fields = form_fields(editor_client.get(page))
    add_row(fields, "adherences", country=adherence.country.pk, step="signed", date="2021")

    response = editor_client.post(page, fields)

    assert response.status_code == 200
    assert adherence.agreement.adherences.count() == 1


def test_the_number_of_queries_of_a_form_does_not_grow_with_its_acts(
    editor_client, transfer, django_assert_max_num_queries
):
    def add_act():
        make_act(transfer, to_organization=make_organization(), from_country=make_country())

    add_act()
    editor_client.get(change_page(transfer))
    with django_assert_max_num_queries(60) as one:
        editor_client.get(change_page(transfer))

    for _ in range(10):
        add_act()
    with django_assert_max_num_queries(len(one)):
        editor_client.get(change_page(transfer))
