"""A preview shows the public page of what is not public, to those who may see it."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories as make
from tests.html import Page

pytestmark = pytest.mark.django_db

MAKERS = {
    "mission": make.make_mission,
    "programme": make.make_programme,
    "transfer": make.make_transfer,
    "agreement": make.make_agreement,
    "practice": make.make_practice,
    "country": make.make_country,
    "organisation": make.make_organization,
    "person": make.make_person,
}


def address(record, page="preview"):
    opts = record._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=[record.pk])


def client_of(*roles):
    client = Client()
    client.force_login(make.make_user(*roles))
    return client


def links(response):
    page = Page(response)
    return {"".join(a.itertext()).strip(): a.get("href") for a in page.all("a")}


@pytest.mark.parametrize("kind", MAKERS)
def test_a_draft_is_shown_as_its_page_will_be(editor_client, kind):
    draft = MAKERS[kind](state="draft")

    response = editor_client.get(address(draft))
    page = Page(response)

    assert (page.status, page.problems) == (200, [])
    assert "Preview of a draft: not public" in page.text
    assert str(draft) in page.text
    assert links(response)["Back to its form"] == address(draft, "change")


def test_a_preview_is_kept_nowhere_and_as_strict_as_the_public_page(editor_client, client):
    draft, shown = make.make_mission(state="draft"), make.make_mission()

    response = editor_client.get(address(draft))

    assert response["Cache-Control"] == "private, no-store"
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert response["X-Robots-Tag"] == "noindex"
    public = client.get(shown.get_absolute_url())["Content-Security-Policy"]
    assert sorted(response["Content-Security-Policy"].split("; ")) == sorted(public.split("; "))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": "in_review"}, "Preview of a record in review: not public"),
        ({"state": "withdrawn"}, "Preview of a withdrawn record: not public"),
        ({"cited": False}, "Preview of a record without evidence: not public"),
    ],
)
def test_a_preview_says_why_it_is_not_public(editor_client, fields, words):
    response = editor_client.get(address(make.make_mission(**fields)))

    assert words in response.content.decode()


def test_a_preview_has_the_parts_that_the_page_will_have(editor_client):
    mission = make.make_mission(state="draft")
    make.make_crew_member(mission, make.make_person(name="Buzz Aldrin"))
    agreement = make.make_agreement(state="draft")
    make.make_adherence(agreement, make.make_country(name="Liechtenstein"))

    assert "Buzz Aldrin" in editor_client.get(address(mission)).content.decode()
    assert "Liechtenstein" in editor_client.get(address(agreement)).content.decode()


def test_a_preview_names_no_other_draft(editor_client):
    draft = make.make_person(name="Unsayable", state="draft")
    mission = make.make_crew_member(make.make_mission(state="draft"), draft).mission
    transfer = make.make_transfer(state="draft", giver_person=draft)

    for record in (mission, transfer):
        assert "Unsayable" not in editor_client.get(address(record)).content.decode()


def test_a_preview_leads_to_no_public_page_of_the_draft(editor_client):
    draft = make.make_mission(state="draft", slug="luna-99")

    page = Page(editor_client.get(address(draft)))

    assert [link for link in page.links if "luna-99" in link] == []
    assert [link.get("rel") for link in page.all("link") if link.get("rel") == "canonical"] == []


def test_only_a_page_that_is_not_public_has_a_preview(editor_client):
    draft, shown = make.make_mission(state="draft"), make.make_mission()

    draft_links = links(editor_client.get(address(draft, "change")))
    assert draft_links["Preview"] == address(draft)
    assert "View on site" not in draft_links
    shown_links = links(editor_client.get(address(shown, "change")))
    assert "Preview" not in shown_links
    assert "View on site" in shown_links
    assert editor_client.get(address(shown)).url == shown.get_absolute_url()


def test_what_is_shown_on_pages_of_others_has_no_preview(editor_client):
    figure = make.make_figure(state="draft")

    assert "Preview" not in links(editor_client.get(address(figure, "change")))
    assert editor_client.get(address(figure)).status_code == 404


@pytest.mark.parametrize("role", ["Contributor", "Editor", "Reviewer"])
def test_whoever_may_see_drafts_may_preview_them(role):
    draft = make.make_mission(state="draft")

    assert client_of(role).get(address(draft)).status_code == 200


def test_nobody_else_sees_a_preview_or_whether_there_is_one(client):
    draft = make.make_mission(state="draft")
    nowhere = address(draft).replace(str(draft.pk), "999999")

    assert client_of().get(address(draft)).status_code == 302
    assert client_of().get(nowhere).status_code == 302
    assert client.get(address(draft)).status_code == client.get(nowhere).status_code == 302


def test_there_is_no_preview_of_nothing(editor_client):
    draft = make.make_mission(state="draft")

    assert editor_client.get(address(draft).replace(str(draft.pk), "999999")).status_code == 404


def test_a_preview_shows_the_present_state_whatever_day_is_asked(editor_client):
    draft = make.make_mission(state="draft", name="Luna 99")

    response = editor_client.get(address(draft), {"as_of": "2020-01-01"})

    assert "Luna 99" in response.content.decode()
