"""The “Cite” part of record pages, and the files and pages that cite one record or value."""

import re

import pytest
from django.utils import timezone

from lunar.desk.models import FormerAddress
from tests import factories as make
from tests.html import Page
from tests.lunar.citing.readers import read_bibtex, read_ris
from tests.lunar.test_details import MAKERS, begin, change

pytestmark = pytest.mark.django_db


@pytest.fixture
def mission():
    """Launched on the 23rd, which was corrected to the 24th on 10 March 2026."""
    mission = make.make_mission(slug="chang-e-5", name="Chang'e 5", launch="2020-11-23")
    begin(mission, "2026-03-01")
    change(mission, on="2026-03-10", launch="2020-11-24")
    return mission


def text_of(page, tag="details"):
    [element] = [e for e in page.all(tag) if "cite" in (e.get("class") or "")]
    return " ".join("".join(element.itertext()).split())


def links_of_files(page):
    return [link for link in page.links if re.search(r"^/cite/.*\.(bib|ris|json)", link)]


def test_a_page_says_how_to_cite_its_revision(client, mission):
    page = Page(client.get(mission.get_absolute_url()))

    assert page.problems == []
    said = text_of(page)
    assert "Lunar Record, “Chang'e 5”, revision 2, 10 March 2026" in said
    assert (
        "Lunar Record contributors. “Chang'e 5”. Lunar Record, revision 2 of 10 March 2026. "
        "http://testserver/missions/chang-e-5/?as_of=2026-03-10" in said
    )
    assert links_of_files(page) == [f"/cite/mission/chang-e-5.{e}" for e in ("bib", "ris", "json")]


def test_the_address_in_a_citation_shows_what_was_cited(client, mission):
    cited = client.get("/cite/mission/chang-e-5.json").json()[0]["URL"]
    change(mission, launch="2020-11-25")

    past = Page(client.get(cited.removeprefix("http://testserver")))

    assert "24 November 2020" in past.text
    assert "25 November 2020" not in past.text


def test_a_page_as_it_stood_is_cited_as_it_stood(client, mission):
    page = Page(client.get(mission.get_absolute_url(), {"as_of": "2026-03-05"}))

    assert "revision 1 of 1 March 2026" in text_of(page)
    files = links_of_files(page)
    assert files[0] == "/cite/mission/chang-e-5.bib?as_of=2026-03-01"
    [(_, key, fields), *_] = read_bibtex(client.get(files[0]).content.decode())
    assert key == "lunar-record-mission-chang-e-5-r1"
    assert fields["url"].endswith("/missions/chang-e-5/?as_of=2026-03-01")
    [cite_launch] = [link for link in page.links if re.search(r"^/cite/.*field=launch$", link)]
    assert "23 November 2020" in client.get(cite_launch).content.decode()


@pytest.mark.parametrize("kind", MAKERS)
def test_every_kind_of_record_is_cited_in_every_format(client, kind):
    maker, title = MAKERS[kind]
    record = maker(**{title: "A & B"})
    begin(record, "2026-03-01")
    page = Page(client.get(record.get_absolute_url()))

    bibtex, ris, csl = (client.get(link) for link in links_of_files(page))

    assert page.problems == []
    assert bibtex["Content-Type"] == "application/x-bibtex; charset=utf-8"
    assert ris["Content-Type"] == "application/x-research-info-systems; charset=utf-8"
    assert csl["Content-Type"] == "application/vnd.citationstyles.csl+json; charset=utf-8"
    [(_, key, fields), (_, source, _)] = read_bibtex(bibtex.content.decode())
    assert fields["title"] == r"{A \& B}"
    assert fields["urldate"] == timezone.now().date().isoformat()
    assert bibtex["Content-Disposition"] == f'attachment; filename="{key}.bib"'
    assert bibtex["X-Robots-Tag"] == "noindex"
    assert [r["ID"] for r in read_ris(ris.content.decode())] == [[key], [source]]
    assert [item["id"] for item in csl.json()] == [key, source]


def test_a_record_without_history_is_cited_by_its_plain_address(client):
    mission = make.make_mission(slug="luna-9", name="Luna 9")

    page = Page(client.get(mission.get_absolute_url()))

    assert (
        "Lunar Record contributors. “Luna 9”. Lunar Record. http://testserver/missions/luna-9/"
        in (text_of(page))
    )


# Sources beside the record


