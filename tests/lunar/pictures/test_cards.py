import re
import struct
from itertools import pairwise

import pytest

from lunar.pictures import cards, lettering
from tests import factories as make
from tests.html import Page
from tests.world import SECRET, make_world, plant_drafts

pytestmark = pytest.mark.django_db


def said(page):
    """Return {property: content} of what a page tells other sites."""
    return {
        meta.get("property") or meta.get("name"): meta.get("content") for meta in page.all("meta")
    }


def test_every_record_page_names_a_card_that_is_there(client):
    for record in make_world().record_pages:
        told = said(Page(client.get(record.get_absolute_url())))
        response = client.get(told["og:image"])

        assert told["og:url"] == f"http://testserver{record.get_absolute_url()}"
        assert told["og:type"] == "article"
        assert told["og:description"] == told["description"]
        assert told["twitter:card"] == "summary_large_image"
        assert told["og:image"].startswith("http://testserver/pictures/cards/")
        assert "default" not in told["og:image"], record
        assert response.status_code == 200, record
        assert struct.unpack(">LL", response.content[16:24]) == (1200, 630)


def test_title_for_other_sites_is_that_of_the_page_without_the_site(client):
    make.make_mission(slug="luna-1", name="Luna 1 <b> & 'Mechta'")
    page = Page(client.get("/missions/luna-1/"))

    assert page.title == "Luna 1 <b> & 'Mechta' | Lunar Record"
    assert said(page)["og:title"] == "Luna 1 <b> & 'Mechta'"
    assert said(page)["og:site_name"] == "Lunar Record"


@pytest.mark.parametrize("path", ["/", "/missions/", "/about/", "/search/"])
def test_other_pages_have_the_default_card(client, path):
    told = said(Page(client.get(path)))

    assert told["og:image"] == "http://testserver/pictures/cards/default.png"
    assert client.get(told["og:image"]).status_code == 200


def test_draft_has_no_card(client):
    plant_drafts(make_world())
    for kind in cards.KINDS:
        for slug in (SECRET, "X-ZUGZWA"):
            assert client.get(f"/pictures/cards/{kind}/{slug}.png").status_code == 404


def test_card_names_no_draft():
    plant_drafts(make_world())
    for kind in cards.KINDS.values():
        for record in kind.model.objects.public():
            name, slug = cards.kind_of(record)
            assert SECRET not in cards.svg(cards.card_of(name, slug)).lower()


def test_card_tells_the_answer_and_the_figures():
    make_world()
    card = cards.card_of("missions", "chang-e-5")

    assert (card.kind, card.name) == ("Mission", "Chang'e 5")
    assert card.answer == "It brought back 1,731 g of soil."
    assert ("Brought back", "1,731 g") in card.figures


@pytest.mark.parametrize(
    "card",
    [
        cards.Card("Source", "A very long title, " * 12, "Подзаголовок " * 9, "The answer. " * 60),
        cards.Card("Mission", "Donaudampfschifffahrtsgesellschaft" * 4, "嫦娥五号" * 20, "x" * 900),
        cards.Card("Country", "X", "", "", [("A label of some length", "A long value " * 9)] * 6),
        cards.Card("", "", "", ""),
    ],
)
def test_nothing_on_a_card_is_clipped_or_overlaps(card):
    drawn = cards.svg(card)
    room = cards.LEFT + cards.ROOM
    lines = re.findall(r'<text x="(\d+\.?\d*)" y="([\d.]+)"[^>]*>([^<]+)<', drawn)
    baselines = sorted({float(y) for x, y, _ in lines if float(x) == cards.LEFT})

    assert all(after - before >= 20 for before, after in pairwise(baselines))
    assert baselines == [] or baselines[-1] < cards.HEIGHT - 20
    assert all(float(x) + lettering.width(text, 20) <= room for x, _, text in lines)


def test_letters_that_no_font_has_are_not_drawn():
    assert cards.can_draw("Луна, Chang’e ✓")
    assert not cards.can_draw("\U0010fff0")
