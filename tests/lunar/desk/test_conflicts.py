"""Two editors at one record: the second is told, and nothing that either did is lost."""

import pytest
from django.test import Client
from django.urls import reverse

from diplomacy.models import Act
from lunar.desk.history import Way, latest_revision, recording, revision_number
from lunar.desk.models import Revision
from missions.models import Mission
from tests.factories import (
    cite,
    make_act,
    make_country,
    make_crew_member,
    make_landing,
    make_mission,
    make_person,
    make_source,
    make_spacecraft,
    make_transfer,
    make_user,
)
from tests.webforms import add_row, form_fields

pytestmark = pytest.mark.django_db


def page_of(row, page="change"):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])


def opened(client, row, page="change"):
    """Return what the form of `row` would send now."""
    return form_fields(client.get(page_of(row, page)))


def somebody_else(record, reason="Seen in the archive.", **values):
    """Change a record as a colleague would, in between."""
    with recording(
        make_user("Reviewer", username=f"vera-{revision_number(record)}"), reason, Way.FORM
    ):
        one = type(record).objects.get(pk=record.pk)
        for name, value in values.items():
            setattr(one, name, value)
        one.save()


def save(client, row, fields, **changes):
    return client.post(page_of(row), fields | changes)


def merge(client, row, response, choice=None, **chosen):
    """Press “Save the merged version”, choosing one side everywhere."""
    fields = form_fields(response) | {"_save_merged": "1"}
    fields |= {one.name: choice for one in response.context["choices"] if choice} | chosen
    return client.post(page_of(row), fields)


def text(response):
    return " ".join(response.content.decode().split())


# The page


def test_the_second_to_save_is_told_what_changed_and_nothing_is_saved(editor_client):
    mission = make_mission(name="Luna 16", aim="Old aim.")
    fields = opened(editor_client, mission)
    somebody_else(mission, "The press kit says so.", aim="Their aim.")

    response = save(editor_client, mission, fields, result="My result.")

    assert response.status_code == 409
    page = text(response)
    for words in ("vera-0", "The press kit says so.", "Old aim.", "Their aim.", "My result."):
        assert words in page
    mission.refresh_from_db()
    assert (mission.aim, mission.result) == ("Their aim.", "")


def test_changes_that_do_not_clash_are_merged_at_the_press_of_a_button(editor_client, editor):
    mission = make_mission()
    fields = opened(editor_client, mission)
    somebody_else(mission, aim="Their aim.")
    response = save(editor_client, mission, fields, result="My result.")

    saved = merge(editor_client, mission, response)

    assert saved.status_code == 302
    mission.refresh_from_db()
    assert (mission.aim, mission.result) == ("Their aim.", "My result.")
    revision = latest_revision(Mission, mission.slug)
    assert (revision.editor, revision.way) == (editor, Way.FORM)
    assert revision.reason == "As the sources say."
    changed = revision.canonical_rows[0].differing_fields(revision.before.canonical_rows[0])
    assert changed == ["result"]


@pytest.mark.parametrize(("choice", "aim"), [("theirs", "Their aim."), ("mine", "My aim.")])
def test_of_two_versions_of_one_value_one_is_chosen(editor_client, choice, aim):
    mission = make_mission(aim="Old aim.")
    fields = opened(editor_client, mission)
    somebody_else(mission, aim="Their aim.")
    response = save(editor_client, mission, fields, aim="My aim.", result="My result.")
    [asked] = response.context["choices"]
    assert (asked.theirs, asked.mine) == ([("Aim", "Their aim.")], [("Aim", "My aim.")])
    assert asked.chosen == ""

    merge(editor_client, mission, response, choice)

    mission.refresh_from_db()
    assert (mission.aim, mission.result) == (aim, "My result.")


def test_an_unanswered_choice_is_told_and_the_others_are_kept(editor_client):
    mission = make_mission()
    fields = opened(editor_client, mission)
    somebody_else(mission, aim="Their aim.", result="Their result.")
    response = save(editor_client, mission, fields, aim="My aim.", result="My result.")
    first, second = response.context["choices"]

    response = merge(editor_client, mission, response, **{first.name: "mine"})

    assert response.status_code == 409
    assert "1 is still open" in text(response)
    assert [c.chosen for c in response.context["choices"]] == ["mine", ""]
    assert [c.is_unanswered for c in response.context["choices"]] == [False, True]
    assert merge(editor_client, mission, response, **{second.name: "theirs"}).status_code == 302
    mission.refresh_from_db()
    assert (mission.aim, mission.result) == ("My aim.", "Their result.")