def test_primary_sources_are_cited_before_all_others(client):
    mission = make.make_mission(cited=False)
    for title, standing in [("Third", "tertiary"), ("First", "primary"), ("Second", "secondary")]:
        make.cite(mission, "launch", make.make_source(title=title, standing=standing))
    disputing = make.make_source(title="Disputing", standing="primary")
    make.cite(mission, "launch", disputing, stance="disputes", stated_value="1969")

    said = text_of(Page(client.get(mission.get_absolute_url())))

    assert "With the primary source “First”. The Paper" in said
    assert not any(title in said for title in ("Second", "Third", "Disputing"))


def test_without_primary_sources_the_next_best_are_cited_and_it_is_said(client):
    mission = make.make_mission(cited=False)
    for number in range(5):
        make.cite(mission, "", make.make_source(title=f"News {number}", standing="secondary"))

    said = text_of(Page(client.get(mission.get_absolute_url())))

    assert "With the sources (no primary source is known here)" in said
    assert said.count("“News") == 3
    assert "2 more of the same standing are in the files." in said
    assert len(client.get(f"/cite/mission/{mission.slug}.json").json()) == 6


def test_a_source_is_cited_itself(client):
    source = make.make_source(
        slug="humanite", title="La Lune & nous", language="fr", published="1970~", kind="news"
    )
    make.cite(make.make_mission(), source=source)

    page = Page(client.get(source.get_absolute_url()))

    assert page.problems == []
    assert "“La Lune & nous”. The Paper, about 1970. https://example.org/" in text_of(page)
    assert any(e.get("lang") == "fr" and e.tag == "span" for e in page.elements)
    [item] = client.get("/cite/source/humanite.json").json()
    assert item["issued"] == {"date-parts": [[1970]], "circa": True}


# One value


def test_one_value_is_cited_by_its_name_and_place(client, mission):
    page = Page(client.get(mission.get_absolute_url()))
    [address] = [link for link in page.links if re.search(r"^/cite/.*field=launch$", link)]
    assert address == "/cite/mission/chang-e-5/?field=launch"

    page = Page(client.get(address))

    assert page.problems == []
    assert "“Chang'e 5 (value: Launch, 24 November 2020)”" in page.text.replace("&#x27;", "'")
    assert "/missions/chang-e-5/?as_of=2026-03-10#launch" in page.text
    [(_, key, fields), *_] = read_bibtex(client.get(links_of_files(page)[0]).content.decode())
    assert key == "lunar-record-mission-chang-e-5-launch-r2"
    assert fields["url"].endswith("?as_of=2026-03-10#launch")


def test_a_value_is_cited_with_its_own_sources(client):
    mission = make.make_mission(cited=False)
    make.cite(mission, "launch", make.make_source(slug="of-launch", standing="secondary"))
    make.cite(mission, "outcome", make.make_source(slug="of-outcome", standing="primary"))

    [_, source] = client.get(f"/cite/mission/{mission.slug}.json?field=launch").json()

    assert source["id"] == "of-launch"


def test_a_missing_value_is_cited_as_missing(client):
    mission = make.make_mission(
        slug="luna-9", launch_site="", absent_values={"launch_site": "unknown"}
    )

    [item, *_] = client.get("/cite/mission/luna-9.json?field=launch_site").json()

    assert item["title"] == f"{mission.name} (value: Launch site, Unknown after search)"


def test_every_value_of_a_page_can_be_cited(client):
    landing = make.make_landing(make.make_mission(result="It landed."))
    make.make_event(landing.mission)
    make.make_crew_member(landing.mission)
    make.make_sample_return(landing.mission)
    make.make_spacecraft(landing.mission)
    agreement = make.make_agreement()
    make.make_adherence(agreement)
    records = [landing.mission, agreement, make.make_act().transfer]
    records += [maker() for maker, _ in MAKERS.values()]
    for record in records:
        page = Page(client.get(record.get_absolute_url()))
        addresses = [link for link in page.links if "?field=" in link]

        assert addresses, record
        for address in addresses:
            found = Page(client.get(address))
            assert (found.status, found.problems) == (200, []), address
            place = address.partition("?field=")[2]
            assert place in page.ids


@pytest.mark.parametrize(
    "address",
    [
        "mission/nothing.bib",
        "mission/nothing/",
        "planet/mars/",
        "missiontype/x/",
        "figure/total/",
        "mission/luna-9.doc",
        "mission/luna-9/?field=colour",
        "mission/luna-9.bib?field=%00%22",
        "mission/luna-9.json?as_of=1999-01-01",
    ],
)
def test_what_is_not_there_cannot_be_cited(client, address):
    begin(make.make_mission(slug="luna-9"), "2026-03-01")

    assert client.get(f"/cite/{address}").status_code == 404


