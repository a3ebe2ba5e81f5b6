"""What the database itself holds of samples, and the totals that follow from them."""

from decimal import Decimal

import pytest
from django.db import IntegrityError

from missions.models import SampleReturn
from tests import factories as make

pytestmark = pytest.mark.django_db


def refuses(constraint):
    return pytest.raises(IntegrityError, match=constraint)


def test_a_mission_returns_its_samples_once():
    sample = make.make_sample_return()

    with refuses("mission_id"):
        make.make_sample_return(sample.mission)


@pytest.mark.parametrize("mass", [0, "-0.0000001"])
def test_database_refuses_a_mass_of_nothing(mass):
    with refuses("sample_return_mass_positive"):
        make.make_sample_return(mass_g=mass)


@pytest.mark.parametrize("mass", ["0.0000001", "382000.1234567", None])
def test_a_mass_is_stored_to_the_last_digit(mass):
    sample = make.make_sample_return(mass_g=mass)

    assert sample.mass_g == (mass and Decimal(mass))


def test_database_refuses_a_date_without_its_days():
    sample = make.make_sample_return(returned="1970-09-24")

    with refuses("sample_return_returned_range"):
        SampleReturn.objects.filter(pk=sample.pk).update(returned="")


def test_samples_are_found_by_their_natural_key_and_seen_with_their_mission():
    sample = make.make_sample_return()
    make.make_sample_return(make.make_mission(state="draft"))

    assert SampleReturn.objects.get_by_natural_key(*sample.natural_key()) == sample
    assert list(SampleReturn.objects.public()) == [sample]


def test_the_total_is_exact_and_leaves_out_what_is_not_known():
    for mass in ("0.1", "0.2", None, "1731.0000001"):
        make.make_sample_return(mass_g=mass)

    assert SampleReturn.objects.total_g() == Decimal("1731.3000001")


def test_no_known_mass_has_no_total():
    make.make_sample_return(mass_g=None)

    assert SampleReturn.objects.total_g() is None


def test_samples_are_found_by_the_words_of_their_mission():
    sample = make.make_sample_return(make.make_mission(name="Chang'e 5"))
    make.make_sample_return()

    assert list(SampleReturn.objects.matching("change")) == [sample]


def test_samples_count_their_public_transfers_each_once():
    mission = make.make_mission(countries=[make.make_country(), make.make_country()])
    make.make_sample_return(mission)
    make.make_transfer(missions=[mission])
    make.make_transfer(missions=[mission])
    make.make_transfer(missions=[mission], state="draft")

    assert SampleReturn.objects.for_list().get().transfer_count == 2


@pytest.mark.parametrize("field", ["slug", "measure"])
def test_a_figure_is_there_once(field):
    figure = make.make_figure(measure="mass_returned")
    fields = {"measure": "sample_return_missions"} | {field: getattr(figure, field)}

    with refuses(field):
        make.make_figure(**fields)


def test_figures_are_computed_from_what_is_public_now():
    mass = make.make_figure(measure="mass_returned")
    missions = make.make_figure(measure="sample_return_missions")
    assert (mass.value_in_words("value"), missions.value_in_words("value")) == ("", "0")

    make.make_sample_return(mass_g="1000")
    make.make_sample_return(make.make_mission(state="draft"), mass_g="1000")

    assert (mass.value_in_words("value"), missions.value_in_words("value")) == ("1,000 g", "1")


def test_a_figure_is_found_by_the_totals_that_sources_state():
    figure = make.make_figure()
    make.cite(figure, "value", stance="disputes", stated_value="about 380 kg")

    assert type(figure).objects.matching("380 kg").exists()
