import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from diplomacy.models import Act, Transfer, TransferSeries
from lunar.edtf.grammar import EdtfError
from lunar.sources.models.record import Absence
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_constraint_mass_is_positive():
    with pytest.raises(IntegrityError, match="transfer_mass_positive"):
        make.make_transfer(mass_g="0")


def test_constraint_a_mass_needs_its_certainty():
    with pytest.raises(IntegrityError, match="transfer_mass_certainty_fits"):
        make.make_transfer(mass_g="1.5", mass_certainty="unknown")


def test_constraint_a_certainty_needs_a_mass():
    with pytest.raises(IntegrityError, match="transfer_mass_certainty_fits"):
        make.make_transfer(mass_g=None, mass_certainty="exact")


@pytest.mark.parametrize("side", ["giver", "recipient"])
def test_constraint_each_side_is_somebody(side):
    with pytest.raises(IntegrityError, match=f"transfer_has_{side}"):
        make.make_transfer(**{side: None})


@pytest.mark.parametrize("side", ["giver", "recipient"])
@pytest.mark.parametrize(
    ("suffix", "factory"),
    [("_organization", make.make_organization), ("_person", make.make_person)],
)
def test_a_side_may_be_a_body_or_a_person_alone(side, suffix, factory):
    transfer = make.make_transfer(**{side + suffix: factory()})

    assert getattr(transfer, side) is None


def test_constraint_a_transfer_does_not_answer_itself():
    transfer = make.make_transfer()
    transfer.reciprocates = transfer
    with pytest.raises(IntegrityError, match="transfer_does_not_reciprocate_itself"):
        transfer.save()


def test_constraint_slug_is_unique():
    make.make_transfer(slug="us-china-1978")
    with pytest.raises(IntegrityError):
        make.make_transfer(slug="us-china-1978")


@pytest.mark.parametrize("name", ["date", "last_confirmed"])
def test_constraint_days_of_a_date_come_with_its_text(name):
    transfer = make.make_transfer()
    with pytest.raises(IntegrityError, match=f"transfer_{name}_range"):
        Transfer.objects.filter(pk=transfer.pk).update(**{f"{name}_earliest": "2020-01-01"})


def test_full_clean_says_what_is_wrong_with_the_mass():
    transfer = make.make_transfer()
    transfer.mass_g = 1
    with pytest.raises(ValidationError, match="A mass needs its certainty"):
        transfer.full_clean()


def test_constraint_series_range():
    series = make.make_series()
    with pytest.raises(IntegrityError, match="transfer_series_began_range"):
        TransferSeries.objects.filter(pk=series.pk).update(began_earliest="1969-11-01")


def test_a_series_leads_to_its_transfers(client):
    series = make.make_series(slug="apollo-11")
    make.make_transfer(series=series)

    assert client.get(series.get_absolute_url()).status_code == 200


def test_constraint_act_number_is_used_once_in_a_transfer():
    transfer = make.make_transfer()
    make.make_act(transfer, number=1)
    make.make_act(number=1)  # of another transfer
    with pytest.raises(IntegrityError):
        make.make_act(transfer, number=1)


def test_an_act_without_a_number_takes_the_next():
    transfer = make.make_transfer()
    make.make_act(transfer, number=4)

    assert make.make_act(transfer).number == 5


def test_constraint_act_range():
    act = make.make_act()
    with pytest.raises(IntegrityError, match="act_date_range"):
        Act.objects.filter(pk=act.pk).update(date="")


def test_an_act_with_a_date_that_is_none_is_refused():
    with pytest.raises(EdtfError):
        make.make_act(date="22 May 1978")


def test_the_party_of_an_act_is_the_nearest_known():
    country, body, person = make.make_country(), make.make_organization(), make.make_person()

    assert Act(from_country=country, from_organization=body).from_party == body
    assert Act(to_country=country, to_person=person).to_party == person
    assert Act(to_country=country).to_party == country
    assert Act().from_party is None


def test_queryset_between_finds_both_directions_only_of_the_two():
    one, other, third = make.make_country(), make.make_country(), make.make_country()
    there = make.make_transfer(giver=one, recipient=other)
    back = make.make_transfer(giver=other, recipient=one)
    make.make_transfer(giver=one, recipient=third)

    assert set(Transfer.objects.between(one, other)) == {there, back}


def test_queryset_goodwill_is_by_series():
    display = make.make_transfer(series=make.make_series(is_goodwill=True))
    make.make_transfer(series=make.make_series())
    make.make_transfer()

    assert list(Transfer.objects.goodwill()) == [display]


def test_queryset_involving_finds_either_side():
    country = make.make_country()
    given, received = make.make_transfer(giver=country), make.make_transfer(recipient=country)
    make.make_transfer()

    assert set(Transfer.objects.involving(country)) == {given, received}


@pytest.mark.parametrize(
    ("kind", "field", "absence"),
    [
        ("refused", "holder", Absence.NOT_APPLICABLE),
        ("never_delivered", "place", Absence.NOT_APPLICABLE),
        ("destroyed", "place", Absence.NOT_APPLICABLE),
        ("consumed", "holder", Absence.NOT_APPLICABLE),
        ("stolen", "holder", Absence.UNKNOWN),
        ("searched", "place", Absence.UNKNOWN),
        ("stolen", "last_confirmed", Absence.NOT_RESEARCHED),
        ("given", "place", Absence.NOT_RESEARCHED),
        ("refused", "material", Absence.NOT_RESEARCHED),
    ],
)
def test_which_kind_of_nothing_follows_from_the_status(kind, field, absence):
    transfer = make.make_act(kind=kind).transfer
    transfer.refresh_from_db()

    assert transfer.absence(field) == absence


def test_what_an_editor_says_of_a_missing_holder_comes_first():
    transfer = make.make_transfer(absent_values={"holder": "not_given"})
    make.make_act(transfer, kind="stolen")
    transfer.refresh_from_db()

    assert transfer.absence("holder") == Absence.NOT_GIVEN


def test_a_transfer_is_found_by_its_parties_and_acts():
    transfer = make.make_transfer(
        giver=make.make_country(name="China"), recipient_person=make.make_person(name="Macron")
    )
    make.make_act(transfer, place="Jardin des Plantes", quoted_reason="reasons known to all")

    for words in ("china", "MACRON", "jardin plantes", "known to all"):
        assert list(Transfer.objects.matching(words)) == [transfer]


def test_a_transfer_is_found_by_its_parties_as_they_are_named_and_seen_now():
    country = make.make_country(name="Zaire")
    transfer = make.make_transfer(recipient=country)
    assert list(Transfer.objects.matching("zaire")) == [transfer]

    country.name = "DR Congo"
    country.save()
    assert list(Transfer.objects.matching("congo")) == [transfer]
    assert not Transfer.objects.matching("zaire").exists()

    country.state = "draft"
    country.save()
    assert not Transfer.objects.matching("congo").exists()
