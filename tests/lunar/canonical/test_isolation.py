"""Loads and dumps while editors save."""

from threading import Event

import pytest
from django.db import InternalError, OperationalError, connection, transaction

from lunar.canonical import isolation
from lunar.canonical.dumper import fixtures
from lunar.canonical.isolation import hold_off_writers, one_state
from lunar.canonical.loader import compare, load
from lunar.canonical.plan import Action
from lunar.parties.models import Country
from lunar.sources.models import Source
from missions.models import Mission
from tests.concurrency import SOON, Unfinished, in_background, several_writers, waits
from tests.lunar.canonical.sample import record_tables, row, sample, write_fixtures

pytestmark = [several_writers, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def directory(transactional_db, tmp_path):
    """Fixtures that are loaded already."""
    directory = write_fixtures(tmp_path / "fixtures", sample())
    load(directory)
    return directory


def rename(name, slug="agency"):
    Source.objects.filter(slug=slug).update(title=name)


def test_a_load_waits_for_an_editor_and_keeps_what_was_saved(directory):
    planned = Event()

    with in_background() as start:
        edit = Unfinished(start, lambda: rename("Edited"))
        loading = start(lambda: load(directory, announce=lambda plan: planned.set()))
        assert not planned.wait(1)
        edit.commit()
        plan = loading.result(SOON)

    assert [step.row.key for step in plan.to(Action.KEEP)] == [("agency",)]
    assert Source.objects.get(slug="agency").title == "Edited"


def test_an_editor_waits_for_a_load_and_is_not_lost(directory):
    rows = sample()
    row(rows, "sources", "agency")["title"] = "From the fixture"
    write_fixtures(directory, rows)
    planned, go_on = Event(), Event()

    def announce(plan):
        planned.set()
        assert go_on.wait(SOON)

    with in_background() as start:
        loading = start(lambda: load(directory, announce=announce))
        assert planned.wait(SOON)
        edit = start(rename, "Edited")
        assert waits(edit)
        assert Source.objects.get(slug="agency").title != "From the fixture"  # readers go on
        go_on.set()
        loading.result(SOON)
        edit.result(SOON)

    assert Source.objects.get(slug="agency").title == "Edited"
    assert compare(directory).summary.endswith("1 kept edit, 0 conflicts")


def test_two_loads_at_once_come_one_after_the_other(transactional_db, tmp_path):
    directory = write_fixtures(tmp_path / "fixtures", sample())

    with in_background() as start:
        loads = [start(load, directory) for _ in range(2)]
        written = sorted(len(one.result(SOON).to(Action.CREATE)) for one in loads)

    assert written == [0, 59]


def test_an_editor_may_write_in_any_order_while_a_load_waits(directory):
    """First to a table that the load comes to late, then to one that it begins with."""
    held, go_on = Event(), Event()

    def edit():
        with transaction.atomic():
            Mission.objects.select_for_update().get(slug="luna-16").save()
            held.set()
            assert go_on.wait(SOON)
            rename("Edited")

    with in_background() as start:
        editing = start(edit)
        assert held.wait(SOON)
        loading = start(load, directory)
        with pytest.raises(TimeoutError):
            loading.result(0.5)
        go_on.set()
        editing.result(SOON)
        plan = loading.result(SOON)

    assert [step.row.key for step in plan.to(Action.KEEP)] == [("agency",)]


def test_every_table_of_the_record_is_held(transactional_db):
    with transaction.atomic():
        hold_off_writers()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relation::regclass::text FROM pg_locks "
                "WHERE pid = pg_backend_pid() AND mode = 'ExclusiveLock'"
            )
            held = {name for (name,) in cursor.fetchall()}

    assert set(record_tables()) <= held


def test_a_load_gives_up_on_an_editor_who_never_ends(directory, monkeypatch):
    monkeypatch.setattr(isolation, "LOCK_TIMEOUT", 0.2)

    with in_background() as start:
        edit = Unfinished(start, lambda: rename("Edited"))
        with pytest.raises(OperationalError, match="could not obtain lock on relation"):
            load(directory)
        edit.commit()


def test_a_dump_is_of_one_moment(directory):
    before = fixtures()

    with one_state():
        assert Country.objects.exists()  # it has begun
        with in_background() as start:
            start(rename, "Edited").result(SOON)
        assert fixtures() == before

    assert fixtures() != before


def test_nothing_is_written_where_one_state_is_read(directory):
    with pytest.raises(InternalError, match="read-only"), one_state():
        rename("Edited")
