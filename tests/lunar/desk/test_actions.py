"""Many records moved at once from the lists of the desk."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import reverse

from lunar.desk.admin import actions
from lunar.desk.history import latest_revision
from lunar.desk.models import Revision
from lunar.parties.models import Person
from lunar.sources.models import Source
from tests.factories import make_person, make_source, make_user
from tests.webforms import form_fields

PEOPLE = reverse("admin:parties_person_changelist")


def choose(client, action, *people, query="", **more):
    """Choose an action for these records on the list, as its form does."""
    data = {"action": action, "_selected_action": [person.pk for person in people]} | more
    return client.post(PEOPLE + query, data)


def confirm(client, page, **more):
    return client.post(PEOPLE, form_fields(page) | more, follow=True)


def states(*people):
    return [Person.objects.get(pk=person.pk).state for person in people]


def told(response):
    return [str(message) for message in response.context["messages"]]


def offered(client):
    form = client.get(PEOPLE).context["action_form"]
    return {name for name, _ in form.fields["action"].choices} & {m.name for m in actions.MOVES}


@pytest.fixture
def editor_only_client(client, db):
    client.force_login(make_user("Editor"))
    return client


def test_an_action_shows_first_what_it_would_do(editor_client):
    person = make_person(state="draft", name="Yang Liwei")

    page = choose(editor_client, "publish", person).content.decode()

    assert "Yang Liwei" in page
    assert "Publish 1 person" in page
    assert "<td>Draft</td>" in page
    assert states(person) == ["draft"]


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        ("send_to_review", "draft", "in_review"),
        ("back_to_draft", "in_review", "draft"),
        ("back_to_draft", "withdrawn", "draft"),
        ("publish", "draft", "published"),
        ("publish", "in_review", "published"),
        ("withdraw", "published", "withdrawn"),
        ("restore", "withdrawn", "published"),
    ],
)
def test_a_confirmed_action_moves_all_with_one_reason(editor_client, editor, action, before, after):
    people = [make_person(state=before), make_person(state=before)]

    confirm(editor_client, choose(editor_client, action, *people))

    assert states(*people) == [after, after]
    for person in people:
        revision = latest_revision(Person, person.slug)
        assert revision.way == Revision.Way.BULK
        assert (revision.editor, revision.reason) == (editor, "As the sources say.")


def test_what_cannot_be_moved_is_told_why_and_stays(editor_client):
    ready = make_person(state="draft")
    bare = make_person(state="draft", cited=False, name="No <Evidence>")
    done = make_person(state="published")

    page = choose(editor_client, "publish", ready, bare, done)

    shown = page.content.decode()
    assert "No &lt;Evidence&gt;" in shown
    assert "No citation supports it." in shown
    assert "Its state is “Published”, not “Draft” or “In review”." in shown
    confirm(editor_client, page)
    assert states(ready, bare, done) == ["published", "draft", "published"]


def test_nothing_to_move_leaves_nothing_to_confirm(editor_client):
    page = choose(editor_client, "restore", make_person())

    assert b"Nothing of what you chose" in page.content
    assert b'id="move_form"' not in page.content


def test_without_a_reason_nothing_is_moved(editor_client):
    person = make_person(state="draft")
    page = choose(editor_client, "publish", person)

    again = confirm(editor_client, page, change_reason=" ")

    assert b"Say why" in again.content
    assert states(person) == ["draft"]


def test_a_record_changed_in_between_stops_all_and_is_named(editor_client):
    first, second = make_person(state="draft"), make_person(state="draft", name="Wang Yaping")
    page = choose(editor_client, "publish", first, second)
    form = reverse("admin:parties_person_change", args=[second.pk])
    editor_client.post(form, form_fields(editor_client.get(form)) | {"known_for": "Shenzhou 10"})

    stopped = confirm(editor_client, page)

    assert told(stopped)[-1] == "“Wang Yaping” has changed since you saw it. Nothing was moved."
    assert states(first, second) == ["draft", "draft"]
    confirm(editor_client, stopped)  # seen now as it is
    assert states(first, second) == ["published", "published"]


def test_a_record_moved_in_between_without_the_desk_stops_all(editor_client):
    first, second = make_person(state="draft"), make_person(state="draft", name="Wang Yaping")
    page = choose(editor_client, "publish", first, second)
    Person.objects.filter(pk=second.pk).update(state="withdrawn")

    stopped = confirm(editor_client, page)

    assert "“Wang Yaping” has changed" in told(stopped)[-1]
    assert states(first, second) == ["draft", "withdrawn"]


def test_a_record_deleted_in_between_stops_all(editor_client):
    first, second = make_person(state="draft"), make_person(state="draft", cited=False)
    page = choose(editor_client, "send_to_review", first, second)
    second.delete()

    stopped = confirm(editor_client, page)

    assert "not there any more" in told(stopped)[-1]
    assert states(first) == ["draft"]


def test_all_across_pages_can_be_moved_up_to_a_limit(editor_client, monkeypatch):
    people = [make_person(state="draft") for _ in range(4)]
    page = choose(editor_client, "publish", people[0], select_across="1")
    assert len(form_fields(page)["seen"]) == 4

    monkeypatch.setattr(actions, "MAX_RECORDS", 3)
    refused = editor_client.post(
        PEOPLE,
        {"action": "publish", "_selected_action": people[0].pk, "select_across": "1"},
        follow=True,
    )
    assert "At most 3 can be moved at once" in told(refused)[0]

    confirm(editor_client, choose(editor_client, "publish", *people[:3]))
    assert states(*people) == ["published"] * 3 + ["draft"]


def test_all_across_pages_means_all_that_the_list_is_narrowed_to(editor_client):
    found, other = make_person(state="draft", name="Yang"), make_person(state="draft")

    page = choose(editor_client, "publish", other, query="?q=yang", select_across="1")
    confirmed = confirm(editor_client, page)

    assert states(found, other) == ["published", "draft"]
    assert confirmed.redirect_chain == [(f"{PEOPLE}?q=yang", 302)]


def test_only_moves_of_the_own_role_are_offered(client, editor_only_client, editor_client):
    make_person()
    assert offered(editor_client) == {move.name for move in actions.MOVES}
    assert offered(editor_only_client) == {"send_to_review", "back_to_draft"}
    for role in ("Contributor", "Administrator"):
        client.force_login(make_user(role))
        assert offered(client) == set()


def test_moves_of_other_roles_are_refused(editor_only_client, editor_client):
    person = make_person(state="draft")
    page = choose(editor_client, "publish", person)

    choose(editor_only_client, "publish", person)
    confirm(editor_only_client, page)

    assert states(person) == ["draft"]


def test_an_editor_sees_why_a_withdrawn_record_stays(editor_only_client):
    page = choose(editor_only_client, "back_to_draft", make_person(state="withdrawn"))

    assert "Your role does not move what is “Withdrawn” there." in page.content.decode()


def test_the_page_needs_the_same_queries_for_any_number(
    editor_client, django_assert_max_num_queries
):
    people = [make_person(state="draft") for _ in range(20)]
    choose(editor_client, "publish", people[0])
    with django_assert_max_num_queries(40) as one:
        choose(editor_client, "publish", people[0])

    with django_assert_max_num_queries(len(one)):
        choose(editor_client, "publish", *people)


@pytest.mark.parametrize("chosen", ["x", "9" * 30, "-1", "²", ""])
def test_made_up_choices_are_refused(editor_client, chosen):
    person = make_person(state="draft")
    for more in ({}, {"confirmed": "yes", "seen": f"{chosen}:{chosen}", "change_reason": "Yes."}):
        data = {"action": "publish", "_selected_action": chosen} | more
        assert editor_client.post(PEOPLE, data).status_code in {200, 302, 400}
    assert states(person) == ["draft"]


def test_nothing_is_deleted_by_the_dozen(editor_client, client, db):
    client.force_login(User.objects.create_superuser("root"))
    make_source()
    for model in (Source, Person, User):
        opts = model._meta
        page = client.get(reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist"))
        assert b"delete_selected" not in page.content
    assert "delete_selected" not in dict(admin.site.actions)
