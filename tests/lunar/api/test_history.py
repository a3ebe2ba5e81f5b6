"""Keeping a copy in step: what changed since, what was withdrawn, what was merged."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lunar.desk.history import Way, recording, revision_number
from lunar.desk.merging import Merger
from lunar.desk.models import Revision
from missions.models import Mission
from tests.factories import cite, make_mission, make_organization, make_source

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def change(record, reason="Corrected.", days_ago=0, **values):
    """Change a record at the desk, as if all its changes had been made some days ago."""
    with recording(None, reason, Way.COMMAND):
        for name, value in values.items():
            setattr(record, name, value)
        record.save()
    Revision.objects.of(record).update(made_at=timezone.now() - days_ago * DAY)


def merge(duplicate, kept):
    seen = [revision_number(duplicate), revision_number(kept)]
    Merger.of(duplicate, kept).carry_out(None, "Both are the same.", seen)


def since(days_ago):
    return (timezone.now() - days_ago * DAY).strftime("%Y-%m-%dT%H:%M:%SZ")


def asked(client, kind, days_ago, **more):
    response = client.get(f"/api/v1/{kind}/", {"updated_since": since(days_ago)} | more)
    assert response.status_code == 200, response.content
    return response.json()


def test_only_what_changed_since_is_listed(client):
    old, new = make_mission(slug="old"), make_mission(slug="new")
    make_mission(slug="untouched")
    change(old, aim="Older", days_ago=9)
    change(new, aim="Newer", days_ago=2)

    assert [one["id"] for one in asked(client, "missions", 3)["results"]] == ["new"]
    assert {one["id"] for one in asked(client, "missions", 10)["results"]} == {"new", "old"}
    assert asked(client, "missions", 1)["results"] == []


def test_the_time_of_a_change_asks_for_it_again(client):
    change(make_mission(slug="luna-2"), aim="To hit the Moon.")
    [found] = client.get("/api/v1/missions/").json()["results"]

    again = client.get("/api/v1/missions/", {"updated_since": found["changed"]}).json()

    assert again["results"] == [found]
    assert found["revision"] == 2  # the first is how it was found


def test_a_day_begins_at_midnight_in_utc(client):
    change(make_mission(slug="luna-2"), aim="To hit the Moon.")
    today = timezone.now().date()

    for day, count in ((today, 1), (today + DAY, 0)):
        found = client.get("/api/v1/missions/", {"updated_since": day.isoformat()}).json()
        assert found["count"] == count


def test_a_withdrawn_record_leaves_a_note(client):
    mission = make_mission(slug="luna-99", aim="Never told")
    change(mission, state=Mission.State.WITHDRAWN, reason="It never flew.")

    [gone] = asked(client, "missions", 1)["gone"]
    response = client.get("/api/v1/missions/luna-99/")

    assert gone.pop("when").endswith("Z")
    assert gone == {
        "type": "mission",
        "id": "luna-99",
        "withdrawn": True,
        "reason": "It never flew.",
    }
    assert response.status_code == 410
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["record"].items() >= gone.items()
    assert "Never told" not in response.content.decode()


def test_a_record_that_is_public_again_is_not_gone(client):
    mission = make_mission(slug="luna-99")
    change(mission, state=Mission.State.WITHDRAWN)
    change(mission, state=Mission.State.PUBLISHED)

    found = asked(client, "missions", 1)

    assert [one["id"] for one in found["results"]] == ["luna-99"]
    assert (found["gone"], found["gone_count"]) == ([], 0)


def test_what_was_withdrawn_earlier_is_not_told_again(client):
    change(make_mission(), state=Mission.State.WITHDRAWN, days_ago=5)

    assert asked(client, "missions", 3)["gone"] == []
    assert len(asked(client, "missions", 6)["gone"]) == 1


def test_gone_records_are_told_whatever_the_filters(client):
    change(make_mission(), state=Mission.State.WITHDRAWN)

    found = asked(client, "missions", 1, outcome="planned")

    assert (found["count"], found["gone_count"]) == (0, 1)


def test_without_a_time_nothing_gone_is_listed(client):
    change(make_mission(), state=Mission.State.WITHDRAWN)

    assert client.get("/api/v1/missions/").json()["gone"] == []


def test_a_merged_record_leads_on(client):
    kept = make_organization(slug="kept", name="The one kept")
    duplicate = make_organization(slug="duplicate")
    change(kept, city="Paris")
    change(duplicate, city="Paris")
    merge(duplicate, kept)

    [gone] = asked(client, "organizations", 1)["gone"]
    response = client.get("/api/v1/organizations/duplicate/?fields=name")

    assert (gone["id"], gone["reason"]) == ("duplicate", "Both are the same.")
    assert gone["moved_to"] == {
        "id": "kept",
        "name": "The one kept",
        "page": "http://testserver/organizations/kept/",
    }
    assert response.status_code == 301
    assert response["Location"] == "/api/v1/organizations/kept/?fields=name"


def test_a_merged_source_leads_on(client):
    kept, duplicate = make_source(slug="kept"), make_source(slug="duplicate")
    for source in (kept, duplicate):
        cite(make_mission(), source=source)
    merge(duplicate, kept)

    [gone] = asked(client, "sources", 1)["gone"]

    assert (gone["id"], gone["moved_to"]["id"]) == ("duplicate", "kept")


def test_a_merged_draft_is_not_told_of(client):
    kept, draft = make_organization(slug="kept"), make_organization(slug="secret", state="draft")
    merge(draft, kept)

    assert asked(client, "organizations", 1)["gone"] == []


def test_withdrawn_and_merged_records_are_paged_together(client):
    change(make_organization(slug="withdrawn"), state="withdrawn")
    kept = make_organization(slug="kept")
    for slug in ("one", "two"):
        duplicate = make_organization(slug=slug)
        change(duplicate, city="Paris")
        merge(duplicate, kept)

    found = [asked(client, "organizations", 1, per_page=1, page=n) for n in (1, 2, 3)]

    assert [one["gone"][0]["id"] for one in found] == ["withdrawn", "two", "one"]
    assert [one["gone_count"] for one in found] == [3, 3, 3]
    assert [bool(one["next"]) for one in found] == [True, True, False]
