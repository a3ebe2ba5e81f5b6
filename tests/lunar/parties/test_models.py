"""What the database itself holds of countries, organisations and people."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError

from lunar.parties.models import Country, Organization
from tests import factories as make

pytestmark = pytest.mark.django_db


def refuses(constraint):
    return pytest.raises(IntegrityError, match=constraint)


@pytest.mark.parametrize(
    ("make_one", "field"),
    [
        (make.make_country, "code"),
        (make.make_organization, "slug"),
        (make.make_person, "slug"),
    ],
)
def test_an_address_belongs_to_one_party_which_is_found_by_it(make_one, field):
    party = make_one(**{field: "CN"})

    assert type(party).objects.get_by_natural_key(*party.natural_key()) == party
    with refuses(field):
        make_one(**{field: "CN"})


@pytest.mark.parametrize("code", ["CN", "SUHH", "US-AL", "X-UN", "X-KOSOVO"])
def test_codes_of_states_former_states_and_bodies_without_one(code):
    make.make_country(code=code).full_clean()


@pytest.mark.parametrize(
    "code", ["cn", "CHN", "C1", "US-A", "US-ALA", "X-U", "X-UNIONEN", "CN\n", "", "CN/FR", "ＣＮ"]
)
def test_codes_in_any_other_form_are_refused(code):
    with pytest.raises(ValidationError) as refusal:
        Country(code=code, name="Nowhere", kind="state").full_clean()

    assert set(refusal.value.message_dict) == {"code"}


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("country_former_state_ended", {"kind": "former_state"}),
        ("country_valid_from_range", {"valid_from": "1922"}),
        ("country_valid_to_range", {"valid_to_latest": "1991-12-26"}),
    ],
)
def test_database_refuses_a_country_that_contradicts_itself(constraint, wrong):
    country = make.make_country()

    with refuses(constraint):
        Country.objects.filter(pk=country.pk).update(**wrong)


def test_a_former_state_has_an_end_and_successors():
    russia = make.make_country(code="RU", name="Russia")
    ussr = make.make_country(kind="former_state", valid_to="1991-12-26", successors=[russia])

    assert list(ussr.successors.all()) == [russia]
    assert list(russia.predecessors.all()) == [ussr]
    assert list(russia.successors.all()) == []


@pytest.mark.parametrize(
    ("name_in_text", "in_text"), [("", "France"), ("the Soviet Union", "the Soviet Union")]
)
def test_a_country_has_a_name_for_the_middle_of_a_sentence(name_in_text, in_text):
    assert Country(name="France", name_in_text=name_in_text).in_text == in_text


@pytest.mark.parametrize("make_dependent", [make.make_organization, make.make_person])
def test_a_country_that_others_name_cannot_be_deleted(make_dependent):
    country = make.make_country()
    make_dependent(country=country)

    with pytest.raises(ProtectedError):
        country.delete()


def test_a_country_with_territories_cannot_be_deleted():
    country = make.make_country()
    make.make_country(kind="territory", part_of=country)

    with pytest.raises(ProtectedError):
        country.delete()


@pytest.mark.parametrize(
    ("party", "words"),
    [
        ("country", ["soviet union", "Советский", "suhh"]),
        ("organization", ["academy", "cas", "中国科学院", "beijing"]),
        ("person", ["ouyang", "欧阳自远", "father of"]),
    ],
)
def test_a_party_is_found_by_all_its_names(party, words):
    row = {
        "country": lambda: make.make_country(
            code="SUHH", name="Soviet Union", native_name="Советский Союз"
        ),
        "organization": lambda: make.make_organization(
            name="Academy of Sciences", short_name="CAS", native_name="中国科学院", city="Beijing"
        ),
        "person": lambda: make.make_person(
            name="Ouyang Ziyuan", native_name="欧阳自远", known_for="Father of the programme"
        ),
    }[party]()

    for word in words:
        assert list(type(row).objects.matching(word)) == [row]


def test_a_body_counts_the_public_material_it_holds():
    body = make.make_organization()
    make.make_organization()
    for state in ("published", "published", "draft"):
        transfer = make.make_transfer(state=state)
        make.make_act(transfer, kind="given", to_organization=body)

    counts = Organization.objects.with_held_count().values_list("held_count", flat=True)

    assert sorted(counts) == [0, 2]
