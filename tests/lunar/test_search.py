"""Search over everything: what is found, in which order, and what never is."""

import pytest
from django.urls import reverse

from lunar.search import KINDS, PER_KIND, search
from lunar.sources.derivation import postponed
from tests import factories as make

pytestmark = pytest.mark.django_db


def found(words):
    """Return {heading: names found} for `words`."""
    return {
        results.heading: [str(record) for record, _ in results.found] for results in search(words)
    }


def make_one_of_each(name):
    make.make_mission(name=name)
    make.make_programme(name=name)
    make.make_transfer(title=name)
    make.make_series(name=name)
    make.make_practice(name=name)
    make.make_agreement(name=name)
    make.make_country(name=name)
    make.make_person(name=name)
    make.make_organization(name=name)
    make.cite(make.make_mission(), "launch", make.make_source(title=name))


def test_every_kind_of_record_is_found():
    make_one_of_each("Selene")
    make.make_figure(name="Selene")

    assert found("selene") == {heading: ["Selene"] for _, heading, *_ in KINDS}


@pytest.mark.parametrize(
    "words", ["chang'e 5", "CHANGE-5", "Chang’e—5", "5 change", "嫦娥五号", "2020-087a"]
)
def test_a_name_is_found_in_any_spelling_and_script(words):
    make.make_mission(name="Chang'e 5", native_name="嫦娥五号", cospar_id="2020-087A")
    make.make_mission(name="Chang'e 6", native_name="嫦娥六号")

    assert found(words) == {"Missions": ["Chang'e 5"]}


def test_names_that_begin_with_the_words_come_first_then_those_that_hold_them_together():
    make.make_mission(name="A lander", aim="To land on the Moon with Luna")
    make.make_mission(name="The Luna of 1959")
    make.make_mission(name="Luna 16", result="Brought soil of the Moon")

    assert found("luna")["Missions"] == ["Luna 16", "A lander", "The Luna of 1959"]
    assert found("luna of")["Missions"] == ["The Luna of 1959", "Luna 16"]


@pytest.mark.parametrize("words", ["", "   ", "%", "_", "'", "“…”", "\\"])
def test_no_letters_find_nothing(words):
    make.make_mission(name="100% _ '")

    assert search(words) == []


@pytest.mark.parametrize("number", [PER_KIND - 1, PER_KIND, PER_KIND + 1])
def test_the_best_few_are_shown_with_the_way_to_the_rest(client, number):
    for _ in range(number):
        make.make_mission(name="Zond & co")

    [results] = search("Zond & co")

    assert len(results.found) == min(number, PER_KIND)
    assert bool(results.more_url) == (number > PER_KIND)
    if results.more_url:
        assert client.get(results.more_url).context["count"] == number


def test_every_list_that_search_leads_to_takes_the_words(client):
    for model, _, list_name, _ in KINDS:
        if list_name:
            response = client.get(reverse(list_name), {"q": "nothing has this name"})
            assert response.status_code == 200, model
            assert response.context["count"] == 0


def test_search_takes_the_same_number_of_queries_however_much_is_found(client, queries_of):
    make_one_of_each("Selene")
    few = queries_of(lambda: client.get(reverse("search"), {"q": "selene"}))

    with postponed():
        for _ in range(PER_KIND - 1):
            make_one_of_each("Selene")

    assert queries_of(lambda: client.get(reverse("search"), {"q": "selene"})) == few
