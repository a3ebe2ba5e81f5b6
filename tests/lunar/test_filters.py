"""What the address of a list may ask for; missions stand for every list."""

import pytest
from django import forms
from django.urls import reverse
from pytest_django.asserts import assertHTMLEqual

from diplomacy.models import Transfer
from lunar.filters import Facet, PlainSelect
from missions.models import Mission
from tests import factories as make

pytestmark = pytest.mark.django_db

LIST = reverse("missions:mission-list")


@pytest.fixture
def ask(client):
    """Ask the list of missions for what the parameters say; return the context of the answer."""

    def ask(status=200, path=LIST, **parameters):
        response = client.get(path, parameters)
        assert response.status_code == status
        return response.context

    return ask


def names(context):
    return [row.record.name for row in context["table"].rows]


def options(context, facet):
    """Return {value: label with number of rows} of a facet; “Any” left out."""
    return {value: label for value, label in context["form"].fields[facet].choices if value}


# Facets


@pytest.fixture
def flights():
    ussr, usa = make.make_country(code="SU", name="USSR"), make.make_country(code="US", name="USA")
    luna = make.make_programme(slug="luna", name="Luna")
    lander, orbiter = (
        make.make_mission_type(slug=s, name=s.title()) for s in ("lander", "orbiter")
    )
    both = {"countries": [ussr, usa], "types": [lander, orbiter]}
    make.make_mission(name="Both", **both)
    make.make_mission(name="Luna 15", programme=luna, countries=[ussr], outcome="failure")
    luna_16 = make.make_mission(name="Luna 16", programme=luna, countries=[ussr], types=[lander])
    make.make_landing(luna_16, longitude="56")
    make.make_landing(luna_16, longitude="57")


def test_a_facet_offers_the_values_that_occur_with_their_numbers(ask, flights):
    context = ask()

    assert options(context, "country") == {"US": "USA (1)", "SU": "USSR (3)"}
    assert options(context, "type") == {"lander": "Lander (2)", "orbiter": "Orbiter (1)"}
    assert options(context, "programme") == {"luna": "Luna (2)"}
    assert options(context, "outcome") == {"success": "Success (2)", "failure": "Failure (1)"}
    assert options(context, "side") == {"near": "Near side (1)"}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"country": "US"}, ["Both"]),
        ({"country": "SU", "type": "lander"}, ["Both", "Luna 16"]),
        ({"programme": "luna"}, ["Luna 15", "Luna 16"]),
        ({"side": "near"}, ["Luna 16"]),
        ({"outcome": "failure", "q": "luna"}, ["Luna 15"]),
        ({"outcome": "failure", "country": "US"}, []),
    ],
)
def test_facets_narrow_the_list_and_no_row_comes_twice(ask, flights, asked, found):
    assert sorted(names(ask(**asked))) == found


def test_a_related_record_is_asked_for_by_its_key():
    usa = make.make_country(code="US")
    facet = Facet("giver", "Giver", "giver__code", "giver__name")

    asked = str(facet.apply(Transfer.objects.order_by(), "US").query)

    assert asked.endswith(f'"giver_id" = {usa.pk}')  # and the planner knows how common it is


def test_a_facet_counts_what_choosing_it_would_show(ask, flights):
    context = ask(outcome="success", country="SU")

    assert options(context, "outcome") == {"success": "Success (2)", "failure": "Failure (1)"}
    assert options(context, "country") == {"US": "USA (1)", "SU": "USSR (2)"}
    assert options(context, "programme") == {"luna": "Luna (1)"}


@pytest.mark.parametrize("path", ["programme-list", "sample-list"])
def test_facets_of_lists_with_numbers_of_their_own_count_right(ask, path):
    country = make.make_country(code="SU", name="USSR")
    for _ in range(2):
        programme = make.make_programme(countries=[country])
        mission = make.make_mission(programme=programme, countries=[country])
        make.make_mission(programme=programme)
        make.make_sample_return(mission)
        make.make_transfer(missions=[mission])

    context = ask(path=reverse(f"missions:{path}"))

    assert options(context, "country") == {"SU": "USSR (2)"}


