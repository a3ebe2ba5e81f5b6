"""Every list: sorted, paged, told in words; whatever is asked for, never a fault."""

from functools import partial

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lunar.edtf import EdtfDate
from lunar.sources.derivation import postponed
from lunar.text import fold
from missions.models import Mission
from tests import factories as make
from tests.lunar.edtf.strategies import edtf_texts
from tests.test_pages import LISTS as ALL_LISTS

pytestmark = pytest.mark.django_db
LISTS = [path for path in ALL_LISTS if path != "/changes/"]  # that has no table


def records(response):
    return list(response.context["table"].records)


@pytest.fixture
def rows():
    """A few rows for every list, some with gaps."""
    missions = []
    for launch in ("1970-09-12", "", "1959~", "../1976", "1959"):
        country = make.make_country(name=f"Country {launch}")
        mission = make.make_mission(
            launch=launch,
            programme=make.make_programme(started=launch, countries=[country]) if launch else None,
            countries=[country] if launch else [],
        )
        make.make_landing(mission, longitude="100" if launch else "10")
        make.make_sample_return(
            mission, mass_g="101" if launch else None, side="far" if launch else ""
        )
        transfer = make.make_transfer(
            giver=country,
            missions=[mission],
            series=make.make_series(is_goodwill=True),
            mass_g="1" if launch else None,
        )
        make.make_act(transfer, date=launch)
        make.make_organization(country=country, city=launch)
        make.make_person(country=country if launch else None, known_for=launch)
        make.make_adherence(make.make_agreement(opened=launch), country)
        missions.append(mission)
    return missions


# Sorting


@pytest.mark.parametrize("path", LISTS)
def test_every_offered_order_shows_every_row_and_its_opposite_the_reverse(client, rows, path):
    table = client.get(path).context["table"]
    everything = {row.record.pk for row in table.rows}
    assert len(everything) > 1

    for sort, _ in table.sorts():
        response = client.get(path, {"sort": sort})

        assert response.status_code == 200, sort
        assert {record.pk for record in records(response)} == everything, sort


@pytest.mark.parametrize("path", LISTS)
def test_the_usual_order_is_one_of_those_offered(client, rows, path):
    response = client.get(path)
    usual = response.context["view"].default_sort

    assert usual in dict(response.context["table"].sorts())
    assert records(response) == records(client.get(path, {"sort": usual}))


@pytest.mark.parametrize(
    ("sort", "launches"),
    [
        ("launch", ["1959~", "1959", "1970-09-12", "../1976", ""]),
        ("-launch", ["../1976", "1970-09-12", "1959~", "1959", ""]),
    ],
)
def test_rows_without_a_value_come_last_in_either_direction(client, rows, sort, launches):
    response = client.get("/missions/", {"sort": sort})

    assert [mission.launch for mission in records(response)] == launches


def test_equal_rows_keep_one_order_over_all_pages(client):
    for _ in range(60):
        make.make_mission(name="Alike", launch="1970")

    pages = [client.get("/missions/", {"per_page": 25, "page": page}) for page in (1, 2, 3)]

    assert len({record.pk for page in pages for record in records(page)}) == 60


# Pages


@pytest.fixture
def sixty_missions():
    for number in range(60):
        make.make_mission(name=f"Mission {number:02}")


@pytest.mark.parametrize(
    ("asked", "shown", "pages"),
    [({}, 50, 2), ({"per_page": 25}, 25, 3), ({"per_page": 100}, 60, 0)],
)
def test_a_list_comes_in_pages(client, sixty_missions, asked, shown, pages):
    response = client.get("/missions/", asked)

    assert len(records(response)) == shown
    assert response.context["count"] == 60
    assert len(response.context["pages"]) == pages


def test_the_pager_marks_the_page_and_keeps_what_was_asked(client, sixty_missions):
    response = client.get("/missions/", {"per_page": 25, "page": 2, "q": "mission"})

    assert response.context["pages"] == [
        (1, "?q=mission&per_page=25", False),
        (2, "?q=mission&per_page=25&page=2", True),
        (3, "?q=mission&per_page=25&page=3", False),
    ]


@pytest.mark.parametrize(("page", "status"), [(2, 200), (3, 404), (999_999, 404)])
def test_a_page_beyond_the_last_is_told_and_the_last_one_shown(
    client, sixty_missions, page, status
):
    response = client.get("/missions/", {"page": page})

    assert response.status_code == status
    assert len(records(response)) == 10
    assert (f"There is no page {page}" in response.content.decode()) == (status == 404)


