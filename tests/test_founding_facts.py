"""Each fact of the column that this record grew from, two clicks from the front page.

The front page leads to the page of the column, and that leads to every value which rests on it;
there the value is shown, and the column is among the sources.
"""

import re

import pytest
from django.test import Client
from django.utils.html import strip_tags

from lunar.front import FOUNDING_SOURCE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

COLUMN = f"/sources/{FOUNDING_SOURCE}/"
TITLE = "From pandas to lunar soil"

# (page, what a reader finds there)
FACTS = [
    (COLUMN, "Korea JoongAng Daily"),
    (COLUMN, "10 February 2025"),
    ("/missions/programmes/chang-e/", "the Moon goddess of Chinese legend"),
    ("/missions/programmes/chang-e/", "2004"),
    ("/missions/chang-e-1/", "2007"),
    ("/missions/chang-e-3/", "Near side"),
    ("/missions/chang-e-4/", "First soft landing on the far side"),
    ("/missions/queqiao-1/", "Relay satellite"),
    ("/missions/queqiao-1/", "Magpie Bridge"),
    ("/missions/chang-e-5/", "1,731 g"),
    ("/missions/chang-e-6/", "1,935 grams"),
    ("/missions/chang-e-6/", "Far side"),
    ("/missions/chang-e-7/", "water and ice"),
    ("/missions/chang-e-7/", "2026 Korea JoongAng Daily"),
    ("/missions/chang-e-7/", "about January 2025"),
    ("/missions/samples/", "about 380 kilograms"),
    ("/diplomacy/transfers/us-china-1978/", "Zbigniew Brzezinski"),
    ("/diplomacy/transfers/us-china-1978/", "about 1 g"),
    ("/diplomacy/practices/lunar-sample-diplomacy/", "United States, 1978"),
    ("/diplomacy/practices/lunar-sample-diplomacy/", "Panda diplomacy"),
    ("/diplomacy/practices/lunar-sample-diplomacy/", "nations that China favours"),
    ("/diplomacy/practices/lunar-sample-diplomacy/", "first full Moon"),
    ("/diplomacy/practices/panda-diplomacy/", "to foster goodwill"),
    ("/diplomacy/transfers/nasa-chang-e-5-request/", "Last November, NASA formally requested"),
    ("/diplomacy/transfers/nasa-chang-e-5-request/", "reasons known to all"),
    ("/diplomacy/transfers/china-russia-2022/", "1.5 g"),
    ("/diplomacy/transfers/china-russia-2022/", "Vladimir Putin"),
    ("/diplomacy/transfers/china-france-2023/", "1.5 g"),
    ("/diplomacy/transfers/china-france-2023/", "Emmanuel Macron"),
    ("/diplomacy/transfers/china-france-2023/", "Histoire naturelle"),
    ("/diplomacy/transfers/china-france-2023/", "friendship"),
]


def text_of(path):
    page = Client().get(path).content.decode()
    return re.sub(r"\s+", " ", strip_tags(page).replace("&#x27;", "'"))


def test_the_front_page_leads_to_the_column():
    assert f'href="{COLUMN}"' in Client().get("/").content.decode()


@pytest.mark.parametrize(("path", "words"), FACTS)
def test_a_fact_of_the_column_is_found_with_the_column_as_its_source(path, words):
    assert words in text_of(path)
    assert TITLE in text_of(path)
    if path != COLUMN:
        assert f'href="{path}' in Client().get(COLUMN).content.decode()


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("magpie bridge", "/missions/queqiao-1/"),
        ("reasons known to all", "/diplomacy/transfers/nasa-chang-e-5-request/"),
        ("brzezinski", "/diplomacy/transfers/us-china-1978/"),
        ("macron", "/diplomacy/transfers/china-france-2023/"),
        ("380 kilograms", "/missions/samples/"),
        ("moon diplomacy", "/diplomacy/practices/lunar-sample-diplomacy/"),
        ("嫦娥七号", "/missions/chang-e-7/"),
    ],
)
def test_one_search_finds_it(words, path):
    assert f'href="{path}' in Client().get("/search/", {"q": words}).content.decode()
