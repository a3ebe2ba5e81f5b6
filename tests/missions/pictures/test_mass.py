"""The chart of all material returned: its scale, and the same facts as the table."""

import pytest
from django.urls import reverse

from missions.pictures.mass import NARROW, WIDE, MassReturned
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def samples():
    ussr = make.make_country(name="Soviet Union")
    usa = make.make_country(name="United States")
    rows = [("Luna 20", ussr, "55", "1972-02-25"), ("Apollo 17", usa, "110520", "1972-12-19")]
    for name, country, mass, returned in rows:
        mission = make.make_mission(name=name, countries=[country])
        make.make_sample_return(mission, mass_g=mass, returned=returned)


def told(picture):
    return {(row.sample.mission.name, row.country, row.value) for row in picture.drawn["rows"]}


def test_each_power_of_ten_is_one_step_of_the_scale(samples):
    picture = MassReturned()

    steps = [picture.x(10 ** (n + 1)) - picture.x(10**n) for n in range(1, 5)]

    assert max(steps) - min(steps) < 0.5
    assert picture.x(10) == WIDE.left


def test_rows_come_in_order_of_time_with_all_values_written_out(samples):
    rows = MassReturned().drawn["rows"]

    assert [row.title for row in rows] == [
        "Luna 20, Soviet Union, 1972: 55 g",
        "Apollo 17, United States, 1972: 110.52 kg",
    ]
    assert rows[0].shape != rows[1].shape


def test_picture_and_table_of_the_page_hold_the_same_facts(client, samples):
    response = client.get(reverse("missions:sample-list"))

    table = {
        (row.record.mission.name, row.record.mission.countries.get().name, row.get_cell("mass_g"))
        for row in response.context["table"].rows
    }
    assert told(response.context["chart"]) == told(response.context["narrow_chart"]) == table


def test_the_filters_of_the_list_are_those_of_the_picture(samples):
    assert [name for name, *_ in told(MassReturned({"q": "Luna"}))] == ["Luna 20"]


def test_a_mass_that_is_not_in_the_record_is_told_not_drawn(samples):
    make.make_sample_return(make.make_mission(name="Luna 99"), mass_g=None)
    picture = MassReturned()

    assert picture.drawn["rows"][-1].title.endswith("mass not in the record")
    assert "mass not in the record" in picture.body()


def test_drafts_are_not_drawn(samples):
    make.make_sample_return(make.make_mission(name="Luna 99", state="draft"))

    assert "Luna 99" not in MassReturned().body()


def test_bad_parameters_are_told():
    assert not MassReturned({"layout": "round"}).form.is_valid()
    assert not MassReturned({"from": "yesterday"}).form.is_valid()
    assert MassReturned({"layout": "narrow"}).width == NARROW.width
