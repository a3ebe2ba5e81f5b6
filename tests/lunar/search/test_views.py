"""The page of results, its addresses, and the suggestions as JSON."""

import pytest
from django.urls import reverse

from lunar.search.documents import kinds
from lunar.search.results import MOST_OTHER_NAMES, MOST_SUGGESTED
from lunar.search.words import MOST_WORDS
from lunar.sources.derivation import postponed
from lunar.text import MAX_QUERY_LENGTH
from tests import factories as make
from tests.html import Page

pytestmark = pytest.mark.django_db


def make_zonds(number):
    with postponed():
        for n in range(1, number + 1):
            make.make_mission(name=f"Zond {n}", native_name=f"Зонд-{n}")


def test_results_are_shown_with_what_fits_marked(client):
    mission = make.make_mission(
        name="Chang'e 5",
        native_name="嫦娥五号",
        native_language="zh",
        other_names="CE-5; Chang’e-5; A; B",
        result="Brought soil & <rock>.",
    )

    page = Page(client.get("/search/", {"q": "ce 5 rock"}))

    assert page.problems == []
    assert mission.get_absolute_url() in page.links
    assert "Brought soil &amp; &lt;<mark>rock</mark>&gt;." in page.html
    assert '<span class="native" lang="zh">嫦娥五号</span>' in page.html
    assert "Also: <mark>CE</mark>-<mark>5</mark>; Chang’e-<mark>5</mark>" in page.html


def test_where_the_name_says_it_all_the_first_text_is_shown(client):
    make.make_mission(name="Zond 5", other_names="Probe Zond 5", result="It flew.", aim="Zond 5!")

    page = client.get("/search/", {"q": "zond 5"}).content.decode()

    assert "It flew." in page
    assert "Also" not in page
    assert "Zond</mark> <mark>5</mark>!" not in page


def test_few_of_many_other_names_are_shown(client):
    make.make_mission(name="Zond", other_names="; ".join(f"Probe {n}" for n in range(9)))

    page = client.get("/search/", {"q": "probe"}).content.decode()

    assert page.count("<mark>Probe</mark>") == MOST_OTHER_NAMES


def test_every_kind_found_is_a_link_with_its_number(client):
    make_zonds(2)
    make.make_transfer(title="A stone of Zond 1")

    page = Page(client.get("/search/", {"q": "zond"}))
    chosen = Page(client.get("/search/", {"q": "zond", "type": "transfer"}))

    assert "/search/?q=zond&type=mission" in page.links
    assert 'Missions <span class="tallied">2</span>' in page.html
    assert "<strong>3</strong> records" in page.html
    assert "<strong>1</strong> record</p>" in chosen.html
    assert "A stone of <mark>Zond</mark> 1" in chosen.html
    assert chosen.html.count('aria-current="true"') == 1


def test_a_kind_without_results_says_so_and_leads_back(client):
    make_zonds(1)

    page = Page(client.get("/search/", {"q": "zond", "type": "person"}))

    assert page.status == 200
    assert "matches all of “zond” among people" in page.html
    assert "/search/?q=zond" in page.links


def test_pages_lead_on_and_one_beyond_the_last_is_told(client):
    make_zonds(25)

    first = Page(client.get("/search/", {"q": "zond"}))
    second = Page(client.get("/search/", {"q": "zond", "page": 2}))
    beyond = Page(client.get("/search/", {"q": "zond", "page": 3}))

    assert "/search/?q=zond&page=2" in first.links
    assert "1–20 shown" in first.html
    assert "21–25 shown" in second.html
    assert "Зонд-25" in second.html
    assert beyond.status == 404
    assert "There is no page 3: this search has 2 pages" in beyond.html
    assert "Зонд-25" in beyond.html
    assert [page.problems for page in (first, second, beyond)] == [[], [], []]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"type": "planet"}, "There is no such kind of record. Choose one of: mission, programme"),
        ({"type": "Mission"}, "There is no such kind of record"),
        ({"type": "\x00"}, "There is no such kind of record"),
        ({"page": "0"}, "Write a page number such as 1 or 12."),
        ({"page": "²"}, "Write a page number such as 1 or 12."),
        ({"page": "9" * 30}, "Write a page number such as 1 or 12."),
        ({"page": "-1"}, "Write a page number such as 1 or 12."),
        ({"q": "a" * (MAX_QUERY_LENGTH + 1)}, "Search for at most 200 letters at once."),
        ({"q": "a " * (MOST_WORDS + 1)}, "Search for at most 32 words at once."),
    ],
)
def test_a_bad_value_is_told_in_words(client, asked, told):
    make_zonds(1)

    for path in ("/search/", "/search/suggest/"):
        response = client.get(path, {"q": "zond"} | asked)

        assert response.status_code == 400
        assert told in response.content.decode()
        assert "/missions/zond" not in response.content.decode()
    assert Page(client.get("/search/", {"q": "zond"} | asked)).problems == []


