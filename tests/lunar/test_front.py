"""What the front page counts and chooses: only what is public, the latest and most telling."""

import pytest

from lunar.front import DISAGREEMENTS, FOUNDING_SOURCE, LATEST, FrontPage
from tests import factories as make

pytestmark = pytest.mark.django_db


def figure(words):
    """Return the figure whose label holds `words`."""
    [found] = [figure for figure in FrontPage().figures if words in figure.label]
    return found


def test_an_empty_record_has_zeros_and_nothing_to_show():
    page = FrontPage()

    assert {figure.value for figure in page.figures} == {"0", "0 g"}
    assert [*page.firsts, *page.transfers, *page.practices, *page.disagreements] == []
    assert page.founding_source is None


def test_every_figure_is_the_number_of_rows_of_the_list_it_leads_to(client):
    series = make.make_series(is_goodwill=True)
    for kind in ("given", "stolen", "lost", "requested", "refused"):
        make.make_act(make.make_transfer(series=series), kind=kind)
    make.make_mission(types=[make.make_mission_type(slug="gravity-assist")])
    make.make_sample_return()
    for state in ("published", "draft"):
        make.make_act(make.make_transfer(recipient=make.make_country(state=state)))
        make.make_act(make.make_transfer(state=state))
        make.make_mission(state=state)

    for figure in FrontPage().figures:
        if not figure.value.endswith("g"):
            assert figure.value == str(client.get(figure.url).context["count"]), figure.label


def test_what_was_brought_to_earth_is_added_up():
    make.make_sample_return(mass_g="20000.5")
    make.make_sample_return(mass_g="101")
    make.make_sample_return(make.make_mission(state="draft"), mass_g="1")

    assert figure("brought to Earth by 2 missions").value == "20.1015 kg"


def test_a_country_that_received_twice_counts_once():
    country = make.make_country()
    for _ in range(2):
        make.make_act(make.make_transfer(recipient=country), kind="given")

    assert figure("received").value == "1"


def test_the_latest_firsts_come_first_and_drafts_never():
    mission = make.make_mission()
    make.make_event(mission, date="2024", title="No first")
    make.make_event(make.make_mission(state="draft"), date="2025", is_first=True)
    for year in range(1960, 1960 + LATEST + 1):
        make.make_event(mission, date=str(year), is_first=True)

    dates = [event.date for event in FrontPage().firsts]

    assert dates == [str(year) for year in range(1960 + LATEST, 1960, -1)]


def test_the_latest_transfers_come_first():
    for year in (1978, 2025, 1969):
        make.make_act(make.make_transfer(title=str(year)), date=str(year))
    make.make_transfer(title="Draft", state="draft")

    titles = [transfer.title for transfer in FrontPage().transfers]

    assert titles == ["2025", "1978", "1969"]


def test_disagreements_are_of_different_records_those_of_the_founding_column_first():
    founding = make.make_source(slug=FOUNDING_SOURCE)
    said = {"stance": "disputes", "stated_value": "380 kg"}
    records = [make.make_mission(name=f"Mission {n}") for n in range(DISAGREEMENTS)]
    for record in records:
        make.cite(record, "launch", **said)
        make.cite(record, "outcome", **said)
    first = make.cite(make.make_figure(name="Zz"), "value", founding, **said)
    make.cite(make.make_mission(state="draft"), "launch", founding, **said)

    shown = FrontPage().disagreements

    assert shown[0] == first
    assert len({citation.owner for citation in shown}) == len(shown) == DISAGREEMENTS


def test_the_founding_column_is_named_once_something_rests_on_it():
    founding = make.make_source(slug=FOUNDING_SOURCE)
    assert FrontPage().founding_source is None

    make.cite(make.make_mission(), "launch", founding)

    assert FrontPage().founding_source == founding


def test_the_front_page_takes_the_same_number_of_queries_however_much_there_is(client, queries_of):
    def populate():
        mission = make.make_mission(programme=make.make_programme())
        make.make_event(mission, is_first=True)
        make.make_sample_return(mission)
        make.make_practice()
        make.make_act(make.make_transfer(series=make.make_series(is_goodwill=True)))
        for subject in (mission, make.make_crew_member(), make.make_landing(), make.make_act()):
            make.cite(subject, "", stance="disputes", stated_value="other")

    populate()
    few = queries_of(lambda: client.get("/"))
    for _ in range(10):
        populate()

    assert queries_of(lambda: client.get("/")) == few
