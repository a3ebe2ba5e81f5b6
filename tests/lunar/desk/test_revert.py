"""The history at the desk: every revision with who made it, and the way back to any of them."""

import pytest
from django.test import Client
from django.urls import reverse

from lunar.canonical.rows import rows_of
from lunar.desk.admin.history import CLASH, STALE
from lunar.desk.history import Way, latest_revision, recording
from lunar.desk.models import Revision
from missions.models import Mission
from tests.factories import (
    cite,
    make_landing,
    make_mission,
    make_mission_type,
    make_person,
    make_source,
    make_user,
)
from tests.webforms import form_fields

pytestmark = pytest.mark.django_db


def change(record, reason="As the source says.", editor=None, **values):
    with recording(editor, reason, Way.FORM):
        for name, value in values.items():
            setattr(record, name, value)
        record.save()


def page(name, row, *args):
    opts = row._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{name}", args=[row.pk, *args])


def deleted(name, *args):
    return reverse(f"admin:missions_mission_{name}", args=args)


def send(client, address, **changed):
    """Fill in the page's form as it is, but for what is `changed`, and send it."""
    return client.post(address, form_fields(client.get(address)) | changed)


def told(response):
    return [(one.revision.number, one.revision.reason) for one in response.context["told"]]


@pytest.fixture
def mission():
    """A mission whose aim was One, is Two."""
    mission = make_mission(name="Luna 16", aim="One")
    change(mission, "It was two.", aim="Two")
    return mission


@pytest.fixture
def gone():
    """The key of a draft that was deleted, with its landing and evidence."""
    mission = make_mission(slug="luna-99", name="Luna 99", state="draft")
    cite(make_landing(mission), "date", quote="landed")
    with recording(None, "Twice in the record.", Way.FORM):
        mission.delete()
    return "luna-99"


# Looking


def test_the_history_tells_each_change_with_the_real_name_of_who_made_it(editor_client, mission):
    user = make_user("Editor", username="jsmith", first_name="Jane", last_name="Smith")
    change(mission, "It was three.", user, aim="Three")

    response = editor_client.get(page("history", mission))

    assert told(response)[:2] == [(3, "It was three."), (2, "It was two.")]
    content = response.content.decode()
    assert "jsmith (Jane Smith)" in content
    assert "by a program" in content
    [row] = response.context["told"][0].difference.rows
    assert [(field.before, field.after) for field in row.fields] == [("Two", "Three")]


def test_drafts_and_the_records_they_name_are_told_at_the_desk(editor_client):
    draft = make_mission_type(name="Orbiter")
    mission = make_mission(state="draft")
    person = make_person(name="Somebody", state="draft")
    with recording(None, "Linked.", Way.FORM):
        mission.types.add(draft)
        mission.crew.create(person=person, role="Pilot")

    content = editor_client.get(page("history", mission)).content.decode()

    assert "Orbiter" in content
    assert "Crew member: Somebody" in content


def test_the_history_of_a_part_tells_only_what_concerned_it(editor_client, mission):
    landing = make_landing(mission)
    change(mission, "Of the mission.", aim="Three")
    change(landing, "Of the landing.", site_name="Sea of Fertility")
    with recording(None, "Its evidence.", Way.FORM):
        cite(landing, "date")

    response = editor_client.get(page("history", landing))

    assert [reason for _, reason in told(response)][:2] == ["Its evidence.", "Of the landing."]
    assert "Of the mission." not in response.content.decode()
    assert page("history", mission) in response.content.decode()


def test_the_history_of_a_citation_follows_it_through_another_stated_value(editor_client, mission):
    with recording(None, "Cited.", Way.FORM):
        citation = cite(mission, "launch", stance="disputes", stated_value="1969")
    change(mission, "Not about it.", aim="Three")
    change(citation, "Read again.", stated_value="1968")

    response = editor_client.get(page("history", citation))

    assert [reason for _, reason in told(response)] == ["Read again.", "Cited."]


def test_two_revisions_are_compared_at_the_desk(editor_client, mission):
    change(mission, aim="Three")

    response = editor_client.get(page("history", mission), {"from": "1", "to": "3"})

    [row] = response.context["difference"].rows
    assert [(field.before, field.after) for field in row.fields] == [("One", "Three")]
    assert editor_client.get(page("history", mission), {"from": "x"}).status_code == 200