@pytest.mark.parametrize("words", ["a" * MAX_QUERY_LENGTH, "a " * MOST_WORDS, "a" * 198 + " b"])
def test_as_many_words_and_letters_as_allowed_are_searched_for(client, words):
    assert client.get("/search/", {"q": words}).status_code == 200


def test_unknown_parameters_and_repeated_ones_do_no_harm(client):
    make_zonds(1)

    response = client.get("/search/?q=luna&q=zond&utm=1&type=&page=")

    assert response.context["answer"].total == 1


def test_more_than_are_counted_are_told_so(client, monkeypatch):
    monkeypatch.setattr("lunar.search.engine.MOST_COUNTED", 2)
    monkeypatch.setattr("lunar.search.views.MOST_COUNTED", 2)
    monkeypatch.setattr("lunar.search.engine.MOST_LISTED", 1)
    make_zonds(3)

    page = Page(client.get("/search/", {"q": "zond"}))

    assert "More than <strong>2</strong> records fit" in page.html
    assert "The first 1 is listed." in page.html
    assert all(f"/search/?q=zond&type={name}" in page.links for name in kinds())
    assert "tallied" not in page.html


def test_a_misspelt_name_leads_to_the_right_one(client):
    make.make_programme(name="Artemis")

    page = Page(client.get("/search/", {"q": "Artmis"}))

    assert "Did you mean" in page.html
    assert "/search/?q=Artemis" in page.links


def test_suggestions_are_the_few_best_names(client):
    make_zonds(MOST_SUGGESTED + 1)
    make.make_mission(name="Luna 1", native_name="Луна-1", result="Not a zond.")
    make.make_transfer(title="A stone of Zond 1")

    response = client.get(reverse("search-suggest"), {"q": "zon"})

    assert response["Content-Type"] == "application/json"
    answer = response.json()
    assert answer["query"] == "zon"
    assert len(answer["suggestions"]) == MOST_SUGGESTED
    assert answer["suggestions"][0]["name"] == "Zond 1"
    assert client.get("/search/suggest/", {"q": "луна"}).json()["suggestions"] == [
        {
            "name": "Luna 1",
            "native_name": "Луна-1",
            "kind": "Mission",
            "url": client.get("/search/", {"q": "luna 1"}).context["results"][0].url,
        }
    ]


def test_suggestions_tell_of_no_draft(client):
    make.make_mission(name="Selenographia", state="draft")

    assert client.get("/search/suggest/", {"q": "selenographia"}).json()["suggestions"] == []
    assert client.get("/search/suggest/").json() == {"query": "", "suggestions": []}


def test_suggestions_for_a_bad_value_are_problem_details(client):
    response = client.get("/search/suggest/", {"q": "zond", "page": "x"})

    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 400
    assert "page: Write a page number" in response.json()["detail"]


@pytest.mark.parametrize("path", ["/search/", "/search/suggest/"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_search_is_only_read(client, path, method):
    assert getattr(client, method)(path).status_code == 405


def test_every_page_has_the_field_that_suggests(client):
    page = Page(client.get("/about/"))

    assert 'data-suggest="/search/suggest/"' in page.html
    assert any((script.get("src") or "").endswith("js/search.js") for script in page.all("script"))
