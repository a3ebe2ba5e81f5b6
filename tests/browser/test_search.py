"""The search field of every page: suggestions by keyboard and pointer, and without script."""

import pytest


@pytest.fixture
def field(page):
    page.goto("/about/")
    return page.get_by_role("combobox", name="Search the whole record")


def type_luna(page, field):
    field.press_sequentially("luna")
    page.get_by_role("option").first.wait_for()


def active(page, field):
    """The words of the option that assistive technology is told of, or None."""
    name = field.get_attribute("aria-activedescendant")
    return name and page.locator(f"#{name}").inner_text().replace("\n", " ")


def test_names_are_suggested_and_chosen_by_keyboard(page, field):
    assert field.get_attribute("aria-expanded") == "false"

    type_luna(page, field)

    assert field.get_attribute("aria-expanded") == "true"
    assert active(page, field) is None
    page.keyboard.press("ArrowDown")
    first = active(page, field)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert active(page, field) == first
    assert page.locator("[role=option][aria-selected=true]").count() == 1
    assert first.startswith("Luna")
    page.keyboard.press("Enter")
    page.wait_for_url("**/missions/programmes/**")


def test_arrow_keys_go_round_through_the_field_itself(page, field):
    type_luna(page, field)

    page.keyboard.press("ArrowUp")
    assert active(page, field) == page.get_by_role("option").last.inner_text().replace("\n", " ")
    page.keyboard.press("ArrowDown")
    assert active(page, field) is None


def test_escape_closes_the_suggestions_and_keeps_what_was_typed(page, field):
    type_luna(page, field)

    page.keyboard.press("Escape")

    assert page.get_by_role("listbox").count() == 0
    assert field.get_attribute("aria-expanded") == "false"
    assert field.input_value() == "luna"


def test_leaving_the_field_closes_the_suggestions(page, field):
    type_luna(page, field)

    page.keyboard.press("Tab")

    assert page.get_by_role("listbox").count() == 0


def test_enter_without_a_choice_searches(page, field):
    type_luna(page, field)

    page.keyboard.press("Enter")

    page.wait_for_url("**/search/?q=luna")


def test_a_suggestion_is_chosen_by_pointer(page, field):
    field.press_sequentially("嫦娥五")

    page.get_by_role("option", name="Chang'e 5 嫦娥五号 Mission").click()

    page.wait_for_url("**/missions/chang-e-5/")


def test_names_are_text_and_never_markup(page, field):
    page.route(
        "**/search/suggest/**",
        lambda route: route.fulfill(
            json={
                "suggestions": [
                    {"name": "<b>x</b>", "native_name": "", "kind": "<i>", "url": "/about/"}
                ]
            }
        ),
    )
    field.press_sequentially("xy")

    assert page.get_by_role("option").inner_text().startswith("<b>x</b>")


def test_axe_finds_nothing_in_open_suggestions(page, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page.set_viewport_size({"width": 360, "height": 800})
    page.goto("/")
    type_luna(page, page.get_by_role("combobox"))
    page.keyboard.press("ArrowDown")
    found = Axe().run(page).response["violations"]

    assert [(v["id"], [node["html"] for node in v["nodes"]][:3]) for v in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_without_script_the_field_searches(browser, site):
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("searchbox", name="Search the whole record").fill("Artmis")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Artemis", exact=True).click()
    page.get_by_role("link", name="Programmes").click()

    assert page.locator(".search-results a").first.inner_text() == "Artemis"
    context.close()
