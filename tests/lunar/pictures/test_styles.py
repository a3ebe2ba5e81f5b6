import re

import pytest

from lunar.pictures import styles

SHEETS = {
    styles.TOKENS_SHEET: """
        :root { --ink: #111; --soft: var(--ink); --sans: "A B", serif }
        :root { --big: clamp(1rem, 2vw, 3rem) }
        @media (prefers-color-scheme: dark) { :root { --ink: #eee } }
    """,
    styles.PICTURES_SHEET: """
        .picture svg { width: 100% }
        .mark { fill: var(--soft); /* a comment */ stroke-width: 0.5rem }
        .mark, .other { opacity: 0.5 }
        .mark:hover { fill: red }
        .picture text { font: 600 0.875rem/1.2 var(--sans) }
        @media (min-width: 44rem) { .mark { r: 9px } }
        @media (max-width: 44rem) { .mark { r: 2px } }
        @media (prefers-color-scheme: dark) { .mark { fill: white } }
    """,
}


@pytest.fixture
def sheets(monkeypatch):
    def sheet(name):
        return styles.COMMENT.sub("", SHEETS[name])

    monkeypatch.setattr(styles, "sheet", sheet)


def test_tokens_get_their_light_values_in_px(sheets):
    assert styles.resolved('<a fill="var(--soft)" font-size="var(--big)"/>') == (
        '<a fill="#111" font-size="48px"/>'
    )


def test_token_that_is_not_there_falls_back(sheets):
    assert styles.resolved("var(--none, blue)") == "blue"


def test_values_with_quotes_fit_into_attributes(sheets):
    assert styles.resolved('"var(--sans)"') == "\"'Source Sans 3', 'A B', serif\""


def test_only_rules_that_the_picture_uses_stay(sheets):
    assert styles.rules_for('<g class="mark"/>').splitlines() == [
        ".mark{fill:#111;stroke-width:8px}",
        ".mark{opacity:0.5}",
        ".picture text{font-style:normal;font-weight:600;font-size:14px;"
        "font-family:'Source Sans 3', 'A B', serif}",
        ".mark{r:9px}",
    ]


def test_the_site_has_every_token_that_its_pictures_name():
    named = set(re.findall(r"var\((--[\w-]+)", styles.sheet(styles.PICTURES_SHEET)))

    assert named - set(styles.tokens()) == set()