def test_a_change_while_choosing_is_told_again(editor_client):
    mission = make_mission()
    fields = opened(editor_client, mission)
    somebody_else(mission, aim="Their aim.")
    response = save(editor_client, mission, fields, aim="My aim.")
    somebody_else(mission, aim="Their second aim.")

    response = merge(editor_client, mission, response, "mine")

    assert response.status_code == 409
    assert "changed once more" in text(response)
    [asked] = response.context["choices"]
    assert (asked.theirs, asked.chosen) == ([("Aim", "Their second aim.")], "")
    merge(editor_client, mission, response, "mine")
    mission.refresh_from_db()
    assert mission.aim == "My aim."


def test_choosing_theirs_throughout_writes_nothing(editor_client):
    mission = make_mission()
    fields = opened(editor_client, mission)
    somebody_else(mission, aim="Their aim.")
    response = save(editor_client, mission, fields, aim="My aim.")
    number = revision_number(mission)

    response = merge(editor_client, mission, response, "theirs")

    assert response.status_code == 302
    assert revision_number(mission) == number


def test_the_page_works_without_the_session_that_made_it(editor_client, editor):
    mission = make_mission()
    fields = opened(editor_client, mission)
    somebody_else(mission, aim="Their aim.")
    response = save(editor_client, mission, fields, result="First line.\nSecond “line”.")
    later = Client()
    later.force_login(editor)

    merge(later, mission, response)

    mission.refresh_from_db()
    assert mission.result == "First line.\nSecond “line”."


def test_a_form_that_names_no_revision_is_not_taken_for_a_fresh_one(editor_client):
    mission = make_mission()
    somebody_else(mission, aim="Their aim.")
    fields = opened(editor_client, mission)
    for seen in ("", "x", "-3", "9" * 400, "77"):
        response = save(editor_client, mission, fields, seen=seen, aim="My aim.")
        assert response.status_code == 409, seen
        assert [one.theirs for one in response.context["choices"]] == [[("Aim", "Their aim.")]]


# Lists, parts, evidence


def test_lists_of_links_are_merged(editor_client):
    first, theirs, mine = (make_country() for _ in range(3))
    mission = make_mission(countries=[first])
    fields = opened(editor_client, mission)
    with recording(None, "Added.", Way.COMMAND):
        mission.countries.add(theirs)
    response = save(editor_client, mission, fields, countries=[first.pk, mine.pk])

    merge(editor_client, mission, response)

    assert set(mission.countries.all()) == {first, theirs, mine}


def test_parts_that_either_added_are_all_there_and_have_numbers_of_their_own(editor_client):
    transfer = make_transfer()
    make_act(transfer, date="1970")
    fields = opened(editor_client, transfer)
    with recording(None, "Found.", Way.COMMAND):
        make_act(transfer, kind="displayed", date="1969")
    add_row(fields, "acts", kind="lost", date="1980", place="Dublin")

    response = save(editor_client, transfer, fields)
    assert "Dublin" in text(response)
    merge(editor_client, transfer, response)

    acts = transfer.acts.order_by("number").values_list("number", "kind", "place")
    assert list(acts) == [(1, "given", ""), (2, "displayed", ""), (3, "lost", "Dublin")]


def test_a_part_that_i_deleted_and_somebody_else_changed_is_asked_for(editor_client):
    transfer = make_transfer()
    act = make_act(transfer, date="1970")
    fields = opened(editor_client, transfer)
    with recording(None, "Found.", Way.COMMAND):
        Act.objects.get(pk=act.pk).citations.create(source=make_source(), field="date")

    response = save(editor_client, transfer, fields, **{"acts-0-DELETE": "on"})
    [asked] = response.context["choices"]
    assert asked.mine is None
    merge(editor_client, transfer, response, "theirs")

    assert transfer.acts.get().citations.count() == 1


