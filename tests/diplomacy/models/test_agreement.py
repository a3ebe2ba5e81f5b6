import pytest
from django.db import IntegrityError

from diplomacy.models import Adherence, Agreement
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_constraint_slug_is_unique():
    make.make_agreement(slug="artemis-accords")
    with pytest.raises(IntegrityError):
        make.make_agreement(slug="artemis-accords")


@pytest.mark.parametrize("name", ["opened", "in_force"])
def test_constraint_ranges(name):
    agreement = make.make_agreement()
    with pytest.raises(IntegrityError, match=f"agreement_{name}_range"):
        Agreement.objects.filter(pk=agreement.pk).update(**{f"{name}_latest": "1979-12-31"})


def test_constraint_adherence_range():
    adherence = make.make_adherence()
    with pytest.raises(IntegrityError, match="adherence_date_range"):
        Adherence.objects.filter(pk=adherence.pk).update(date="")


def test_constraint_a_country_takes_each_step_once():
    adherence = make.make_adherence(step="signed")
    make.make_adherence(adherence.agreement, adherence.country, step="ratified")
    with pytest.raises(IntegrityError):
        make.make_adherence(adherence.agreement, adherence.country, step="signed")


def test_country_count_leaves_out_who_withdrew_and_counts_a_country_once():
    agreement, empty = make.make_agreement(), make.make_agreement()
    stays, leaves = make.make_country(), make.make_country()
    for country, step in [
        (stays, "signed"),
        (stays, "ratified"),
        (leaves, "acceded"),
        (leaves, "withdrew"),
        (make.make_country(state="draft"), "signed"),
    ]:
        make.make_adherence(agreement, country, step=step)

    counts = {a.pk: a.country_count for a in Agreement.objects.with_country_count()}
    assert counts == {agreement.pk: 1, empty.pk: 0}


def test_a_step_is_public_with_its_agreement_and_its_country():
    public = make.make_adherence()
    make.make_adherence(country=make.make_country(state="draft"))
    make.make_adherence(make.make_agreement(state="draft"))

    assert list(Adherence.objects.public()) == [public]
