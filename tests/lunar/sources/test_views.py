"""Pages of sources: what rests on each, and only what is public."""

import pytest
from django.urls import reverse

from lunar.sources.derivation import postponed
from tests import factories as make
from tests.html import Page

pytestmark = pytest.mark.django_db

LIST = reverse("source-list")


def rows(response):
    return [row.record for row in response.context["table"].rows]


@pytest.fixture
def column():
    return make.make_source(
        title="La Lune",
        title_english="The Moon",
        publisher="Le Journal",
        authors="A. Writer",
        published="2025-02-10",
        language="fr",
        kind="column",
        url="https://example.org/lune",
        archive_url="https://archive.example/lune",
        accessed="2026-11-20",
        note="Read in translation.",
    )


def test_a_source_s_page_says_what_it_is(client, column):
    make.cite(make.make_mission(), "launch", column)

    page = client.get(column.get_absolute_url()).content.decode()

    assert '<h1 lang="fr">La Lune</h1>' in page
    for text in ("The Moon", "Le Journal", "A. Writer", "Column or opinion; secondary source"):
        assert text in page
    assert '<time datetime="2025-02-10">10 February 2025</time>' in page
    assert '<time datetime="2026-11-20">20 November 2026</time>' in page
    assert 'href="https://example.org/lune" rel="external noopener"' in page
    assert 'href="https://archive.example/lune"' in page


def test_a_source_s_page_lists_every_value_that_rests_on_it(client, column):
    mission = make.make_mission(name="Luna 16", slug="luna-16", launch="1970-09-12")
    make.cite(mission, "launch", column, quote="lancée", locator="p. 3")
    make.cite(mission, "outcome", column, stance="disputes", stated_value="Échec")
    make.cite(make.make_sample_return(mission), "mass_g", column)

    page = Page(client.get(column.get_absolute_url()))

    assert {
        "/missions/luna-16/",
        "/missions/luna-16/#launch",
        "/missions/luna-16/#outcome",
        "/missions/luna-16/#samplereturn-mass_g",
    } <= set(page.links)
    assert '<q lang="fr">lancée</q>' in page.html
    assert "<strong>Échec</strong>" in page.html
    assert "the record has: Success" in page.html


def test_what_is_not_public_is_not_told(client, column):
    make.cite(make.make_mission(), "launch", column)
    draft = make.make_mission(name="Secret", state="draft")
    for subject in (draft, make.make_landing(draft), make.make_event(draft, title="Secret")):
        make.cite(subject, "", column, quote="Secret")

    page = client.get(column.get_absolute_url()).content.decode()

    assert "Secret" not in page


def test_links_to_other_records_are_not_told_as_values(client, column):
    mission = make.make_mission(countries=[make.make_country(name="Nowhere", state="draft")])
    make.cite(mission, "countries", column, stance="disputes", stated_value="France")

    assert "Nowhere" not in client.get(column.get_absolute_url()).content.decode()


@pytest.mark.parametrize("state", ["nothing", "a draft"])
def test_a_source_that_nothing_public_rests_on_has_no_page(client, column, state):
    if state == "a draft":
        make.cite(make.make_mission(state="draft"), "launch", column)

    assert client.get(column.get_absolute_url()).status_code == 404
    assert rows(client.get(LIST)) == []


def test_the_list_begins_with_the_latest(client):
    for published in ("2025", "1970~", "", "2025-02-10"):
        make.cite(make.make_mission(cited=False), "", make.make_source(published=published))

    listed = [source.published for source in rows(client.get(LIST))]

    assert listed == ["2025-02-10", "2025", "1970~", ""]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"kind": "column"}, True),
        ({"kind": "news"}, False),
        ({"language": "fr"}, True),
        ({"from": "2025-02", "to": "2025-02"}, True),
        ({"to": "2024"}, False),
        ({"q": "lune journal"}, True),
        ({"q": "moon"}, True),
        ({"q": "Writer example.org"}, True),
    ],
)
def test_the_list_is_filtered(client, column, asked, found):
    make.cite(make.make_mission(cited=False), "", column)

    assert rows(client.get(LIST, asked)) == ([column] if found else [])


def test_the_list_counts_the_values_that_rest_on_each(client, column):
    mission = make.make_mission(cited=False)
    make.cite(mission, "launch", column)
    make.cite(mission, "outcome", column)
    other = make.make_source(title="Other")
    make.cite(mission, "aim", other)

    response = client.get(LIST, {"sort": "-cited_by"})

    assert [(source.title, source.cited_by) for source in rows(response)] == [
        ("La Lune", 2),
        ("Other", 1),
    ]


def test_a_page_takes_the_same_number_of_queries_however_much_rests_on_it(client, queries_of):
    source = make.make_source()

    def cite_everywhere():
        mission = make.make_mission(countries=[make.make_country()])
        subjects = [
            (mission, "launch"),
            (mission, "countries"),
            (make.make_landing(mission), "date"),
            (make.make_spacecraft(mission), "name"),
            (make.make_event(mission), "title"),
            (make.make_crew_member(mission), "role"),
            (make.make_sample_return(mission), "mass_g"),
            (make.make_transfer(), "giver"),
            (make.make_act(), "date"),
            (make.make_adherence(), "date"),
            (make.make_person(), "country"),
        ]
        for subject, field in subjects:
            make.cite(subject, field, source)
            make.cite(subject, field, source, stance="disputes", stated_value="other")

    cite_everywhere()
    few = queries_of(lambda: client.get(source.get_absolute_url()))
    with postponed():
        for _ in range(19):
            cite_everywhere()

    assert queries_of(lambda: client.get(source.get_absolute_url())) == few
