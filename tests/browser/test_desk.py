"""The life of a record, told by those who work on it: each role in a browser of its own."""

import re

import pytest

TITLE = "Moon dust from Japan to Iceland, 2031"
CHROMIUM_SAYS = "the server responded with a status of"  # of answers that are meant


@pytest.fixture
def people(browser, site):
    """{role: a page on which somebody with this role is logged in}, and a reader's."""
    contexts = {}

    def arrive(role):
        context = contexts[role] = browser.new_context(
            base_url=site.url, viewport={"width": 1280, "height": 900}
        )
        page = context.new_page()
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(f"script error: {error}"))
        page.on(
            "console",
            lambda message: (
                None
                if CHROMIUM_SAYS in message.text
                else page.complaints.append(f"console: {message.text}")
            ),
        )
        return page

    def log_in(role):
        page = arrive(role)
        name = f"{role.lower()}-of-the-walk"
        printed = site.manage("add_editor", name, "--role", role, "--public-name", f"{role} A.")
        page.goto("/admin/")
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(re.search(r"password\s+(\S+)", printed)[1])
        page.get_by_role("button", name="Log in").click()
        return page

    pages = {role: log_in(role) for role in ("Contributor", "Editor", "Reviewer")}
    pages["reader"] = arrive("reader")
    yield pages
    for context in contexts.values():
        context.close()
    assert [page.complaints for page in pages.values()] == [[]] * 4


def choose(page, field, words):
    """Choose from an autocomplete by typing, as an editor does."""
    page.locator(f"#id_{field} + .select2 .select2-selection").click()
    page.locator(".select2-search__field").last.fill(words)
    page.locator(".select2-results__option--highlighted", has_text=words).click()


def save(page, reason="", button="Save"):
    if reason:
        page.locator("#id_change_reason").fill(reason)
    page.get_by_role("button", name=button, exact=True).last.click()


def test_from_draft_to_correction(people):
    contributor, editor = people["Contributor"], people["Editor"]
    reviewer, reader = people["Reviewer"], people["reader"]
    address = "/diplomacy/transfers/moon-dust-from-japan-to-iceland-2031/"

    # A contributor drafts a transfer with two acts and a citation.
    contributor.goto("/admin/diplomacy/transfer/add/")
    contributor.get_by_label("Title:").fill(TITLE)
    contributor.get_by_label("Kind:").first.select_option("Loan")
    choose(contributor, "giver", "Japan")
    choose(contributor, "recipient", "Iceland")
    contributor.get_by_role("textbox", name="Occasion:").fill("A visit")
    for number, kind, date in ((0, "Offered", "2031-02"), (1, "Lent", "2031-03-04")):
        contributor.get_by_text("Add another Act").click()
        contributor.locator(f"#id_acts-{number}-kind").select_option(kind)
        contributor.locator(f"#id_acts-{number}-date").fill(date)
    contributor.get_by_text("Add another Citation").click()
    choose(contributor, "citations-0-source", "From pandas to lunar soil")
    offered = contributor.get_by_label("State:").locator("option").all_inner_texts()
    assert offered == ["Draft"]
    save(contributor, "Told in the column.", "Save and continue editing")
    draft = contributor.url

    # It is nowhere in public, but its preview is what its page will be.
    assert reader.goto(address).status == 404
    contributor.get_by_role("link", name="Preview").click()
    assert contributor.get_by_text("Preview of a draft: not public").is_visible()
    assert contributor.get_by_role("heading", level=1).inner_text() == TITLE

    # An editor amends it and sends it to review; a reviewer publishes.
    editor.goto(draft)
    editor.get_by_role("textbox", name="Occasion:").fill("A state visit")
    editor.get_by_label("State:").select_option("In review")
    save(editor, "The column calls it a state visit.")
    reviewer.goto("/admin/")
    waiting = reviewer.locator(".worklists div", has_text="In review")
    waiting.get_by_role("link", name=re.compile("Transfers")).click()
    reviewer.locator("#result_list").get_by_role("link", name=TITLE).click()
    assert "A state visit" in reviewer.get_by_role("textbox", name="Occasion:").input_value()
    reviewer.get_by_label("State:").select_option("Published")
    save(reviewer, "Checked against the column.")

    # The page, the log, the feed and the history show it at once.
    assert reader.goto(address).status == 200
    assert reader.get_by_text("A state visit").first.is_visible()
    assert reader.get_by_text("On loan").first.is_visible()
    reader.goto("/changes/")
    entry = reader.locator("main li, main article", has_text=TITLE).first
    assert "Checked against the column." in entry.inner_text()
    assert "Reviewer A." in entry.inner_text()
    feed = reader.request.get("/changes.atom").text()
    assert TITLE in feed
    assert "Contributor A." not in feed  # what was a draft is nobody's to read
    reader.goto(address)
    reader.get_by_role("link", name="History").click()
    assert "Told in the column." not in reader.locator("main").inner_text()

    # A reader suggests two corrections; the reviewer accepts one.
    reader.goto(address)
    reader.locator(".record-tools").get_by_role("link", name="Suggest a correction").click()
    reader.get_by_text("Other values of this record").click()
    summaries = reader.locator(".suggest-others details summary")
    for number in range(summaries.count()):
        summaries.nth(number).click()
    reader.get_by_label("Occasion", exact=False).first.fill("A private visit")
    reader.get_by_label("Material", exact=False).first.fill("Basalt dust")
    reader.locator("[name=source]").fill("Morgunblaðið, 5 March 2031, page 3")
    reader.wait_for_timeout(3200)  # nobody reads and types faster
    reader.get_by_role("button", name=re.compile("Send")).click()
    answer_page = reader.url
    assert "waiting" in reader.locator("main").inner_text().lower()

    reviewer.goto("/admin/")
    reviewer.locator(".worklists").get_by_role("link", name=re.compile("Suggestions: ")).click()
    reviewer.locator("#result_list tbody a").first.click()
    material = reviewer.locator("fieldset.suggested-value", has_text="Material")
    occasion = reviewer.locator("fieldset.suggested-value", has_text="Occasion")
    material.get_by_label("Accept").first.check()
    occasion.get_by_label("Decline").check()
    occasion.get_by_role("textbox").last.fill("The column says otherwise.")
    save(reviewer, "Suggested by a reader: Morgunblaðið, 5 March 2031.", "Answer")

    reader.goto(address)
    assert reader.get_by_text("Basalt dust").first.is_visible()
    assert not reader.get_by_text("A private visit").count()
    reader.goto(answer_page)
    told = reader.locator("main").inner_text()
    assert "Accepted" in told
    assert "The column says otherwise." in told

    # An editor gets something wrong; the reviewer goes back to what it was.
    editor.goto(draft)
    editor.get_by_role("textbox", name="Occasion:").fill("A landing on Mars")
    save(editor, "By mistake.")
    reader.goto(address)
    assert reader.get_by_text("A landing on Mars").first.is_visible()
    reviewer.goto(draft)
    reviewer.get_by_role("link", name="History").first.click()
    reviewer.get_by_role("link", name="Revert to revision").first.click()
    save(reviewer, "It was no landing.", "Revert")
    reader.goto(address)
    assert not reader.get_by_text("A landing on Mars").count()
    assert reader.get_by_text("A state visit").first.is_visible()
