"""Every value that makes no sense is told in words beside its field, and nothing is listed for it.

The parameters are taken from the lists themselves: one that is added is asked for here as well.
"""

import json

import pytest
from django.test import Client

from lunar.api.kinds import kinds
from lunar.text import MAX_QUERY_LENGTH
from tests.security.addresses import addresses

pytestmark = pytest.mark.django_db

TOO_LONG = "a" * (MAX_QUERY_LENGTH + 1)
NOTHING_TO_SHOW = ["\0", "\x1f\x7f", "\ud800", "\ufffe"]
NONSENSE = ["no-such-value", "²", "-1", "*", "__proto__", "Yes", "a" * 300, *NOTHING_TO_SHOW]
DATES = ["yesterday", "1970-13", "1970-02-30", "31/12/1970", "1970/1969", "../..", "9" * 5000]
BAD = {
    "q": [TOO_LONG],
    "from": [*DATES, *NOTHING_TO_SHOW],
    "to": [*DATES, *NOTHING_TO_SHOW],
    "page": ["0", "-1", "²", "１", "1.0", "1e3", "9" * 5000, "last", *NOTHING_TO_SHOW],
    "at": ["yesterday", "2026-11-23", "²", *NOTHING_TO_SHOW],
}
LISTS = {
    f"/{one.route}": one.parameters
    for one in addresses()
    if one.filterset and not one.is_of_the_desk
}
FILES = ("csv", "json", "xlsx")


def bad_values(name, place):
    """Return some of the bad values of a parameter: other ones at each place."""
    values = BAD.get(name, NONSENSE)
    return {
        values[place % len(values)],
        values[-1 - place % min(len(values), len(NOTHING_TO_SHOW))],
    }


def cases(path):
    """Yield (name, value) of what a list is asked for."""
    start = list(LISTS).index(path)
    for place, name in enumerate(LISTS[path], start):
        for value in bad_values(name, place):
            yield name, value


def ask(path, name, value, **more):
    asked = {name: value, **more}
    return Client().get(
        path, {key: text.encode(errors="surrogatepass") for key, text in asked.items()}
    )


def rows(response):
    """Return what a list shows, whether in a table or as a log."""
    context = response.context
    return context["changes"] if "changes" in context else list(context["table"].rows)


def is_told(html, name):
    """Return whether something is said where the reader looks for it."""
    beside = {"page": "Page: Write a page number", "format": "This list does not come as"}
    return beside.get(name, f'id="id_{name}_error"><p class="field-error">') in html


def test_every_list_has_rows_to_hide(world):
    assert len(LISTS) == 10
    assert [path for path in LISTS if not rows(Client().get(path))] == []


@pytest.mark.parametrize("path", LISTS)
def test_a_bad_value_of_a_list_is_told_beside_its_field_and_nothing_is_listed(world, path):
    wrong = []
    for name, value in cases(path):
        response = ask(path, name, value)
        told = is_told(response.content.decode(), name)
        shown = [] if name == "format" else rows(response)
        if (response.status_code, told, len(shown)) != (400, True, 0):
            wrong.append((name, value[:20], response.status_code, told, len(shown)))

    assert wrong == []


@pytest.mark.parametrize("path", LISTS)
def test_a_bad_value_yields_no_file(world, path):
    wrong = []
    for place, (name, value) in enumerate(cases(path)):
        if name != "format":
            response = ask(path, name, value, format=FILES[place % 3])
            if response.status_code != 400 or f"{name}: " not in response.content.decode():
                wrong.append((name, value[:20], response.status_code))

    assert wrong == []


@pytest.mark.parametrize("kind", kinds())
def test_a_bad_value_of_the_api_is_told_by_name(world, kind, settings):
    settings.API_RATE_LIMIT = 10**9
    own = {"updated_since": "yesterday", "fields": "colour", "per_page": "501", "sources": "all"}
    wrong = []
    for place, parameter in enumerate(kinds()[kind].list_parameters):
        name = parameter.name
        for value in {own[name]} if name in own else bad_values(name, place):
            response = ask(f"/api/v1/{kind}/", name, value)
            told = [one["name"] for one in json.loads(response.content).get("parameters", [])]
            if (response.status_code, told) != (400, [name]):
                wrong.append((name, value[:20], response.status_code, told))

    assert wrong == []


OTHERS = [
    (path, name)
    for path, names in {
        "/missions/map/": ["programme", "country", "kind", "outcome", "decade", "site", "sort"],
        "/missions/timeline/": ["by", "decade"],
        "/diplomacy/": ["matrix"],
        "/search/": ["q", "type", "page"],
        "/search/suggest/": ["q", "type", "page"],
        "/changes/": [],
        "/changes/mission/chang-e-5/": ["from", "to"],
        "/missions/chang-e-5/": ["as_of", "format"],
        "/diplomacy/transfers/feed.atom": ["kind", "status", "giver", "from", "q", "sort"],
        "/pictures/moon-map.svg": ["programme", "decade", "site"],
        "/pictures/moon-map.png": ["country"],
        "/pictures/timeline.svg": ["by", "decade"],
        "/pictures/transfers-matrix.svg": ["matrix"],
        "/pictures/mass-returned.svg": ["country", "side", "material", "from"],
    }.items()
    for name in names
]


@pytest.mark.parametrize(("path", "name"), OTHERS)
def test_a_bad_value_is_told_wherever_else_values_are_taken(world, path, name):
    wrong = []
    for value in bad_values(name, OTHERS.index((path, name))):
        response = ask(path, name, value)
        if response.status_code != 400 or not response.content.strip():
            wrong.append((value[:20], response.status_code))

    assert wrong == []
