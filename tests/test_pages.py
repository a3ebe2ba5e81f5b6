"""What must hold of every public page: sound HTML, links that lead somewhere, no draft told."""

from urllib.parse import urldefrag

import pytest
from django.test import Client
from django.utils.html import escape

from tests.html import Page
from tests.world import HOSTILE, SECRET, whole_world

pytestmark = pytest.mark.django_db

LISTS = [
    "/missions/",
    "/missions/programmes/",
    "/missions/samples/",
    "/people/",
    "/organizations/",
    "/sources/",
    "/changes/",
    "/diplomacy/transfers/",
    "/diplomacy/displays/",
    "/diplomacy/countries/",
    "/diplomacy/agreements/",
]
OTHERS = [
    "/",
    "/about/",
    "/about/method/",
    "/about/reliability/",
    "/data/",
    "/diplomacy/",
    "/search/",
    "/search/?q=soil",
    "/search/?q=nothing+has+this+name",
    "/suggest/",
    "/suggest/?record=mission/chang-e-5&field=landing-1-position",
    "/search/?q=%00%F0%9F%8C%95+%22%3E%3Cscript%3E",
]
ASKED = {
    "nothing found": "q=nothing+has+this+name",
    "filtered": "q=a&per_page=25",
    "bad values": "from=yesterday&to=%00&sort=colour&per_page=7&page=0&kind=x&q=%3Cb%3E",
    "beyond the last page": "page=999999",
}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), whole_world() as world:
        yield world


@pytest.fixture(scope="module")
def crawled(world):
    """{address: Page} of all that links lead to from the front page."""
    client, found, waiting = Client(), {}, ["/", "/sitemap.xml", "/robots.txt"]
    while waiting:
        address, _ = urldefrag(waiting.pop())
        # The form for each single value is that for the record, with another value first, and
        # each is cited like the record.
        is_of_value = "&field=" in address or "?field=" in address
        if address in found or address.startswith("/admin/") or is_of_value:
            continue
        found[address] = page = Page(client.get(address))
        # Of what a filtered or sorted list leads to, the list itself leads to the like.
        waiting += [link for link in page.links if "?" not in address or "?" not in link]
    return found


@pytest.mark.parametrize("path", [*OTHERS, *LISTS])
def test_page_is_sound(client, world, path):
    response = client.get(path)

    assert response.status_code == 200
    assert Page(response).problems == []


def test_record_pages_are_sound(client, world):
    for record in world.record_pages:
        response = client.get(record.get_absolute_url())

        assert response.status_code == 200, record
        assert Page(response).problems == [], record


def test_page_of_two_countries_is_sound(client, world):
    assert Page(client.get(world.pair)).problems == []


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("path", LISTS)
def test_list_is_sound_whatever_is_asked(client, world, path, asked):
    response = client.get(f"{path}?{ASKED[asked]}")

    assert response.status_code == {"bad values": 400, "beyond the last page": 404}.get(asked, 200)
    assert Page(response).problems == []


@pytest.mark.parametrize("path", LISTS)
def test_empty_list_is_sound(client, path):
    response = client.get(path)

    assert response.status_code == 200
    assert Page(response).problems == []


def test_every_kind_of_page_has_a_title_of_its_own(client, world):
    paths = [
        "/",
        "/about/",
        "/about/method/",
        "/data/",
        "/diplomacy/",
        "/search/",
        "/no/such/page/",
    ]
    paths += LISTS + [record.get_absolute_url() for record in world.record_pages]
    titles = [Page(client.get(path)).title for path in paths]

    assert sorted(titles) == sorted(set(titles))


def test_the_crawl_reads_the_forms_for_corrections(crawled):
    forms = [page for address, page in crawled.items() if address.startswith("/suggest/?")]

    assert len(forms) > 10


def test_every_link_leads_to_a_page_and_a_place_on_it(crawled):
    broken = set()
    for page in crawled.values():
        for link in page.links:
            address, fragment = urldefrag(link)
            target = crawled.get(address)
            if target and (target.status != 200 or (fragment and fragment not in target.ids)):
                broken.add(f"{page.address} links to {link} ({target.status})")

    assert sorted(broken) == []


def test_every_page_that_links_lead_to_is_sound_whatever_its_texts_say(crawled):
    problems = [
        f"{page.address}: {problem}"
        for page in crawled.values()
        if page.html
        for problem in page.problems
    ]

    assert problems == []
    assert sum(escape(HOSTILE) in page.html for page in crawled.values()) > len(LISTS)


def test_every_citation_leads_to_what_it_speaks_of(client, world):
    """Whether the value is there or not: what is said of it has its place on the page."""
    citations = [citation for subject in world.cited for citation in subject.citations.all()]
    places = {urldefrag(citation.get_absolute_url()) for citation in citations}
    pages = {address: Page(client.get(address)) for address in {place.url for place in places}}

    lost = ["#".join(p) for p in places if p.fragment and p.fragment not in pages[p.url].ids]

    assert sorted(lost) == []


def test_no_page_says_a_word_of_a_draft(crawled):
    told = [address for address, page in crawled.items() if SECRET in page.text.lower()]

    assert sorted(told) == []


def test_the_address_of_a_withdrawn_record_says_only_that_and_why(client, world):
    for record in world.withdrawn:
        response = client.get(record.get_absolute_url())
        if "?" in response.wsgi_request.get_full_path():  # of a series: a list without it
            continue
        page = Page(response)

        assert (page.status, page.problems) == (410, []), record
        assert "Of another Moon." in page.text
        assert SECRET not in page.text.lower()


def test_what_was_withdrawn_is_told_of_by_its_address_alone(crawled):
    told = crawled["/changes/mission/gone/"]

    assert told.status == 200
    assert "It was never flown." in told.text
    assert "<code>/missions/gone/</code>" in told.text


def test_the_crawl_reads_citations_and_the_map_of_the_site(crawled):
    cited = [page for address, page in crawled.items() if address.startswith("/cite/")]

    assert len(cited) > 30
    assert all(page.text for page in cited if page.status == 200)
    assert "/missions/chang-e-5/" in crawled["/sitemap.xml"].text


def test_every_page_names_its_one_canonical_address(crawled):
    wrong = []
    for page in crawled.values():
        named = [link.get("href") for link in page.all("link") if link.get("rel") == "canonical"]
        if page.html and page.status == 200 and (len(named) != 1 or "as_of" in named[0]):
            wrong.append((page.address, named))

    assert wrong == []


def test_the_crawl_reads_what_feeds_say(crawled):
    feeds = [page for address, page in crawled.items() if address.endswith(".atom")]

    assert len(feeds) > 2
    assert all("<entry>" in feed.text for feed in feeds)


def test_the_crawl_reads_what_can_be_taken_away(crawled):
    files = [page for address, page in crawled.items() if page.text and not page.html]
    twins = [page for page in files if "format=" in page.address]
    whole = [page for page in files if page.address.startswith("/data/")]

    assert len(twins) > 2 * len(LISTS)
    assert len(whole) > 50
    assert all(page.status == 200 for page in twins + whole)


@pytest.mark.parametrize("path", LISTS)
def test_no_list_finds_a_draft_by_its_words(client, world, path):
    assert client.get(path, {"q": SECRET}).context["count"] == 0


def test_search_finds_no_draft_by_its_words(client, world):
    assert client.get("/search/", {"q": SECRET}).context["results"] == []
