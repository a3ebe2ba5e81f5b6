import pytest
from django.db import transaction

from benchmarks.filling import REVISED_EVERY, fill
from diplomacy.models import Transfer
from lunar.canonical import validation
from lunar.canonical.rows import rows_of, stored_rows
from lunar.desk.models import Revision
from lunar.search import index
from lunar.search.models import Entry, NameWord
from lunar.sources.models import Source
from missions.models import Mission
from tests.factories import make_transfer
from tests.world import make_world

pytestmark = pytest.mark.django_db
RECORDS = 300


@pytest.fixture(scope="module")
def before(django_db_setup, django_db_blocker):
    """The numbers of records that are not made up, in a small world."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_world()
        yield {model: model.objects.count() for model in (Source, Mission, Transfer)}
        transaction.set_rollback(True)


def test_the_same_seed_makes_the_same_rows(before):
    def rows(seed):
        with transaction.atomic():
            list(fill(RECORDS, seed))
            found = {
                row.identity: row.fields for rows in stored_rows().values() for row in rows.values()
            }
            transaction.set_rollback(True)
        return found

    first = rows(seed=7)

    assert rows(seed=7) == first
    assert rows(seed=8) != first


@pytest.fixture(scope="module")
def filled(before, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield list(fill(RECORDS, seed=7))
        transaction.set_rollback(True)


def test_as_many_records_are_made_as_asked_for(before, filled):
    made = {model: model.objects.count() - number for model, number in before.items()}

    assert made == {Source: 30, Mission: 30, Transfer: 240}
    assert filled[-1] == RECORDS


def test_most_of_them_are_public(before, filled):
    assert Source.objects.public().count() == before[Source] + 30
    assert Mission.objects.public().count() == before[Mission] + 30
    assert 0.95 < Transfer.objects.public().count() / Transfer.objects.count() < 1


def test_all_that_is_derived_follows_from_the_rows(filled):
    assert list(validation.wrong_derivations()) == []


def test_they_are_valid(filled):
    assert list(validation.invalid_rows()) == []
    assert list(validation.broken_tables()) == []


def test_the_search_has_what_it_would_index_itself(filled):
    indexed = dict(Entry.objects.values_list("pk", "fingerprint"))
    words = set(NameWord.objects.values_list("word", flat=True))

    index.rebuild()

    assert dict(Entry.objects.values_list("pk", "fingerprint")) == indexed
    assert set(NameWord.objects.values_list("word", flat=True)) == words


def test_some_have_a_history_that_ends_with_how_they_are(filled):
    latest = Revision.objects.public().filter(label="diplomacy.transfer", number=2)

    assert len(latest) == 240 / REVISED_EVERY
    for revision in latest:
        transfer = Transfer.objects.get(slug=revision.key)
        assert revision.rows == Revision.entries(rows_of(transfer))


def test_what_is_saved_later_gets_numbers_of_its_own(filled):
    highest = Transfer.objects.order_by("-pk").values_list("pk", flat=True)[0]

    assert make_transfer().pk > highest