def test_what_was_typed_into_a_part_that_is_gone_is_told(editor_client):
    transfer = make_transfer()
    act, other = make_act(transfer, date="1970"), make_act(transfer, date="1971")
    fields = opened(editor_client, transfer)
    with recording(None, "Not of this piece.", Way.COMMAND):
        Act.objects.get(pk=act.pk).delete()

    response = save(
        editor_client,
        transfer,
        fields,
        **{"acts-0-place": "Dublin", "acts-1-place": "Paris", "summary": "Mine."},
    )

    [gone] = response.context["gone"]
    assert ("Place", "Dublin") in gone.values
    assert ("Date", "1970") in gone.values
    assert ("Kind", "Given") in gone.values
    merge(editor_client, transfer, response)
    transfer.refresh_from_db()
    assert (transfer.summary, transfer.acts.get().place) == ("Mine.", "Paris")
    assert transfer.acts.get() == other


def test_an_untouched_part_that_is_gone_is_not_told_as_mine(editor_client):
    mission = make_mission()
    landing, person = make_landing(mission), make_person()
    make_crew_member(mission, person)
    fields = opened(editor_client, mission)
    with recording(None, "It never landed.", Way.COMMAND):
        landing.delete()
        mission.crew.get().delete()

    response = save(editor_client, mission, fields, aim="Mine.")

    assert response.context["gone"] == []
    merge(editor_client, mission, response)
    assert not mission.landings.exists()
    assert not mission.crew.exists()


def test_a_citation_whose_value_somebody_mended_is_not_doubled(editor_client):
    mission = make_mission(cited=False)
    citation = cite(mission, "launch", stated_value="12 September")
    fields = opened(editor_client, mission)
    with recording(None, "A slip.", Way.COMMAND):
        citation.stated_value = "13 September"
        citation.save()

    response = save(editor_client, mission, fields, **{"citations-0-locator": "p. 2"})
    assert response.context["choices"] == []
    merge(editor_client, mission, response)

    [merged] = mission.citations.all()
    assert (merged.stated_value, merged.locator) == ("13 September", "p. 2")


def test_an_act_is_guarded_by_its_transfer(editor_client):
    transfer = make_transfer()
    act = make_act(transfer, place="Paris")
    fields = opened(editor_client, act)
    somebody_else(transfer, summary="Their summary.")

    response = save(editor_client, act, fields, place="Lyon")
    assert response.status_code == 409
    response = merge(editor_client, act, response)

    assert response["Location"].startswith(page_of(transfer))
    act.refresh_from_db()
    transfer.refresh_from_db()
    assert (act.place, transfer.summary) == ("Lyon", "Their summary.")


def test_a_citation_on_its_own_page_is_guarded_by_its_record(editor_client):
    mission = make_mission(cited=False)
    citation = cite(mission, quote="Old.")
    fields = opened(editor_client, citation)
    with recording(None, "Misread.", Way.COMMAND):
        mission.citations.get().delete()
        cite(mission)

    response = save(editor_client, citation, fields, quote="Mine.")

    assert response.status_code == 409
    assert "Mine." in text(response)
    assert "Misread." in text(response)


# What the present record does not allow


def test_a_form_that_does_not_fit_the_present_record_is_shown_with_all_that_was_typed(
    editor_client,
):
    mission = make_mission()
    craft = make_spacecraft(mission)
    gone = craft.pk
    make_landing(mission)
    fields = opened(editor_client, mission)
    with recording(None, "It was no part of it.", Way.COMMAND):
        craft.delete()

    response = save(
        editor_client, mission, fields, aim="My aim.", **{"landings-0-spacecraft": gone}
    )

    assert response.status_code == 409
    page = text(response)
    assert "It was no part of it." in page
    assert "My aim." in page
    again = form_fields(response)
    assert (again["aim"], again["seen"]) == ("My aim.", fields["seen"])
    response = save(editor_client, mission, again, **{"landings-0-spacecraft": ""})
    assert merge(editor_client, mission, response).status_code == 302
    mission.refresh_from_db()
    assert mission.aim == "My aim."