def test_the_options_of_a_facet_are_counted_where_they_are_shown(monkeypatch, client, flights):
    counted = []
    really = Facet.options

    def watched(facet, queryset):
        counted.append(facet.name)
        return really(facet, queryset)

    monkeypatch.setattr(Facet, "options", watched)

    for plain in (f"{LIST}?format=csv", "/api/v1/missions/", "/about/gallery/"):
        assert client.get(plain).status_code == 200
        assert counted == []
    assert client.get("/api/v1/missions/?country=US").status_code == 200
    assert counted == ["country"]
    assert client.get(LIST).status_code == 200
    assert {"country", "type", "programme", "outcome"} <= set(counted)


def test_facets_of_organisations_count_right(ask):
    for _ in range(2):
        organization = make.make_organization(kind="museum")
        for _ in range(2):
            make.make_act(kind="given", to_organization=organization)

    assert options(ask(path=reverse("organization-list")), "kind") == {
        "museum": "Museum or planetarium (2)"
    }


@pytest.mark.parametrize("asked", [{"outcome": "cancelled"}, {"country": "FR"}])
def test_a_value_that_no_row_has_yet_may_be_asked_for(ask, flights, asked):
    make.make_country(code="FR", name="France")

    context = ask(**asked)

    assert names(context) == []
    assert [words for _, words, _ in context["filterset"].chosen()] == [
        {"cancelled": "Cancelled", "FR": "France"}[value] for value in asked.values()
    ]


@pytest.mark.parametrize("asked", [{"programme": "secret"}, {"country": "X-SECR"}])
def test_drafts_are_neither_offered_nor_to_be_asked_for(ask, asked):
    make.make_mission(
        programme=make.make_programme(slug="secret", state="draft"),
        countries=[make.make_country(code="X-SECR", cited=False)],
    )

    assert options(ask(), "programme") == options(ask(), "country") == {}
    assert ask(400, **asked)["form"].errors


# Dates


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"from": "1970"}, ["1970", "1970-09", "1969/1971", "1970~", "1970-09-12/.."]),
        ({"to": "1969"}, ["../1969", "1969/1971"]),
        (
            {"from": "1970-09", "to": "1970-09"},
            ["1970", "1970-09", "1969/1971", "1970~", "1970-09-12/.."],
        ),
        ({"from": "1970-01", "to": "1970-02"}, ["1970", "1969/1971", "1970~"]),
        ({"from": "2000"}, ["1970-09-12/.."]),
        ({"from": "../1972"}, ["1970-09-12/.."]),
        ({"to": "0500"}, ["../1969"]),
        ({}, ["", "1970", "1970-09", "1969/1971", "../1969", "1970~", "1970-09-12/.."]),
    ],
)
def test_a_row_stays_where_its_date_may_fit(ask, asked, found):
    for date in ("", "1970", "1970-09", "1969/1971", "../1969", "1970~", "1970-09-12/.."):
        make.make_mission(launch=date, name=date or "unknown")

    assert set(names(ask(**asked))) == {date or "unknown" for date in found}


def test_dates_the_wrong_way_round_are_told(ask):
    context = ask(400, **{"from": "1971", "to": "1970"})

    assert context["form"].errors["to"] == ["This date lies before “from”. Swap the two."]