def test_what_was_changed_without_the_desk_is_pointed_out(editor_client, mission):
    Mission.objects.filter(pk=mission.pk).update(aim="By hand")

    content = editor_client.get(page("history", mission)).content.decode()

    assert "changed without the desk" in content
    assert "By hand" in content


def test_a_long_history_takes_as_many_queries_as_a_short_one(editor_client, mission, queries_of):
    def look():
        editor_client.get(page("history", mission))

    change(mission, aim="Three")
    few = queries_of(look)
    for number in range(60):
        change(mission, aim=f"{number}", editor=make_user("Editor"))

    assert queries_of(look) <= few


# Reverting


def test_reverting_shows_what_it_changes_asks_why_and_writes_it_back(
    editor, editor_client, mission
):
    landing = make_landing(mission)
    cite(landing, "date")
    change(mission, aim="Three")
    before = latest_revision(Mission, mission.slug)
    with recording(None, "A mistake.", Way.FORM):
        mission.aim = ""
        mission.save()
        landing.delete()
    address = page("revert", mission, before.number)

    asked = editor_client.get(address)
    response = send(editor_client, address, change_reason="That was a mistake.")

    rows = {row.title: row.what for row in asked.context["difference"].rows}
    assert rows["Mission: the record itself"] == "changed"
    assert rows["Landing 1"] == "added"
    assert response.url == page("change", mission)
    latest = latest_revision(Mission, mission.slug)
    assert (latest.way, latest.reason) == (Way.REVERT, "That was a mistake.")
    assert (latest.editor, latest.rows) == (editor, before.rows)
    assert Mission.objects.get(slug=mission.slug).landings.get().citations.count() == 1


def test_reverting_needs_a_reason(editor_client, mission):
    response = send(editor_client, page("revert", mission, 1), change_reason=" ")

    assert response.status_code == 200
    assert "Say why" in response.content.decode()
    mission.refresh_from_db()
    assert mission.aim == "Two"


@pytest.mark.parametrize("state", ["draft", "in_review", "withdrawn"])
def test_reverting_to_what_was_public_publishes_nothing(editor_client, mission, state):
    change(mission, state=state)

    send(editor_client, page("revert", mission, 1))

    mission.refresh_from_db()
    assert (mission.aim, mission.state, mission.is_public) == ("One", state, False)


def test_reverting_to_a_draft_withdraws_nothing(editor_client):
    mission = make_mission(state="draft", aim="One")
    change(mission, state="published", aim="Two")

    send(editor_client, page("revert", mission, 1))

    mission.refresh_from_db()
    assert (mission.aim, mission.is_public) == ("One", True)


def test_a_record_that_others_have_changed_since_is_not_reverted(editor_client, mission):
    address = page("revert", mission, 1)
    fields = form_fields(editor_client.get(address))
    change(mission, aim="Three")

    response = editor_client.post(address, fields)

    assert response.context["problems"] == [STALE]
    mission.refresh_from_db()
    assert mission.aim == "Three"
    assert editor_client.post(address, form_fields(response)).status_code == 302


@pytest.mark.parametrize("seen", ["", "0", "-1", "x", "9" * 30])
def test_a_forged_number_of_what_was_seen_reverts_nothing(editor_client, mission, seen):
    response = send(editor_client, page("revert", mission, 1), seen=seen)

    assert response.context["problems"]
    mission.refresh_from_db()
    assert mission.aim == "Two"


def test_why_a_record_cannot_go_back_is_told_beside_the_button(editor_client, mission):
    kind = make_mission_type(slug="orbiter")
    with recording(None, "An orbiter.", Way.FORM):
        mission.types.add(kind)
    with recording(None, "None.", Way.FORM):
        mission.types.clear()
    kind.delete()
    orbiting = Revision.objects.of(mission)[1]

    response = send(editor_client, page("revert", mission, orbiting.number))

    assert response.context["problems"] == ["There is no missions.missiontype:orbiter any more."]
    assert "There is no missions.missiontype:orbiter" in response.content.decode()
    assert latest_revision(Mission, mission.slug).reason == "None."


def test_a_published_record_does_not_go_back_to_having_no_evidence(editor_client):
    mission = make_mission(state="draft", cited=False, aim="One")
    change(mission, aim="Two")
    with recording(None, "Reviewed.", Way.FORM):
        cite(mission)
        mission.state = "published"
        mission.save()

    response = send(editor_client, page("revert", mission, 2))

    [problem] = response.context["problems"]
    assert "without a supporting citation" in problem
    mission.refresh_from_db()
    assert mission.is_public