def test_headings_name_the_right_parts_after_others_came_in_between(editor_client):
    transfer = make_transfer()
    act = make_act(transfer, date="1980")
    fields = opened(editor_client, transfer)
    with recording(None, "Found.", Way.COMMAND):
        make_act(transfer, date="1970")

    response = save(editor_client, transfer, fields, title="")

    [acts, _] = response.context["inline_admin_formsets"]
    assert next(form.original for form in acts) == act


def test_a_merge_that_breaks_a_rule_is_told_beside_what_was_typed(editor_client):
    mission = make_mission()
    fields = opened(editor_client, mission)
    somebody_else(mission, cospar_id="2020-087A", no_cospar_reason="")
    response = save(editor_client, mission, fields, no_cospar_reason="no_orbit", aim="Mine.")

    response = merge(editor_client, mission, response, "mine")

    assert response.status_code == 409
    assert "Give either a COSPAR id" in text(response)
    assert form_fields(response)["aim"] == "Mine."
    mission.refresh_from_db()
    assert mission.cospar_id == "2020-087A"


def test_a_record_that_was_deleted_shows_what_was_typed(editor_client):
    person = make_person(name="Yang", state="draft")
    fields = opened(editor_client, person)
    with recording(None, "Twice in the record.", Way.COMMAND):
        person.__class__.objects.get().delete()

    response = save(editor_client, person, fields, name="Yang Liwei")

    assert response.status_code == 409
    assert "Yang Liwei" in text(response)
    assert "Twice in the record." in text(response)


def test_a_part_that_was_deleted_shows_what_was_typed(editor_client):
    act = make_act(make_transfer())
    fields = opened(editor_client, act)
    with recording(None, "Not of this piece.", Way.COMMAND):
        Act.objects.get().delete()

    response = save(editor_client, act, fields, place="Dublin", change_reason="")

    assert response.status_code == 409
    assert "Dublin" in text(response)
    assert "Not of this piece." in text(response)


# Roles and states


def contributor():
    client = Client()
    client.force_login(make_user("Contributor"))
    return client


def test_who_may_not_change_it_any_more_is_told_with_all_that_was_typed():
    client, mission = contributor(), make_mission(state="draft")
    fields = opened(client, mission)
    somebody_else(mission, "Ready.", state="published")

    response = save(client, mission, fields, aim="My aim.")

    assert response.status_code == 409
    assert "My aim." in text(response)
    assert "Ready." in text(response)
    assert "_save_merged" not in text(response)
    forced = client.post(page_of(mission), fields | {"_save_merged": "1", "aim": "My aim."})
    assert forced.status_code == 409
    mission.refresh_from_db()
    assert mission.aim == ""


def test_who_could_never_change_it_is_refused_as_ever(client):
    mission = make_mission()
    client.force_login(make_user("Administrator"))

    for fields in ({}, {"seen": "0"}, {"_save_merged": "1", "seen": "0"}):
        somebody_else(mission, aim=f"{fields}")
        assert client.post(page_of(mission), fields).status_code == 403


def test_an_old_form_neither_undoes_nor_repeats_a_publication(editor_client):
    mission = make_mission(state="draft")
    fields = opened(editor_client, mission)
    somebody_else(mission, state="published")

    response = save(editor_client, mission, fields, aim="My aim.")
    assert response.context["choices"] == []
    merge(editor_client, mission, response)

    mission.refresh_from_db()
    assert (mission.state, mission.aim) == ("published", "My aim.")


def test_a_merge_publishes_only_where_that_is_chosen(editor_client):
    mission = make_mission(state="draft")
    fields = opened(editor_client, mission)
    somebody_else(mission, aim="Their aim, not reviewed.")
    response = save(editor_client, mission, fields, state="published")

    response = merge(editor_client, mission, response)
    assert response.status_code == 409
    merge(editor_client, mission, response, "theirs")
    mission.refresh_from_db()
    assert mission.state == "draft"

    merge(editor_client, mission, response, "mine")
    mission.refresh_from_db()
    assert mission.state == "published"


def test_a_state_that_the_role_cannot_reach_is_refused_in_a_merge():
    client, mission = contributor(), make_mission(state="draft")
    fields = opened(client, mission)
    somebody_else(mission, aim="Theirs.")

    response = save(client, mission, fields, state="published")

    assert "You cannot bring this record to that state." in text(response)
    mission.refresh_from_db()
    assert mission.state == "draft"


