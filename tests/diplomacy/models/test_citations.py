"""The rules that every citation table of this app holds, and who becomes public by them."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests import factories as make

pytestmark = pytest.mark.django_db

MAKERS = [
    make.make_series,
    make.make_transfer,
    make.make_act,
    make.make_agreement,
    make.make_adherence,
    make.make_practice,
]
RECORD_MAKERS = [make.make_series, make.make_transfer, make.make_agreement, make.make_practice]


@pytest.mark.parametrize("maker", MAKERS)
def test_constraint_a_source_is_cited_once_for_a_value(maker):
    subject, source = maker(), make.make_source()
    make.cite(subject, source=source)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.cite(subject, source=source)


@pytest.mark.parametrize("maker", MAKERS)
def test_constraint_a_dispute_states_the_other_value(maker):
    with pytest.raises(IntegrityError, match="dispute_states_value"):
        make.cite(maker(), stance="disputes")


@pytest.mark.parametrize("maker", MAKERS)
def test_only_values_of_the_subject_are_cited(maker):
    with pytest.raises(ValidationError, match="is not cited here"):
        make.cite(maker(), "colour").full_clean()


@pytest.mark.parametrize("maker", RECORD_MAKERS)
def test_a_record_is_public_when_published_and_cited(maker):
    assert maker().is_public
    assert not maker(state="draft").is_public
    assert not maker(cited=False).is_public


@pytest.mark.parametrize("maker", RECORD_MAKERS)
def test_a_dispute_alone_makes_nothing_public(maker):
    record = maker(cited=False)
    make.cite(record, stance="disputes", stated_value="another")

    record.refresh_from_db()
    assert not record.is_public