# What is wrong is told


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("country", "XX", "XX is not one of the available choices"),
        ("outcome", "Success", "Success is not one of the available choices"),
        ("sort", "id", "id is not one of the available choices"),
        ("sort", "--launch", "--launch is not one of the available choices"),
        ("per_page", "1000", "1000 is not one of the available choices"),
        ("from", "yesterday", "‘yesterday’ is not a date in EDTF"),
        ("to", "31/12/1970", "‘31/12/1970’ is not a date in EDTF"),
        ("page", "0", "Write a page number such as 1 or 12."),
        ("page", "-1", "Write a page number such as 1 or 12."),
        ("page", "²", "Write a page number such as 1 or 12."),
        ("page", "１", "Write a page number such as 1 or 12."),
        ("page", "9" * 5000, "Write a page number such as 1 or 12."),
        ("page", "last", "Write a page number such as 1 or 12."),
    ],
)
def test_a_bad_value_is_told_and_lists_nothing(client, name, value, message):
    make.make_mission(countries=[make.make_country(code="CN")])

    response = client.get(LIST, {name: value})

    assert response.status_code == 400
    assert names(response.context) == []
    assert message in response.context["form"].errors[name][0]
    assert "Nothing is listed because" in response.content.decode()


@pytest.mark.parametrize("name", ["q", "country", "from", "sort", "page", "per_page", "unknown"])
@pytest.mark.parametrize("value", ["\x00", "a\x00b", "x" * 100_000, "\u202e\u200b", "{{ 7 }}%s%d"])
def test_no_value_breaks_a_list(client, name, value):
    make.make_mission()

    response = client.get(LIST, {name: value})

    assert response.status_code in {200, 400}
    assert "\x00" not in response.content.decode()
    assert len(response.content) < 50_000


def test_half_of_a_character_is_only_replaced(client):
    assert client.get(f"{LIST}?q=%ED%A0%80&from=%FF").status_code == 400


def test_only_what_is_offered_reaches_the_database(ask):
    make.make_mission(name="Luna 16")

    assert names(ask(pk__in="[0]", name__regex="(a+)+$", state="draft")) == ["Luna 16"]


# Words


def test_signs_without_a_letter_find_nothing_rather_than_everything(ask):
    make.make_mission()

    assert names(ask(q="%")) == names(ask(q="…!")) == []
    assert len(names(ask(q="  "))) == 1


# Filters in use, and addresses


def test_filters_in_use_are_told_in_words_each_with_the_address_without_it(ask):
    make.make_mission(programme=make.make_programme(slug="luna", name="Luna (USSR)"))

    context = ask(q="a (2)", programme="luna", page="1", **{"from": "1959"})

    assert context["filterset"].chosen() == [
        ("Search", "a (2)", "?programme=luna&from=1959"),
        ("Programme", "Luna (USSR)", "?q=a+%282%29&from=1959"),
        ("From", "1959", "?q=a+%282%29&programme=luna"),
    ]


def test_addresses_say_what_is_asked_for_and_no_more(ask):
    filterset = ask(page="1", per_page="50", q="", utm_source="x", outcome="success")["filterset"]

    assert filterset.link() == "?outcome=success"
    assert filterset.link(page=2) == "?outcome=success&page=2"
    assert filterset.link(sort="-name") == "?outcome=success&sort=-name"


def test_a_changed_filter_starts_at_the_first_page(ask):
    for _ in range(26):
        make.make_mission()

    filterset = ask(page="2", per_page="25")["filterset"]

    assert filterset.link(q="luna") == "?q=luna&per_page=25"
    assert filterset.link(page=2) == "?per_page=25&page=2"


def test_the_form_shows_what_is_in_use(client):
    page = client.get(LIST).content.decode()
    assert '<option value="50" selected>50</option>' in page
    assert '<option value="" selected>Usual order</option>' in page

    page = client.get(LIST, {"sort": "-launch", "per_page": "100"}).content.decode()
    assert '<option value="100" selected>100</option>' in page
    assert '<option value="-launch" selected>' in page
    assert Mission.objects.count() == 0


def test_a_choice_is_written_as_django_writes_it():
    """Apart from the spaces between its options."""
    choices = [("", "Any"), ("a&b", "A <b>"), (2, "Two")]
    attributes = {"id": "id_kind", "aria-describedby": "hint", "disabled": False, "required": True}

    for chosen in (None, "", "a&b", "2", "other"):
        plain = PlainSelect(choices=choices).render("kind", chosen, attributes)
        assertHTMLEqual(plain, forms.Select(choices=choices).render("kind", chosen, attributes))
