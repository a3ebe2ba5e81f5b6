"""What waits for an editor: counted on the desk's front page, listed behind each count."""

import pytest
from django.contrib import admin
from django.urls import reverse

from diplomacy.models import Transfer
from missions.models import Mission
from tests.factories import (
    cite,
    make_act,
    make_landing,
    make_mission,
    make_person,
    make_sample_return,
    make_source,
    make_transfer,
    make_user,
)

pytestmark = pytest.mark.django_db


def waiting(client):
    """{title: {(name, number)}} of the desk's front page."""
    page = client.get("/admin/")
    return {
        worklist.title: {(name, number) for name, number, _ in worklist.entries}
        for worklist in page.context["worklists"]
    }


def listed(client, title):
    """The rows of every list to which a worklist of the front page leads."""
    page = client.get("/admin/")
    [worklist] = [one for one in page.context["worklists"] if one.title == title]
    rows = []
    for _, number, address in worklist.entries:
        found = list(client.get(address).context["cl"].result_list)
        assert len(found) == number
        rows += found
    return rows


def test_drafts_and_what_is_to_be_reviewed(editor_client):
    unsourced = make_mission(state="draft", cited=False)
    make_mission(state="draft")
    reviewed = make_person(state="in_review")

    assert listed(editor_client, "In review") == [reviewed]
    assert listed(editor_client, "Drafts without a citation") == [unsourced]


def test_what_a_source_disputes_in_a_record_or_a_part_of_it(editor_client):
    landing = make_landing()
    cite(landing, "position", stance="disputes", stated_value="elsewhere")
    person = make_person()
    cite(person, "name", stance="disputes", stated_value="another")
    make_mission()

    assert set(listed(editor_client, "Disputed by a source")) == {landing.mission, person}


def test_what_rests_on_one_source_alone(editor_client):
    only = make_source()
    alone = make_transfer(cited=False)
    cite(alone, source=only)
    cite(make_act(alone), "date", source=only)
    supported = make_transfer(cited=False)
    cite(supported, source=only)
    cite(make_act(supported), "date")
    make_transfer(state="draft")

    found = Transfer.objects.resting_on_one_source()

    assert list(found) == [alone]


def test_material_that_nobody_has_seen_for_years(editor_client):
    unseen, seen = make_transfer(), make_transfer()
    make_act(unseen, kind="given", date="1973")
    make_act(seen, kind="given", date="1973")
    make_act(seen, kind="confirmed", date="2026-01")
    stolen = make_transfer()
    make_act(stolen, kind="given", date="1973")
    make_act(stolen, kind="stolen", date="1990")

    assert listed(editor_client, "Not seen in place for five years") == [unseen]


def test_plans_whose_date_has_passed(editor_client):
    overdue = make_mission(outcome="planned", launch="2020-11")
    make_mission(outcome="planned", launch="2099")

    assert listed(editor_client, "Plans whose date has passed") == [overdue]


def test_sources_without_an_archived_copy(editor_client):
    make_source(archive_url="https://web.archive.org/1")
    make_source(url="")
    missing = make_source(archive_url="")

    assert listed(editor_client, "Sources without an archived copy") == [missing]


def test_every_worklist_is_a_method_of_its_rows():
    for model, page in admin.site._registry.items():
        for name in getattr(page, "worklists", {}):
            assert callable(getattr(model._default_manager, name)), (model, name)


def test_the_front_page_takes_as_many_queries_for_any_number_of_records(editor_client, queries_of):
    make_mission()
    few = queries_of(lambda: editor_client.get("/admin/"))
    for _ in range(5):
        make_landing()
        make_transfer()

    assert queries_of(lambda: editor_client.get("/admin/")) == few


# The check of the whole record


def test_a_check_keeps_its_findings_and_leads_to_their_rows(editor_client):
    mission = make_mission(name="Luna 99", outcome="planned", launch="2020-11")
    page = editor_client.post(reverse("admin:checks"), follow=True)

    assert b"Plans whose date has passed (1)" in page.content
    assert reverse("admin:missions_mission_change", args=[mission.pk]) in page.content.decode()
    front = editor_client.get("/admin/").content.decode()
    assert f'{reverse("admin:checks")}#plans-whose-date-has-passed">' in front
    assert "Plans whose date has passed: 1" in front

    Mission.objects.filter(pk=mission.pk).update(outcome="cancelled")
    again = editor_client.post(reverse("admin:checks"), follow=True)
    assert b"Plans whose date has passed" not in again.content


def test_mass_overdrafts_are_found_by_the_check(editor_client):
    mission = make_mission(name="Luna 99")
    make_sample_return(mission, mass_g="10")
    make_act(make_transfer(missions=[mission], mass_g="11"), kind="given", date="1978")

    editor_client.post(reverse("admin:checks"))

    assert "Mass overdrafts: 1" in editor_client.get("/admin/").content.decode()


def test_who_may_look_at_checks_and_who_may_run_them(client):
    client.force_login(make_user("Contributor"))
    page = client.get(reverse("admin:checks"))
    assert b"Not checked yet" in page.content
    assert b"Check now" not in page.content
    assert client.post(reverse("admin:checks")).status_code == 403