def test_a_wrong_day_is_told(client, mission):
    response = client.get("/cite/mission/chang-e-5.bib", {"as_of": "yesterday"})

    assert response.status_code == 400
    assert "the day is not right" in response.content.decode()


def test_another_file_of_the_record_is_not_asked_for_by_a_citation(client, mission):
    response = client.get("/cite/mission/chang-e-5.bib", {"format": "csv"})

    assert read_bibtex(response.content.decode())


def test_no_draft_can_be_cited_and_of_what_was_withdrawn_only_that(client):
    draft = make.make_mission(state="draft", name="Unsayable")
    assert client.get(f"/cite/mission/{draft.slug}.bib").status_code == 404

    withdrawn = make.make_mission(name="Unsayable")
    change(withdrawn, "It was never flown.", state="withdrawn")
    for address in (f"/cite/mission/{withdrawn.slug}.bib", f"/cite/mission/{withdrawn.slug}/"):
        response = client.get(address)
        assert response.status_code == 410
        assert "Unsayable" not in response.content.decode()


def test_a_country_is_cited_under_its_code_in_capitals(client):
    make.make_country(code="CN", name="China")

    response = client.get("/cite/country/cn.bib", {"field": "name"})

    assert (response.status_code, response["Location"]) == (301, "/cite/country/CN.bib?field=name")


def test_what_was_merged_is_cited_as_what_it_is_now(client):
    make.make_mission(slug="luna-9")
    FormerAddress.objects.create(label="missions.mission", key="lunik-9", target="luna-9")

    file = client.get("/cite/mission/lunik-9.ris", {"field": "launch"})
    page = client.get("/cite/mission/lunik-9/")

    assert (file.status_code, file["Location"]) == (301, "/cite/mission/luna-9.ris?field=launch")
    assert (page.status_code, page["Location"]) == (301, "/cite/mission/luna-9/")


def test_a_citation_takes_as_many_queries_for_many_sources_as_for_one(client, queries_of):
    mission = make.make_mission(slug="luna-9")
    make.make_event(mission)
    few = queries_of(lambda: client.get("/cite/mission/luna-9.bib"))
    for _ in range(5):
        make.cite(make.make_event(mission), "date")

    assert queries_of(lambda: client.get("/cite/mission/luna-9.bib")) == few


# Lists


def test_a_list_is_cited_as_it_is_filtered(client):
    france = make.make_country(code="FR", name="France")
    make.make_transfer(recipient=france)

    page = Page(client.get("/diplomacy/transfers/", {"recipient": "FR", "sort": ""}))

    assert page.problems == []
    said = text_of(page)
    assert "“Transfers of lunar material (Recipient: France)”. Lunar Record, as of" in said
    assert "http://testserver/diplomacy/transfers/?recipient=FR" in said


# What reference managers read


def metas(page, name):
    return [m.get("content") for m in page.all("meta") if m.get("name") == name]


def test_reference_managers_find_the_record_in_its_page(client, mission):
    page = Page(client.get(mission.get_absolute_url()))

    assert metas(page, "citation_title") == ["Chang'e 5"]
    assert metas(page, "citation_author") == ["Lunar Record contributors"]
    assert metas(page, "citation_publisher") == ["Lunar Record"]
    assert metas(page, "citation_online_date") == ["2026/03/10"]
    assert metas(page, "DC.date") == ["2026-03-10"]
    pinned = "http://testserver/missions/chang-e-5/?as_of=2026-03-10"
    assert metas(page, "citation_public_url") == metas(page, "DC.identifier") == [pinned]


def test_reference_managers_find_the_source_in_its_page(client):
    source = make.make_source(authors="Ling Xin", published="2025-02", kind="news")
    make.cite(make.make_mission(), source=source)

    page = Page(client.get(source.get_absolute_url()))

    assert metas(page, "citation_author") == ["Ling Xin"]
    assert metas(page, "citation_journal_title") == ["The Paper"]
    assert metas(page, "citation_publication_date") == ["2025/02"]
    assert metas(page, "citation_public_url") == [source.url]


def test_a_preview_is_neither_cited_nor_told_to_robots(editor_client):
    draft = make.make_mission(state="draft")

    page = Page(editor_client.get(f"/admin/missions/mission/{draft.pk}/preview/"))

    assert page.status == 200
    assert metas(page, "citation_title") == []
    assert "ld+json" not in page.text
    assert "/cite/" not in page.text
