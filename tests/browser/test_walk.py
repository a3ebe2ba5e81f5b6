"""A reader's and an editor's way through the real site, in a real browser."""

import pytest

KINDS_OF_PAGE = [
    "/",
    "/missions/",
    "/missions/?programme=chang-e&sort=-launch",
    "/missions/?from=22/05/1978",
    "/missions/chang-e-5/",
    "/missions/apollo-17/",
    "/missions/programmes/",
    "/missions/programmes/chang-e/",
    "/missions/samples/",
    "/missions/map/",
    "/missions/map/?site=apollo-12",
    "/missions/timeline/",
    "/missions/timeline/?decade=1960s",
    "/diplomacy/",
    "/diplomacy/transfers/",
    "/diplomacy/transfers/?by=recipient",
    "/diplomacy/transfers/us-china-1978/",
    "/diplomacy/transfers/nasa-chang-e-5-request/",
    "/diplomacy/displays/",
    "/diplomacy/transfers/apollo-17-display-honduras/",
    "/diplomacy/countries/",
    "/diplomacy/countries/CN/",
    "/diplomacy/countries/SUHH/",
    "/diplomacy/countries/CN/US/",
    "/diplomacy/agreements/",
    "/diplomacy/agreements/moon-agreement/",
    "/diplomacy/practices/lunar-sample-diplomacy/",
    "/people/",
    "/people/zbigniew-brzezinski/",
    "/organizations/",
    "/organizations/cnsa/",
    "/sources/",
    "/sources/joongang-moon-diplomacy-2025/",
    "/cite/mission/chang-e-5/?field=launch",
    "/search/?q=change+5",
    "/search/?q=Artmis",
    "/search/?q=moon&type=source&page=2",
    "/search/?q=moon&type=planet",
    "/about/",
    "/about/method/",
    "/about/reliability/",
    "/about/exclusions/",
    "/about/coverage/",
    "/changes/",
    "/changes/mission/chang-e-5/",
    "/suggest/?record=mission/chang-e-5&field=launch",
    "/data/",
]


def test_walk_from_the_front_page_to_a_source(page):
    page.goto("/")
    page.get_by_role("link", name="brought to Earth by").click()
    page.get_by_role("table").get_by_role("link", name="Chang'e 5", exact=True).click()

    assert page.get_by_role("heading", level=1).inner_text() == "Chang'e 5"
    assert page.get_by_text("1,731 g").first.is_visible()

    page.get_by_role("link", name="China to France").first.click()
    assert page.get_by_role("link", name="Histoire naturelle").first.is_visible()

    page.locator("#recipient").get_by_role("link", name="France", exact=True).click()
    assert page.get_by_role("heading", level=1).inner_text() == "France"

    page.go_back()
    page.locator(".sources").get_by_role("link", name="From pandas to lunar soil").click()
    assert "moon diplomacy" in page.get_by_role("heading", level=1).inner_text()
    assert page.get_by_role("link", name="Meaning").first.is_visible()


def test_search_by_keyboard_finds_the_relay_by_the_meaning_of_its_name(page):
    page.goto("/")
    page.get_by_role("combobox", name="Search the whole record").fill("Magpie Bridge")
    page.keyboard.press("Enter")

    page.get_by_role("link", name="Queqiao-1", exact=True).first.click()

    assert page.get_by_role("heading", level=1).inner_text() == "Queqiao-1"


def violations(page):
    """Return what axe finds wrong with the page: rule and the first elements."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [(v["id"], [node["html"] for node in v["nodes"]][:3]) for v in found]


@pytest.mark.parametrize("path", KINDS_OF_PAGE)
def test_axe_finds_nothing(page, scheme, path):
    page.goto(path)

    assert violations(page) == []


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/missions/",
        "/missions/apollo-17/",
        "/missions/map/",
        "/diplomacy/",
        "/diplomacy/transfers/nasa-chang-e-5-request/",
        "/diplomacy/countries/CN/US/",
    ],
)
def test_axe_finds_nothing_on_a_phone(page, path):
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(path)

    assert violations(page) == []


@pytest.mark.parametrize("width", [320, 360, 768])
def test_no_page_is_wider_than_the_screen(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    too_wide = []
    for path in KINDS_OF_PAGE:
        page.goto(path)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            too_wide.append(path)

    assert too_wide == []


@pytest.mark.parametrize("width", [320, 600, 768, 900, 1024, 1280])
def test_no_figure_of_the_front_page_runs_into_the_next(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/")

    too_wide = page.evaluate(
        "[...document.querySelectorAll('.hero .figure dd')]"
        ".filter(one => one.scrollWidth > one.clientWidth).map(one => one.textContent)"
    )

    assert too_wide == []


def test_the_demo_editor_corrects_a_transfer_and_its_page_shows_it_at_once(page, site):
    page.goto("/admin/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill(site.password)
    page.get_by_role("button", name="Log in").click()

    page.goto("/admin/diplomacy/transfer/?q=Brzezinski")
    page.locator("#result_list").get_by_role("link", name="Moon rock").click()
    page.get_by_role("textbox", name="Occasion:").fill("A visit to Beijing, corrected by a test")
    page.get_by_label("Why, and on what source?").fill("To see that it shows at once.")
    page.get_by_role("button", name="Save", exact=True).first.click()

    page.goto("/diplomacy/transfers/us-china-1978/")
    assert page.get_by_text("corrected by a test").is_visible()
