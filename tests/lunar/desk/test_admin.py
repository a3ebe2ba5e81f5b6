"""What every page of the editors' desk has in common; sources and citations themselves."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from lunar.sources.derivation import postponed
from lunar.sources.models import Citation, Record, Source
from missions.models import Figure
from tests import factories
from tests.conftest import RECORD_APPS
from tests.factories import (
    cite,
    make_act,
    make_mission,
    make_person,
    make_source,
    make_transfer,
    make_user,
)
from tests.webforms import add_row, form_fields

MODELS = [model for app in RECORD_APPS for model in apps.get_app_config(app).get_models()]
MAKERS = {
    "crewmember": factories.make_crew_member,
    "missionevent": factories.make_event,
    "missiontype": factories.make_mission_type,
    "samplereturn": factories.make_sample_return,
    "transferseries": factories.make_series,
}

each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)


def make(model):
    name = model._meta.model_name
    if model is Figure and model.objects.exists():
        return model.objects.get()  # there is one for each measure
    if issubclass(model, Citation):
        return cite(make(model.subject_model()))
    return (MAKERS.get(name) or getattr(factories, f"make_{name}"))()


def address(page, row_or_model):
    opts = row_or_model._meta
    args = [] if isinstance(row_or_model, type) else [row_or_model.pk]
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=args)


def errors_of(response):
    return response.context["adminform"].form.errors


# Every page


@each_model
def test_every_model_can_be_edited(model):
    assert admin.site.is_registered(model)


@each_model
def test_pages_answer_under_a_strict_content_policy(editor_client, model):
    row = make(model)
    if isinstance(row, Record):
        model.objects.filter(pk=row.pk).update(state="draft")  # what was public is never deleted
    pages = [
        address("changelist", model),
        address("changelist", model) + "?q=moon",
        address("add", model),
        address("change", row),
        address("history", row),
        address("delete", row),
    ]
    for page in pages:
        response = editor_client.get(page)

        assert response.status_code == 200, page
        policy = dict(
            directive.split(" ", 1) for directive in response["Content-Security-Policy"].split("; ")
        )
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == "'self'"
        assert b"<style" not in response.content
        assert b"onclick" not in response.content


@pytest.mark.parametrize("page", ["index", *(f"app_list:{app}" for app in RECORD_APPS)])
def test_index_pages_show_records_and_hide_citations(editor_client, page):
    name, _, app = page.partition(":")

    response = editor_client.get(reverse(f"admin:{name}", args=[app] if app else []))

    assert response.status_code == 200
    assert b"itation</a>" not in response.content
    assert b"itations</a>" not in response.content


@each_model
def test_pages_refuse_those_without_permission(client, django_user_model, model):
    row = make(model)
    pages = [address("changelist", model), address("add", model), address("change", row)]

    for page in pages:
        response = client.get(page)
        assert response.status_code == 302, page
        assert response["Location"].startswith(reverse("admin:login"))

    client.force_login(django_user_model.objects.create_user("newcomer", is_staff=True))
    for page in pages:
        for response in (client.get(page), client.post(page)):
            assert response["Location"].startswith(reverse("admin:login"))


@each_model
def test_those_who_may_look_see_everything_and_change_nothing(client, db, model):
    row = make(model)
    client.force_login(make_user("Administrator"))

    response = client.get(address("change", row))

    assert response.status_code == 200
    assert b'name="_save"' not in response.content
    assert client.post(address("change", row)).status_code == 403
    assert client.get(address("add", model)).status_code == 403


def test_those_who_may_look_read_absences_in_words(client, db):
    mission = make_mission(launch_site="", absent_values={"launch_site": "unknown"})
    client.force_login(make_user("Administrator"))

    response = client.get(address("change", mission))

    assert "Launch site: unknown after search" in response.content.decode()


@each_model
def test_list_needs_the_same_queries_for_any_number_of_rows(
    editor_client, django_assert_max_num_queries, model
):
    make(model)
    editor_client.get(address("changelist", model))  # content types are looked up once
    with django_assert_max_num_queries(60) as one:
        editor_client.get(address("changelist", model))

    with postponed():
        for _ in range(49):
            make(model)
    with django_assert_max_num_queries(len(one)):
        response = editor_client.get(address("changelist", model))

    assert len(response.context["cl"].result_list) == min(50, model.objects.count())


@each_model
def test_every_relation_is_found_by_typing(editor_client, model):
    page = editor_client.get(address("add", model))
    fields = page.context["adminform"].form.fields
    autocompletes = [
        field.widget.widget
        for field in fields.values()
        if hasattr(getattr(field.widget, "widget", None), "get_url")
    ]

    for widget in autocompletes:
        response = editor_client.get(
            widget.get_url(),
            {
                "term": "Moon\x00",
                "app_label": widget.field.model._meta.app_label,
                "model_name": widget.field.model._meta.model_name,
                "field_name": widget.field.name,
            },
        )
        assert response.status_code == 200, widget.field


# Publishing


def test_publishing_without_a_citation_is_refused_beside_the_state(editor_client):
    person = make_person(state="draft", cited=False, name="Draft Person")
    page = address("change", person)
    fields = form_fields(editor_client.get(page))

    response = editor_client.post(page, fields | {"state": "published", "name": "New name"})

    assert response.status_code == 200
    assert "at least one citation" in errors_of(response)["state"][0]
    person.refresh_from_db()
    assert (person.state, person.name) == ("draft", "Draft Person")


def test_adding_a_published_record_without_a_citation_writes_nothing(editor_client):
    page = reverse("admin:parties_person_add")
    fields = form_fields(editor_client.get(page))

    response = editor_client.post(
        page, fields | {"name": "Somebody", "slug": "somebody", "state": "published"}
    )

    assert "state" in errors_of(response)
    assert not apps.get_model("parties.Person").objects.exists()


def test_adding_a_published_record_with_its_first_citation(editor_client):
    page = reverse("admin:parties_person_add")
    fields = form_fields(editor_client.get(page))
    fields |= {"name": "Somebody", "slug": "somebody", "state": "published"}
    add_row(fields, "citations", field="name", source=make_source().pk)

    response = editor_client.post(page, fields)

    assert response.status_code == 302
    person = apps.get_model("parties.Person").objects.get()
    assert person.is_public
    assert person.citation_count == 1


def test_a_dispute_does_not_publish(editor_client):
    person = make_person(state="draft", cited=False)
    page = address("change", person)
    fields = form_fields(editor_client.get(page)) | {"state": "published"}
    add_row(
        fields,
        "citations",
        field="name",
        source=make_source().pk,
        stance="disputes",
        stated_value="Another name",
    )

    assert "state" in errors_of(editor_client.post(page, fields))
    assert not person.citations.exists()


def test_an_invalid_citation_is_told_without_talk_of_publishing(editor_client):
    person = make_person(state="draft", cited=False)
    page = address("change", person)
    fields = form_fields(editor_client.get(page)) | {"state": "published"}
    add_row(fields, "citations", field="name", stated_value="without a source")

    response = editor_client.post(page, fields)

    assert "state" not in errors_of(response)
    [evidence] = response.context["inline_admin_formsets"]
    assert "source" in evidence.formset.errors[0]


def test_removing_the_last_support_of_a_published_record_is_refused(editor_client):
    person = make_person()
    page = address("change", person)
    fields = form_fields(editor_client.get(page))

    deleted = editor_client.post(page, fields | {"citations-0-DELETE": "on"})
    turned = editor_client.post(
        page, fields | {"citations-0-stance": "disputes", "citations-0-stated_value": "No"}
    )

    assert "state" in errors_of(deleted)
    assert "state" in errors_of(turned)
    assert person.citations.get().stance == "supports"


def test_the_last_support_can_be_replaced_in_one_go(editor_client):
    person = make_person()
    page = address("change", person)
    fields = form_fields(editor_client.get(page)) | {"citations-0-DELETE": "on"}
    better = make_source()
    add_row(fields, "citations", source=better.pk)

    assert editor_client.post(page, fields).status_code == 302
    person.refresh_from_db()
    assert person.is_public
    assert person.citations.get().source == better


def test_a_draft_may_lose_its_last_support(editor_client):
    person = make_person(state="draft")
    page = address("change", person)
    fields = form_fields(editor_client.get(page))

    editor_client.post(page, fields | {"citations-0-DELETE": "on"})

    person.refresh_from_db()
    assert person.citation_count == 0
    assert not person.is_public


def test_deleting_the_only_support_by_itself_is_refused(editor_client):
    person = make_person(name="Yang Liwei")
    [citation] = person.citations.all()

    response = editor_client.post(
        address("delete", citation), {"post": "yes", "change_reason": "Wrong."}
    )

    assert response.status_code == 200
    assert b"Yang Liwei" in response.content
    assert b"Nothing else supports it" in response.content
    assert person.citations.exists()


def test_the_only_support_cannot_turn_into_a_dispute_on_its_own_page(editor_client):
    [citation] = make_person().citations.all()
    page = address("change", citation)
    fields = form_fields(editor_client.get(page))

    response = editor_client.post(page, fields | {"stance": "disputes", "stated_value": "No"})

    assert "stance" in errors_of(response)


# Values


def test_a_wrong_date_is_told_beside_its_field(editor_client):
    mission = make_mission()
    page = address("change", mission)
    fields = form_fields(editor_client.get(page))

    response = editor_client.post(page, fields | {"launch": "23 November 2020"})

    [message] = errors_of(response)["launch"]
    assert "2020-11-23" in message


def test_a_broken_rule_of_the_database_is_told_above_the_form(editor_client):
    mission = make_mission()
    page = address("change", mission)
    fields = form_fields(editor_client.get(page))

    response = editor_client.post(page, fields | {"cospar_id": "2020-087A"})

    assert errors_of(response)["__all__"] == [
        "Give either a COSPAR id or the reason why there is none."
    ]


def test_a_rule_that_only_the_database_could_check_is_told_as_well(editor_client, monkeypatch):
    mission = make_mission(name="Before")
    page = address("change", mission)
    fields = form_fields(editor_client.get(page))
    monkeypatch.setattr("django.db.models.Model.validate_constraints", lambda *a, **k: None)

    response = editor_client.post(page, fields | {"cospar_id": "2020-087A", "name": "After"})

    assert response.status_code == 200
    assert errors_of(response)["__all__"] == [
        "Give either a COSPAR id or the reason why there is none."
    ]
    mission.refresh_from_db()
    assert mission.name == "Before"


def test_the_kind_of_nothing_is_chosen_for_each_value(editor_client):
    mission = make_mission(launch_site="")
    page = address("change", mission)
    response = editor_client.get(page)
    fields = form_fields(response)
    assert 'name="absent_values"' not in response.content.decode()  # no JSON to be typed

    editor_client.post(page, fields | {"absent_values_launch_site": "unknown"})
    mission.refresh_from_db()
    assert mission.absent_values == {"launch_site": "unknown"}

    fields = form_fields(editor_client.get(page))
    assert fields["absent_values_launch_site"] == "unknown"
    response = editor_client.post(page, fields | {"launch_site": "Wenchang"})
    assert "Launch site" in errors_of(response)["absent_values"][0]

    editor_client.post(page, fields | {"launch_site": "Wenchang", "absent_values_launch_site": ""})
    mission.refresh_from_db()
    assert (mission.launch_site, mission.absent_values) == ("Wenchang", {})


def test_saving_keeps_absences_that_the_page_does_not_offer(editor_client):
    mission = make_mission(launch_site="", absent_values={"launch_site": "unknown"})
    mission.__class__.objects.update(absent_values={"outcome": "unknown"})
    page = address("change", mission)

    editor_client.post(page, form_fields(editor_client.get(page)))

    mission.refresh_from_db()
    assert mission.absent_values == {"outcome": "unknown"}


def test_a_value_given_in_an_inline_is_no_longer_absent(editor_client):
    act = make_act(date="", absent_values={"date": "unknown", "place": "not_given"})
    page = address("change", act.transfer)
    fields = form_fields(editor_client.get(page))

    editor_client.post(page, fields | {"acts-0-date": "1978-05"})

    act.refresh_from_db()
    assert (str(act.date), act.absent_values) == ("1978-05", {"place": "not_given"})


def test_an_address_is_chosen_once(editor_client):
    person = make_person(slug="yang-liwei")
    page = address("change", person)
    fields = form_fields(editor_client.get(page))
    assert "slug" not in fields

    editor_client.post(page, fields | {"slug": "other"})

    person.refresh_from_db()
    assert person.slug == "yang-liwei"


# History, view on site, protection


def test_only_public_records_link_to_the_site(editor_client):
    public, draft = make_person(), make_person(state="draft")
    act = make_act(make_transfer())

    def link(row):
        return editor_client.get(address("change", row)).context["absolute_url"]

    assert link(public) == public.get_absolute_url()
    assert link(draft) is None
    assert link(act) == act.transfer.get_absolute_url()
    assert link(act.transfer.citations.get().source) is not None
    assert link(make_source()) is None


def test_a_source_on_which_something_rests_cannot_be_deleted(editor_client):
    source = make_source()
    cite(make_person(), "name", source)

    response = editor_client.post(address("delete", source), {"post": "yes"})

    assert response.status_code == 200
    assert b"protected" in response.content
    assert Source.objects.filter(pk=source.pk).exists()


def test_a_source_leads_to_all_that_rests_on_it(editor_client):
    source = make_source()
    person = make_person(cited=False)
    cite(person, "name", source)
    cite(make_act(), "date", source)

    page = editor_client.get(address("change", source)).content.decode()
    assert f"{address('changelist', person.citations.model)}?source__id__exact={source.pk}" in page

    listed = editor_client.get(
        address("changelist", person.citations.model), {"source__id__exact": source.pk}
    )
    assert [row.subject for row in listed.context["cl"].result_list] == [person]


def test_the_number_of_queries_of_a_form_does_not_grow_with_its_evidence(
    editor_client, django_assert_max_num_queries
):
    person = make_person()
    page = address("change", person)
    editor_client.get(page)
    with django_assert_max_num_queries(60) as one:
        editor_client.get(page)

    for _ in range(30):
        cite(person, "name")
    with django_assert_max_num_queries(len(one)):
        editor_client.get(page)


def test_records_are_found_whatever_the_accents(editor_client):
    person = make_person(name="Émile Dœ", native_name="杨利伟")
    make_person()
    page = address("changelist", person.__class__)

    for words in ("emile", "杨利伟", person.slug):
        listed = editor_client.get(page, {"q": words})
        assert list(listed.context["cl"].result_list) == [person], words


def test_lists_can_be_narrowed_to_records_without_evidence(editor_client):
    make_person()
    bare = make_person(cited=False, state=Record.State.DRAFT)

    listed = editor_client.get(address("changelist", bare.__class__), {"evidence": "none"})

    assert list(listed.context["cl"].result_list) == [bare]


@pytest.mark.parametrize("key", ["csv", "²", "-1", "1.5", str(2**64), "9" * 5000])
def test_a_key_that_no_row_has_is_told_beside_its_field(editor_client, key):
    mission = make_mission(countries=[factories.make_country()])
    page = reverse("admin:missions_mission_change", args=[mission.pk])
    fields = form_fields(editor_client.get(page)) | {"programme": key, "countries": [key]}

    response = editor_client.post(page, fields)

    assert response.status_code == 200
    assert set(response.context["adminform"].form.errors) == {"programme", "countries"}


@pytest.mark.parametrize("key", ["csv", str(2**64)])
def test_a_record_is_not_merged_into_what_is_none(editor_client, key):
    page = reverse("admin:parties_organization_merge", args=[factories.make_organization().pk])

    response = editor_client.get(page, {"into": key})

    assert "There is no such record." in response.content.decode()
