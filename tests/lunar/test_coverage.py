"""The coverage page counts what is public, and says what is not known."""

import pytest

from lunar.coverage import Coverage
from tests.factories import (
    cite,
    make_act,
    make_landing,
    make_mission,
    make_mission_type,
    make_organization,
    make_series,
    make_source,
    make_transfer,
)

pytestmark = pytest.mark.django_db


def rows(found):
    return {row.label: row.numbers for row in found}


def test_missions_by_decade_leave_out_drafts_and_those_that_only_passed_by():
    make_mission(launch="1959", outcome="success")
    make_mission(launch="1959~", outcome="failure")
    make_mission(launch="2031", outcome="planned")
    make_mission(launch="", outcome="unknown")
    make_mission(launch="1966", state="draft")
    make_mission(launch="2005", types=[make_mission_type(slug="gravity-assist")])

    found = rows(Coverage().missions_by_decade)

    assert list(found) == ["1950s", "2030s", "No date"]
    assert found["1950s"] == [1, 0, 1, 0, 0, 0, 0, 2]


def test_operators_are_those_that_flew_several():
    cnsa, once = make_organization(name="CNSA"), make_organization()
    for _ in range(2):
        make_mission(operators=[cnsa])
    make_mission(operators=[once, cnsa])

    assert rows(Coverage().missions_by_operator) == {"CNSA": [3]}


def test_evidence_counts_one_source_several_and_disputed():
    make_mission()
    supported = make_mission()
    cite(supported, "launch")
    disputed = make_mission()
    landing = make_landing(disputed)
    cite(landing, "position", stance="disputes", stated_value="elsewhere")

    assert rows(Coverage().evidence)["Missions"] == [3, 1, 2, 1]


def test_values_that_are_missing_are_counted_by_the_kind_of_nothing():
    make_mission(launch_site="Baikonur", ended="1970")
    make_mission(launch_site="", absent_values={"launch_site": "unknown"}, ended="")
    make_mission(outcome="planned", launch_site="")

    [missions] = [found for kind, found in Coverage().values if kind == "Missions"]

    assert rows(missions)["Launch site"] == [1, 0, 1, 1, 0, 3]
    assert rows(missions)["Ended"] == [1, 0, 0, 1, 1, 3]  # the planned one has no end yet


def test_transfers_and_displays_by_where_they_stand():
    series = make_series(name="Apollo 11 displays", is_goodwill=True, recipients_stated="135")
    make_act(make_transfer(series=series), kind="given", date="1970")
    make_act(make_transfer(), kind="given", date="2023")
    make_transfer(series=series, state="draft")

    coverage = Coverage()

    assert rows(coverage.statuses) == {"Given": [2, 1]}
    assert rows(coverage.series) == {"Apollo 11 displays": ["135", 1]}


def test_sources_by_standing_and_copies_kept():
    mission = make_mission(cited=False)
    cite(mission, source=make_source(standing="primary", archive_url="https://web.archive.org/1"))
    cite(mission, "launch", source=make_source(standing="primary"))
    make_source(standing="tertiary")

    assert rows(Coverage().sources)["Primary"] == [2, 1]
    assert rows(Coverage().sources)["Tertiary"] == [0, 0]


def test_the_page_takes_as_many_queries_for_any_number_of_records(client, queries_of):
    make_landing()
    few = queries_of(lambda: client.get("/about/coverage/"))
    for _ in range(3):
        make_landing()
        make_transfer()

    assert queries_of(lambda: client.get("/about/coverage/")) == few
