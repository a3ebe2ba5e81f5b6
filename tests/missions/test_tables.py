"""The tables of missions, programmes and samples: what stands in each cell."""

import pytest
from django.utils.html import strip_tags

from missions.models import Mission, Programme, SampleReturn
from missions.tables import MissionTable, ProgrammeTable, SampleTable
from tests import factories as make

pytestmark = pytest.mark.django_db


def cells(table):
    """Return {heading: text} of the only row."""
    [row] = table.rows
    return {column.header: strip_tags(str(row.get_cell(column.name))) for column in table.columns}


def mission_cells():
    return cells(MissionTable(Mission.objects.for_list()))


def test_a_mission_s_row():
    make.make_sample_return(
        make.make_mission(
            name="Chang'e 5",
            launch="2020-11-23",
            programme=make.make_programme(name="Chang'e"),
            countries=[make.make_country(name="China"), make.make_country(name="Chile")],
        ),
        mass_g="1731",
    )

    assert mission_cells() == {
        "Mission": "Chang&#x27;e 5",
        "Programme": "Chang'e",
        "Country": "Chile, China",
        "Launch": "23 November 2020",
        "Outcome": "Success",
        "Samples": "1,731 g",
    }


def test_a_mission_s_row_without_values():
    mission = make.make_mission(name="Luna 1", launch="", absent_values={"launch": "not_given"})

    assert mission_cells() | {"Mission": ""} == {
        "Mission": "",
        "Programme": "None",
        "Country": "Not researched yet",
        "Launch": "Not given or refused",
        "Outcome": "Success",
        "Samples": "",
    }
    assert mission.programme is None


def test_samples_of_unknown_mass_are_told_from_none():
    make.make_sample_return(mass_g=None, absent_values={"mass_g": "unknown"})

    assert mission_cells()["Samples"] == "Unknown after search"


def test_drafts_are_left_out_of_a_mission_s_row():
    draft = {"name": "Secret", "state": "draft"}
    make.make_mission(
        programme=make.make_programme(**draft), countries=[make.make_country(**draft)]
    )

    row = mission_cells()

    assert row["Programme"] == row["Country"] == "Not researched yet"


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("mass_g", ["little", "much", "none"]),
        ("-mass_g", ["much", "little", "none"]),
        ("programme", ["much", "little", "none"]),
        ("-programme", ["little", "much", "none"]),
    ],
)
def test_missions_are_sorted_by_related_values_those_without_last(sort, names):
    make.make_mission(name="none")
    for name, mass, programme in (("little", "1", "Zond"), ("much", "1000", "Apollo")):
        mission = make.make_mission(name=name, programme=make.make_programme(name=programme))
        make.make_sample_return(mission, mass_g=mass)

    rows = MissionTable(Mission.objects.for_list(), order_by=sort).rows

    assert [row.record.name for row in rows] == names


def test_a_programme_s_row():
    programme = make.make_programme(
        name="Luna", started="1958", countries=[make.make_country(name="USSR")]
    )
    make.make_mission(programme=programme)

    assert cells(ProgrammeTable(Programme.objects.with_mission_count())) == {
        "Programme": "Luna",
        "Native name": "",
        "Country": "USSR",
        "Began": "1958",
        "Ended": "",
        "Missions": "1",
    }


def test_a_sample_return_s_row():
    mission = make.make_mission(
        name="Luna 16", slug="luna-16", countries=[make.make_country(code="SU", name="USSR")]
    )
    make.make_sample_return(mission, mass_g="101", side="near", material="core", returned="1970-09")
    make.make_transfer(missions=[mission])
    table = SampleTable(SampleReturn.objects.for_list())

    assert cells(table) == {
        "Mission": "Luna 16",
        "Country": "USSR",
        "Reached Earth": "September 1970",
        "From": "Near side",
        "Material": "Drill core",
        "Mass returned": "101 g",
        "Transfers from it": "1",
    }
    [row] = table.body_rows()
    assert '<a href="/missions/luna-16/">' in row
    assert '<a href="/diplomacy/countries/SU/">' in row


def test_a_sample_return_s_row_without_values():
    make.make_sample_return(mass_g=None, material="")

    row = cells(SampleTable(SampleReturn.objects.for_list()))

    unknown = ("Country", "Reached Earth", "From", "Material", "Mass returned")
    assert {row[heading] for heading in unknown} == {"Not researched yet"}
    assert row["Transfers from it"] == "0"
