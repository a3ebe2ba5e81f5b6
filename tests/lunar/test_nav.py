import pytest
from django.test import RequestFactory

from lunar.nav import navigation


def current(links):
    return {link.label: link.current for link in links if link.current}


@pytest.mark.parametrize(
    ("path", "section", "page"),
    [
        ("/", {}, {}),
        ("/missions/", {"Missions": "page"}, {"All missions": "page"}),
        ("/missions/chang-e-5/", {"Missions": "true"}, {"All missions": "true"}),
        ("/missions/programmes/", {"Missions": "true"}, {"Programmes": "page"}),
        ("/missions/programmes/luna/", {"Missions": "true"}, {"Programmes": "true"}),
        ("/diplomacy/", {"Diplomacy": "page"}, {"Overview": "page"}),
        ("/diplomacy/countries/CN/", {"Diplomacy": "true"}, {"Countries": "true"}),
        ("/diplomacy/practices/panda/", {"Diplomacy": "true"}, {"Overview": "true"}),
        ("/about/method/", {"About": "true"}, {"Method": "page"}),
        ("/sources/x/", {"Sources": "true"}, {}),
        ("/people/x/", {}, {}),
        ("/missionsx/", {}, {}),
    ],
)
def test_the_navigation_marks_where_a_request_is(path, section, page):
    links = navigation(RequestFactory().get(path))

    assert current(links["sections"]) == section
    assert current(links["section_pages"]) == page


def test_a_section_shows_its_pages_and_no_others():
    links = navigation(RequestFactory().get("/about/"))

    assert [link.url for link in links["section_pages"]] == [
        "/about/",
        "/about/method/",
        "/about/coverage/",
        "/about/reliability/",
    ]
