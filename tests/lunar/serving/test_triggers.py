import pytest
from django.core.management import call_command
from django.db import connection, transaction

from lunar.desk.models import EditorProfile
from lunar.serving import triggers
from lunar.serving.state import current_state
from missions.models import Mission
from tests.databases import ON_SQLITE
from tests.factories import make_country, make_mission, make_user


@pytest.fixture
def counts(transactional_db):
    """Return whether what a function does is counted."""

    def counts(change):
        before = current_state()
        change()
        return current_state().number > before.number

    return counts


def counted_tables():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
                "WHERE tgname = 'serving_count_change'"
            )
            return {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        names = {name for (name,) in cursor.fetchall()}
    return {
        table
        for table in triggers.content_tables()
        if {f"count_{event}_{table}" for event in ("insert", "update", "delete")} <= names
    }


def test_every_table_that_pages_show_is_counted(db):
    assert counted_tables() == set(triggers.content_tables())


def test_tables_of_links_are_counted_too():
    assert Mission.countries.through._meta.db_table in triggers.content_tables()


def test_changes_are_counted_by_whatever_means_they_are_made(counts):
    mission = make_mission()

    def by_hand():
        with connection.cursor() as cursor:
            cursor.execute("UPDATE missions_mission SET name = 'Typed by hand'")

    assert counts(mission.save)
    assert counts(lambda: Mission.objects.update(aim="In bulk"))
    assert counts(by_hand)
    assert counts(lambda: mission.countries.add(make_country()))
    assert counts(mission.countries.clear)
    assert counts(mission.delete)


def test_the_public_name_of_an_editor_is_counted(counts):
    profile = EditorProfile.objects.create(user=make_user("Editor"))

    assert counts(lambda: EditorProfile.objects.update(public_name="A. N. Editor"))
    assert counts(profile.delete)


def test_what_no_page_shows_is_not_counted(counts):
    assert not counts(lambda: make_user("Editor", username="new"))
    assert not counts(lambda: Mission.objects.count())


def test_what_is_rolled_back_is_not_counted(counts):
    def change():
        with transaction.atomic():
            make_mission()
            transaction.set_rollback(True)

    assert not counts(change)


def test_a_restored_database_is_in_no_state_of_before(counts):
    """Its number may come again, but not at the same moment."""
    mission = make_mission()
    before = current_state()
    mission.save()
    triggers.DataRevision.objects.update(number=before.number)

    assert current_state().number == before.number
    assert current_state().key != before.key


@ON_SQLITE  # only SQLite rebuilds tables
def test_a_migration_that_rebuilds_a_table_leaves_it_counted(counts):
    with connection.cursor() as cursor:
        for event in ("insert", "update", "delete"):
            cursor.execute(f"DROP TRIGGER count_{event}_missions_mission")

    call_command("migrate", verbosity=0)

    assert counts(make_mission)


def test_the_counter_comes_back_after_a_flush(counts):
    call_command("flush", interactive=False, verbosity=0)

    assert counts(make_mission)