def test_an_empty_list_has_one_page(client):
    assert client.get("/missions/", {"page": 1}).status_code == 200
    assert client.get("/missions/", {"page": 2}).status_code == 404


def test_the_canonical_address_says_only_what_changes_the_list(client, sixty_missions):
    response = client.get("/missions/?utm_source=x&page=1&per_page=50&outcome=success&q=")

    assert response.context["canonical"] == "?outcome=success"


@pytest.mark.parametrize(
    ("count", "noun"), [(0, "0</strong> missions"), (1, "1</strong> mission<"), (2, "2</strong> m")]
)
def test_the_number_of_rows_is_told(client, count, noun):
    for _ in range(count):
        make.make_mission()

    assert noun in client.get("/missions/").content.decode()


# Queries


def test_a_list_takes_the_same_number_of_queries_for_all_rows(client, queries_of):
    def queries():
        return {path: queries_of(partial(client.get, path, {"per_page": 100})) for path in LISTS}

    populate(1)
    for_one = queries()
    with postponed():
        populate(199)

    assert queries() == for_one
    assert all(client.get(path).context["count"] >= 200 for path in LISTS)


def populate(number):
    """Add `number` rows to every list, each linked to the others."""
    for _ in range(number):
        country = make.make_country()
        programme = make.make_programme(countries=[country])
        mission = make.make_mission(programme=programme, countries=[country])
        make.make_sample_return(mission)
        body = make.make_organization(country=country)
        person = make.make_person(country=country)
        transfer = make.make_transfer(
            giver=country, missions=[mission], series=make.make_series(is_goodwill=True)
        )
        make.make_act(transfer, to_organization=body, to_person=person)
        make.make_adherence(make.make_agreement(), country)


# Whatever is asked for


# fmt: off
NAMES = [
    "q", "country", "programme", "type", "outcome", "side", "kind", "status", "sort", "page",
    "per_page", "from", "to", "by", "unknown",
]
TELLING = [
    "name", "-launch", "mass_g", "25", "100", "success", "failure", "near", "far", "luna", "SU",
    "given", "giver", "state", "'; DROP TABLE", "%00", "a" * 300, "Луна", "\u202e", "🌕",
]
# fmt: on
VALUES = st.one_of(
    st.text(max_size=30), edtf_texts, st.integers(-10, 2**70).map(str), st.sampled_from(TELLING)
)


@pytest.fixture
def flights():
    ussr = make.make_country(code="SU", name="USSR")
    luna = make.make_programme(slug="luna", name="Luna", countries=[ussr], started="1958")
    for number, launch in enumerate(["1959", "1970-09-12", "../1976", "1969/1971", "", "2024~"]):
        outcome = ("success", "failure")[number % 2]
        mission = make.make_mission(
            name=f"Luna {number}", launch=launch, outcome=outcome, countries=[ussr]
        )
        if number % 3:
            Mission.objects.filter(pk=mission.pk).update(programme=luna)
            make.make_landing(mission, longitude="100" if number % 2 else "10")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    path=st.sampled_from(LISTS), asked=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4)
)
def test_no_parameter_is_a_fault_and_no_answer_a_lie(flights, path, asked):
    response = Client().get(path, asked)

    assert response.status_code in {200, 400, 404}
    if response.status_code == 400:
        assert response.context["form"].errors
        assert records(response) == []
    elif path == "/missions/":
        assert set(records(response)) <= set(filter(fits(asked), Mission.objects.public()))
        if response.status_code == 200 and not asked.get("page"):
            assert set(records(response)) == set(filter(fits(asked), Mission.objects.public()))


def fits(asked):
    """Return whether a mission is what is asked for, told without the database."""

    def fits(mission):
        words = fold(asked.get("q", "")).split()
        return (
            all(word in mission.search_text for word in words)
            and (bool(words) or not asked.get("q", "").strip())
            and asked.get("outcome") in {None, "", mission.outcome}
            and asked.get("programme") in {None, "", getattr(mission.programme, "slug", "")}
            and asked.get("country") in {None, "", "SU"}
            and (not asked.get("side") or mission.landings.filter(side=asked["side"]).exists())
            and may_overlap(mission.launch, asked.get("from"), asked.get("to"))
        )

    return fits


def may_overlap(date, start, end):
    start, end = EdtfDate((start or "").strip()), EdtfDate((end or "").strip())
    if not (start or end):
        return True
    if not date:
        return False
    after = not start or date.latest is None or date.latest >= (start.earliest or start.latest)
    before = not end or date.earliest is None or date.earliest <= (end.latest or end.earliest)
    return after and before