@pytest.mark.parametrize("model", ["act", "transfercitation"])
def test_nobody_adds_to_a_record_that_they_may_not_change(model):
    client, transfer = contributor(), make_transfer()
    page = reverse(f"admin:diplomacy_{model}_add")
    fields = form_fields(client.get(page)) | {"kind": "given", "source": make_source().pk}
    fields |= {"transfer": transfer.pk, "subject": transfer.pk}
    number = transfer.citations.count()

    response = client.post(page, fields)

    assert response.status_code == 200
    assert "is published: your role does not change it." in text(response)
    assert not transfer.acts.exists()
    assert transfer.citations.count() == number


# Deleting, adding, popups


def test_a_deletion_of_what_has_changed_is_asked_for_again(editor_client):
    person = make_person(state="draft")
    fields = opened(editor_client, person, "delete")
    somebody_else(person, "He flew twice.", name="Yang Liwei")

    response = editor_client.post(page_of(person, "delete"), fields)

    assert response.status_code == 409
    assert "He flew twice." in text(response)
    again = form_fields(response)
    assert editor_client.post(page_of(person, "delete"), again).status_code == 302
    assert not person.__class__.objects.exists()


def test_a_deletion_that_gives_no_reason_does_not_forget_what_was_seen(editor_client):
    person = make_person(state="draft")
    fields = opened(editor_client, person, "delete")
    somebody_else(person, name="Yang Liwei")

    response = editor_client.post(page_of(person, "delete"), fields | {"change_reason": ""})
    assert response.status_code == 200
    response = editor_client.post(page_of(person, "delete"), form_fields(response))

    assert response.status_code == 409
    assert person.__class__.objects.exists()


def test_an_addition_that_comes_too_late_can_be_saved_again(editor_client, monkeypatch):
    transfer = make_transfer()
    page = reverse("admin:diplomacy_act_add")
    fields = form_fields(editor_client.get(page))
    fields |= {"transfer": transfer.pk, "kind": "given", "place": "Dublin"}
    keep = Revision.objects.keep

    def lose_the_race(revisions):
        monkeypatch.undo()
        keep([Revision(**stolen(revision)) for revision in revisions])
        keep(revisions)

    monkeypatch.setattr(type(Revision.objects), "keep", lambda manager, r: lose_the_race(r))
    response = editor_client.post(page, fields)

    assert "save again" in text(response)
    assert form_fields(response)["place"] == "Dublin"
    assert not transfer.acts.exists()
    assert editor_client.post(page, form_fields(response)).status_code == 302
    assert transfer.acts.get().place == "Dublin"


def stolen(revision):
    """What another writer keeps under the number that `revision` was to have."""
    return {f.name: getattr(revision, f.name) for f in Revision._meta.fields if f.name != "id"}


def test_a_conflict_in_a_popup_ends_in_the_popup(editor_client):
    person = make_person()
    fields = form_fields(editor_client.get(page_of(person) + "?_popup=1"))
    somebody_else(person, native_name="杨利伟")

    response = editor_client.post(page_of(person), fields | {"name": "Yang Liwei"})
    assert response.status_code == 409
    response = merge(editor_client, person, response)

    assert response.status_code == 200
    assert "popup_response" in text(response)
    person.refresh_from_db()
    assert (person.name, person.native_name) == ("Yang Liwei", "杨利伟")


# Numbers of parts


def test_the_number_of_a_deleted_part_is_never_given_again():
    transfer = make_transfer()
    with recording(None, "Found.", Way.COMMAND):
        make_act(transfer)
        second = make_act(transfer)
    with recording(None, "Not of this piece.", Way.COMMAND):
        second.delete()

    assert make_act(transfer).number == 3


# Without a conflict


def test_a_form_that_was_refused_can_be_mended_and_saved(editor_client):
    mission = make_mission()
    fields = opened(editor_client, mission)

    response = save(editor_client, mission, fields, name="")
    assert response.status_code == 200
    response = save(editor_client, mission, form_fields(response), name="Luna 17")

    assert response.status_code == 302
    assert [r.number for r in Revision.objects.of(mission)] == [2, 1]
