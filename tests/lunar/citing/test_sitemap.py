"""The map of the site, canonical addresses, and what else robots and reporters look for."""

import re
import tomllib
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings as project

from lunar.citing import sitemap
from tests import factories as make
from tests.html import Page
from tests.lunar.test_details import begin, change

pytestmark = pytest.mark.django_db

XML = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def places(client, address="/sitemap.xml"):
    """Return {path: day of the last change} of a map."""
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "application/xml")
    urls = ET.fromstring(response.content).findall("s:url", XML)  # noqa: S314  our own
    found = {
        url.findtext("s:loc", namespaces=XML).removeprefix("http://testserver"): url.findtext(
            "s:lastmod", namespaces=XML
        )
        for url in urls
    }
    assert len(found) == len(urls)
    return found


def test_the_map_names_every_public_record_with_its_last_change(client):
    china, france = make.make_country(code="CN"), make.make_country(code="FR")
    mission = make.make_mission(slug="luna-16")
    begin(mission, "2026-03-01")
    change(mission, on="2026-03-10", aim="To land.")
    make.make_transfer(slug="loan", giver=france, recipient=china)

    found = places(client)

    assert found["/missions/luna-16/"] == "2026-03-10"
    assert found["/"] == "2026-03-10"
    assert found["/diplomacy/transfers/loan/"] is None
    assert "/diplomacy/countries/CN/FR/" in found
    assert any(path.startswith("/sources/source-") for path in found)


def test_every_page_on_the_map_is_there_and_is_the_canonical_one(client):
    make.make_transfer(
        giver=make.make_country(), recipient=make.make_country(), series=make.make_series()
    )
    make.make_figure()

    for path in places(client):
        page = Page(client.get(path))
        assert page.status == 200, path
        [link] = [e.get("href") for e in page.all("link") if e.get("rel") == "canonical"]
        assert link == path
        robots = [e.get("content") for e in page.all("meta") if e.get("name") == "robots"]
        assert robots == [], path


def test_the_map_tells_of_nothing_that_is_not_public(client):
    draft = make.make_mission(state="draft")
    make.cite(draft, source=make.make_source(slug="of-a-draft"))
    withdrawn = make.make_mission()
    change(withdrawn, state="withdrawn")
    hidden = make.make_country(state="draft")
    make.make_transfer(giver=hidden, recipient=make.make_country(code="FR"))

    found = " ".join(places(client))

    for secret in (draft.slug, withdrawn.slug, "of-a-draft", hidden.code):
        assert secret not in found


def test_a_map_too_large_for_one_file_becomes_an_index(client, monkeypatch):
    monkeypatch.setattr(sitemap, "MOST", 10)
    make.make_mission(slug="luna-16")

    response = client.get("/sitemap.xml")
    locations = ET.fromstring(response.content).findall("s:sitemap/s:loc", XML)  # noqa: S314

    found = {}
    for location in locations:
        found |= places(client, location.text)
    assert len(locations) > 1
    assert "/missions/luna-16/" in found
    assert client.get("/sitemap-99.xml").status_code == 404


def test_the_map_takes_as_many_queries_for_many_records(client, queries_of):
    make.make_transfer(giver=make.make_country(), recipient=make.make_country())
    few = queries_of(lambda: client.get("/sitemap.xml"))
    for _ in range(4):
        make.make_transfer(giver=make.make_country(), recipient=make.make_country())

    assert queries_of(lambda: client.get("/sitemap.xml")) == few


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("/?utm_source=x", "/"),
        ("/missions/?sort=&per_page=50&page=1", "/missions/"),
        ("/missions/?page=1&outcome=success&x=y", "/missions/?outcome=success"),
        ("/missions/map/?site=x", "/missions/map/"),
        ("/missions/timeline/?by=country", "/missions/timeline/"),
        ("/missions/timeline/?by=programme", "/missions/timeline/?by=programme"),
        ("/missions/luna-16/?as_of=2026-03-01", "/missions/luna-16/"),
        ("/missions/luna-16/?from=elsewhere", "/missions/luna-16/"),
        ("/changes/mission/luna-16/?x=y", "/changes/mission/luna-16/"),
        ("/about/?x", "/about/"),
    ],
)
def test_whatever_is_asked_the_canonical_address_is_one(client, asked, canonical):
    begin(make.make_mission(slug="luna-16"), "2026-03-01")

    page = Page(client.get(asked))

    links = [e.get("href") for e in page.all("link") if e.get("rel") == "canonical"]
    assert links == [canonical]


def test_a_weakness_can_be_reported(client, settings):
    settings.SECURITY_CONTACTS = ["mailto:moon@example.org", "https://example.org/report"]

    response = client.get("/.well-known/security.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.content.decode().splitlines()
    assert lines[:2] == ["Contact: mailto:moon@example.org", "Contact: https://example.org/report"]
    fields = dict(line.split(": ", 1) for line in lines[2:])
    assert fields["Canonical"] == "http://testserver/.well-known/security.txt"
    until = datetime.fromisoformat(fields["Expires"])
    assert timedelta(days=90) < until - datetime.now(UTC) < timedelta(days=365)


def test_without_a_contact_there_is_no_such_file(client, settings):
    settings.SECURITY_CONTACTS = []

    assert client.get("/.well-known/security.txt").status_code == 404


def test_the_citation_file_is_valid_and_names_the_present_version():
    lines = (project.BASE_DIR / "CITATION.cff").read_text().splitlines()
    fields = dict(
        re.fullmatch(r'([a-z-]+): *"?(.*?)"?', one).groups() for one in lines if one[0] != " "
    )
    version = tomllib.loads((project.BASE_DIR / "pyproject.toml").read_text())["project"]["version"]

    assert {"cff-version", "message", "title", "authors"} <= set(fields)  # needed
    assert fields["cff-version"] == "1.2.0"
    assert fields["type"] == "dataset"
    assert fields["version"] == version
    assert fields["license"] == "CC-BY-4.0"
    datetime.strptime(fields["date-released"], "%Y-%m-%d")
    assert "url" not in fields  # nobody knows it yet