def test_a_value_that_another_record_has_taken_is_told(editor_client, mission):
    change(mission, cospar_id="1970-072A", no_cospar_reason="")
    taken = latest_revision(Mission, mission.slug).number
    change(mission, cospar_id=None, no_cospar_reason="not_researched")
    make_mission(cospar_id="1970-072A")

    response = send(editor_client, page("revert", mission, taken))

    assert response.context["problems"]
    assert response.context["problems"] != [CLASH]
    mission.refresh_from_db()
    assert mission.cospar_id is None


def test_going_back_to_what_it_is_offers_no_button(editor_client, mission):
    response = editor_client.get(page("revert", mission, 2))

    assert "already as it was then" in response.content.decode()
    assert "revert_form" not in response.content.decode()


@pytest.mark.parametrize("role", ["Contributor", "Editor", "Administrator"])
def test_only_reviewers_revert_and_restore(mission, gone, role):
    client = Client()
    client.force_login(make_user(role))

    assert client.get(page("history", mission)).status_code == 200
    assert "Revert to" not in client.get(page("history", mission)).content.decode()
    for address in (page("revert", mission, 1), deleted("restore", gone, 1)):
        assert client.get(address).status_code == 403
        assert client.post(address, {"change_reason": "x", "seen": "2"}).status_code == 403
    mission.refresh_from_db()
    assert mission.aim == "Two"


@pytest.mark.parametrize("number", [0, 9])
def test_a_revision_that_there_is_not_is_not_found(editor_client, mission, gone, number):
    assert editor_client.get(page("revert", mission, number)).status_code == 404
    assert editor_client.get(deleted("restore", gone, number)).status_code == 404


def test_a_source_can_go_back(editor_client):
    source = make_source(title="One")
    cite(make_mission(), source=source)
    change(source, title="Two")

    send(editor_client, page("revert", source, 1))

    source.refresh_from_db()
    assert source.title == "One"


# Deleted records


def test_deleted_records_are_listed_with_who_and_why(editor_client, gone, mission):
    listed = editor_client.get(deleted("deleted")).content.decode()

    assert "Luna 99" in listed
    assert "Twice in the record." in listed
    assert mission.name not in listed
    assert deleted("deleted") in editor_client.get(deleted("changelist")).content.decode()


def test_without_a_deleted_record_there_is_no_list_to_go_to(editor_client, mission):
    assert deleted("deleted") not in editor_client.get(deleted("changelist")).content.decode()


def test_a_deleted_draft_comes_back_as_a_draft_with_its_parts(editor_client, gone):
    history = editor_client.get(deleted("deleted_history", gone))
    assert deleted("restore", gone, 1) in history.content.decode()
    assert deleted("restore", gone, 2) not in history.content.decode()

    response = send(editor_client, deleted("restore", gone, 1), change_reason="It was another.")

    mission = Mission.objects.get(slug=gone)
    assert response.url == page("change", mission)
    assert mission.state == "draft"
    assert mission.landings.get().citations.get().quote == "landed"
    assert latest_revision(Mission, gone).reason == "It was another."
    assert editor_client.get(deleted("deleted_history", gone)).status_code == 404
    assert [r.number for r in Revision.objects.at("missions.mission", gone)] == [3, 2, 1]


def test_what_was_restored_meanwhile_is_not_restored_again(editor_client, gone):
    address = deleted("restore", gone, 1)
    fields = form_fields(editor_client.get(address))
    editor_client.post(address, fields)

    assert editor_client.post(address, fields).status_code == 404
    assert rows_of(Mission.objects.get(slug=gone))


def test_pages_of_the_past_keep_to_the_strict_content_policy(editor_client, mission, gone):
    for address in (
        page("revert", mission, 1),
        deleted("deleted"),
        deleted("deleted_history", gone),
        deleted("restore", gone, 1),
    ):
        content = editor_client.get(address).content.decode()
        assert "<style" not in content
        assert " style=" not in content
        assert " onclick=" not in content


def test_strangers_see_no_history_of_the_desk(client, mission, gone):
    for address in (page("history", mission), deleted("deleted"), deleted("deleted_history", gone)):
        assert client.get(address).status_code == 302
