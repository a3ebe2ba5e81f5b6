"""Duplicates made one: nothing that named them is lost, and old addresses lead on."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from lunar.desk.history import StaleRecordError, Way, recording, revision_number
from lunar.desk.merging import Merger
from lunar.desk.models import FormerAddress, Revision
from lunar.parties.models import Organization, Person
from lunar.sources.models import Source
from tests.factories import (
    cite,
    make_act,
    make_crew_member,
    make_mission,
    make_organization,
    make_source,
    make_transfer,
    make_user,
)

pytestmark = pytest.mark.django_db


def merge(duplicate, kept, reason="Both are the same."):
    merger = Merger.of(duplicate, kept)
    return merger.carry_out(None, reason, [revision_number(duplicate), revision_number(kept)])


def merge_page(record, into=None):
    opts = record._meta
    address = reverse(f"admin:{opts.app_label}_{opts.model_name}_merge", args=[record.pk])
    return f"{address}?into={into.pk}" if into else address


def test_everything_that_named_a_source_names_the_one_kept():
    duplicate, kept = make_source(), make_source()
    mission = make_mission(cited=False)
    cite(mission, source=duplicate)
    act = make_act()
    cite(act, "date", source=duplicate)

    merge(duplicate, kept)

    assert mission.citations.get().source == kept
    assert act.citations.get().source == kept
    assert not Source.objects.filter(pk=duplicate.pk).exists()


def test_a_citation_that_the_kept_source_has_already_goes():
    duplicate, kept = make_source(), make_source()
    mission = make_mission(cited=False)
    cite(mission, "launch", source=duplicate)
    cite(mission, "launch", source=kept)

    merge(duplicate, kept)

    mission.refresh_from_db()
    assert [c.source for c in mission.citations.all()] == [kept]
    assert mission.citation_count == 1


def test_an_organisation_keeps_its_links_evidence_and_what_it_holds():
    duplicate, kept = make_organization(), make_organization(native_name="")
    Organization.objects.filter(pk=duplicate.pk).update(native_name="月")
    duplicate.refresh_from_db()
    mission = make_mission(operators=[duplicate])
    transfer = make_transfer()
    make_act(transfer, kind="moved", from_organization=duplicate, to_organization=duplicate)

    merge(duplicate, kept)

    kept.refresh_from_db()
    transfer.refresh_from_db()
    act = transfer.acts.get()
    assert list(mission.operators.all()) == [kept]
    assert (act.from_organization, act.to_organization) == (kept, kept)
    assert transfer.holder_organization == kept
    assert kept.native_name == "月"
    assert kept.citations.count() == 2


def test_every_record_that_changes_gets_a_revision():
    duplicate, kept = make_source(), make_source()
    mission = make_mission(cited=False)
    cite(mission, source=duplicate)

    change = merge(duplicate, kept, "The same page twice.")

    assert {(r.label, r.key) for r in change.revisions} == {
        ("missions.mission", mission.slug),
        ("sources.source", duplicate.slug),
    }
    assert {(r.way, r.reason) for r in change.revisions} == {(Way.MERGE, "The same page twice.")}


def test_old_addresses_lead_on_through_any_number_of_mergers():
    first, second, third = make_source(), make_source(), make_source()
    merge(first, second)
    merge(second, third)

    for slug in (first.slug, second.slug):
        assert FormerAddress.objects.target_of(Source, slug) == third


def test_the_old_address_of_a_public_record_redirects_for_good(client):
    duplicate, kept = make_organization(), make_organization()
    old = duplicate.get_absolute_url()
    merge(duplicate, kept)

    response = client.get(old)

    assert response.status_code == 301
    assert response["Location"] == kept.get_absolute_url()


def test_two_that_flew_on_one_mission_are_not_one_person():
    member = make_crew_member()
    other = make_crew_member(member.mission)

    with pytest.raises(ValidationError, match="cannot name the one to keep"):
        Merger.of(member.person, other.person)
    assert Person.objects.count() == 2


def test_a_public_record_is_not_merged_into_a_draft():
    with pytest.raises(ValidationError, match="not public"):
        Merger.of(make_organization(), make_organization(state="draft"))


def test_a_merger_decided_on_an_older_state_is_stopped():
    duplicate, kept = make_organization(), make_organization()
    merger = Merger.of(duplicate, kept)
    with recording(None, "In between.", Way.FORM):
        kept.name = "Renamed"
        kept.save()

    with pytest.raises(StaleRecordError):
        merger.carry_out(None, "Same.", [0, 0])
    assert Organization.objects.count() == 2


# At the desk


def test_a_reviewer_sees_what_merging_takes_and_merges(editor_client):
    duplicate, kept = make_organization(name="NAO"), make_organization(name="Observatories")
    make_mission(name="Chang'e 5", operators=[duplicate])
    change_page = reverse("admin:parties_organization_change", args=[duplicate.pk])
    assert merge_page(duplicate) in editor_client.get(change_page).content.decode()

    page = editor_client.get(merge_page(duplicate, kept))
    assert "Chang&#x27;e 5" in page.content.decode()
    assert not Revision.objects.exists()

    fields = {"change_reason": "One and the same."} | page.context["form"].initial
    done = editor_client.post(merge_page(duplicate, kept), fields, follow=True)
    assert "“NAO” is merged into this one" in done.content.decode()
    assert not Organization.objects.filter(name="NAO").exists()


def test_merging_asks_for_a_reason_and_for_another_record(editor_client):
    duplicate, kept = make_organization(), make_organization()
    page = editor_client.post(merge_page(duplicate, kept), {"seen": "0,0", "change_reason": ""})
    assert b"Say why" in page.content
    assert b"another record" in editor_client.get(merge_page(duplicate, duplicate)).content
    assert (
        b"There is no such record"
        in editor_client.get(f"{merge_page(duplicate)}?into=999999").content
    )
    assert Organization.objects.count() == 2


@pytest.mark.parametrize("role", ["Contributor", "Editor", "Administrator"])
def test_only_reviewers_merge(client, role):
    duplicate, kept = make_source(), make_source()
    client.force_login(make_user(role))
    assert client.get(merge_page(duplicate, kept)).status_code == 403
    assert client.post(merge_page(duplicate, kept), {}).status_code == 403
