import pytest

from diplomacy.models import Transfer
from missions.models import Mission
from tests.html import Page

pytestmark = pytest.mark.django_db


def test_gallery_needs_no_record_and_is_sound(client):
    page = Page(client.get("/about/gallery/"))

    assert page.status == 200
    assert page.problems == []


def test_gallery_shows_every_outcome_and_status(client):
    html = client.get("/about/gallery/").content.decode()

    for kind in (Mission.Outcome, Transfer.Status):
        for code, label in kind.choices:
            assert f'<span class="badge badge-{code.replace("_", "-")}">{label}</span>' in html


def test_gallery_is_not_for_search_engines(client):
    metas = Page(client.get("/about/gallery/")).all("meta")

    assert [m.get("content") for m in metas if m.get("name") == "robots"] == ["noindex"]
    assert "/about/gallery/" in Page(client.get("/about/method/")).links
