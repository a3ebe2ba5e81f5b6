"""From a backup to a site: all of it or nothing, and never over a record by mistake."""

import json
import shutil
import sqlite3
import zipfile
from contextlib import closing

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from lunar.canonical.dumper import fixtures
from lunar.desk.history import Way, recording
from lunar.operations import restore as restore_module
from lunar.operations import sqlite as sqlite_module
from lunar.operations.backup import ABOUT, backups, make_backup
from lunar.operations.stores import store
from missions.models import Mission
from tests.databases import ON_POSTGRESQL, ON_SQLITE
from tests.installation import database, database_file


@pytest.fixture
def made(site, tmp_path):
    """A backup of the small site as it is."""
    return make_backup(tmp_path / "backups")


def change(aim, slug="mission-0"):
    with recording(None, aim, Way.COMMAND):
        mission = Mission.objects.get(slug=slug)
        mission.aim = aim
        mission.save()


def aims():
    return set(Mission.objects.values_list("aim", flat=True))


def rewritten(path, **changes):
    """Change what a backup says of itself."""
    other = path.with_name("other.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == ABOUT:
                content = json.dumps(json.loads(content) | changes)
            new.writestr(name, content)
    return other


def test_an_empty_place_becomes_the_site(site, made, elsewhere, at, capsys):
    files = fixtures()

    with at(elsewhere):
        call_command("restore", made)

        assert fixtures() == files
        assert User.objects.filter(username="editor-0").exists()
    assert capsys.readouterr().out.startswith("Restored: revision ")


def test_what_was_found_is_told(site, elsewhere, at, tmp_path, capsys):
    Mission.objects.filter(slug="mission-0").update(native_name="Луна-16")
    path = make_backup(tmp_path)
    Mission.objects.filter(slug="mission-0").update(native_name="")

    with at(elsewhere):
        call_command("restore", path)

    told = capsys.readouterr().out
    assert "native_language: is missing for Луна-16." in told
    assert told.endswith(" findings.\n")  # it is not in the words for search, either


def test_a_record_is_not_replaced_unless_it_is_asked_for(site, made):
    change("Newer than the backup")
    before = fixtures()

    with pytest.raises(CommandError, match=r"holds a record already\. With --replace"):
        call_command("restore", made)

    assert fixtures() == before


def test_what_is_replaced_is_kept_and_can_be_restored(site, made, capsys):
    older = fixtures()
    change("Soon to be replaced")
    newer = fixtures()

    call_command("restore", made, "--replace")

    assert fixtures() == older
    [aside] = backups(f"{site['LUNAR_DATA_DIR']}/replaced")
    assert f"What was here before is kept in {aside}." in capsys.readouterr().out
    call_command("restore", aside, "--replace")
    assert fixtures() == newer


def test_a_reader_sees_the_old_state_until_the_new_one_is_there(
    site, made, monkeypatch, at, tmp_path
):
    """And nobody can write what would be lost: what is kept aside is what is replaced."""
    change("Seen until the end")
    seen = []

    def keep_aside(directory):
        seen.append(aims())
        connection.close()
        with pytest.raises(Exception, match=r"database is locked|lock timeout"):
            write_impatiently(site)

    monkeypatch.setattr(restore_module, "_keep_aside", keep_aside)
    call_command("restore", made, "--replace")

    assert "Seen until the end" in seen[0]
    assert "Seen until the end" not in aims()


def write_impatiently(site):
    sql = "UPDATE missions_mission SET aim = 'lost'"
    if site["DATABASE_URL"]:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = 50")
            cursor.execute(sql)
    with closing(sqlite3.connect(database_file(site), timeout=0.05)) as file:
        file.execute(sql)


@pytest.mark.parametrize("replaces", [True, False])
def test_a_restore_that_fails_in_the_middle_changes_nothing(
    site, made, elsewhere, at, monkeypatch, replaces
):
    with at(elsewhere):
        if replaces:
            call_command("restore", made)
            change("To stay")
        monkeypatch.setattr(store(), "put_in_place", failing_at_the_end(store()))

        with pytest.raises(CommandError, match="Nothing was changed"):
            call_command("restore", made, "--replace")

        if replaces:
            assert "To stay" in aims()
        else:
            assert "missions_mission" not in connection.introspection.table_names()


def failing_at_the_end(store):
    """Return a `put_in_place` that is given a broken copy once it has been checked."""
    put_in_place = store.put_in_place

    def put_in_place_broken(path, keep_aside):
        content = path.read_bytes()
        path.write_bytes(content[: len(content) * 2 // 3])
        put_in_place(path, keep_aside)

    return put_in_place_broken


@pytest.mark.parametrize("size", [0, 100, -100])
def test_a_backup_that_was_cut_off_is_refused(site, made, size):
    made.write_bytes(made.read_bytes()[:size])

    with pytest.raises(CommandError, match="is no backup, or a damaged one"):
        call_command("restore", made, "--replace")


def test_a_backup_in_which_bytes_have_turned_is_refused(site, made):
    before = fixtures()
    content = bytearray(made.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 20] = bytes(20)
    made.write_bytes(content)

    with pytest.raises(CommandError, match="is no backup, or a damaged one"):
        call_command("restore", made, "--replace")
    assert fixtures() == before


@pytest.mark.parametrize(
    ("names", "reason"),
    [(["other.txt"], "about.json is missing"), ([ABOUT], "it has no record")],
)
def test_a_zip_that_lacks_something_is_refused(site, made, names, reason):
    with zipfile.ZipFile(made) as whole:
        contents = {name: whole.read(name) for name in names if name in whole.namelist()}
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, contents.get(name, ""))

    with pytest.raises(CommandError, match=reason):
        call_command("restore", made, "--replace")


def test_what_is_not_there_cannot_be_restored(site, tmp_path):
    with pytest.raises(CommandError, match="cannot be restored: No such file"):
        call_command("restore", tmp_path / "none.zip")


def test_a_backup_of_a_later_version_is_refused(site, made):
    migrations = [["missions", "9999_later"]]

    with pytest.raises(CommandError, match=r"with the migration missions\.9999_later"):
        call_command("restore", rewritten(made, migrations=migrations), "--replace")
    with pytest.raises(CommandError, match="newer version of this program"):
        call_command("restore", rewritten(made, format=2), "--replace")


def test_a_backup_of_an_earlier_version_asks_for_its_migrations(
    site, made, elsewhere, at, monkeypatch, capsys
):
    known = MigrationLoader.load_disk

    def load_disk(self):
        known(self)
        self.disk_migrations["missions", "9999_later"] = None

    with at(elsewhere):
        monkeypatch.setattr(MigrationLoader, "load_disk", load_disk)
        monkeypatch.setattr(MigrationLoader, "build_graph", load_disk)
        call_command("restore", made)

    assert "from before 1 migration: run `manage.py migrate`" in capsys.readouterr().out


def test_a_backup_of_the_other_database_is_refused(site, made):
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]

    with pytest.raises(CommandError, match=f"This is a backup of a {other} database"):
        call_command("restore", rewritten(made, database=other), "--replace")


def test_releases_that_are_public_already_stay(site, made, elsewhere, at, tmp_path, capsys):
    with zipfile.ZipFile(made, "a") as archive:
        for version in ("2026.10.1", "2026.11.1"):
            archive.writestr(f"releases/lunar-record-{version}.zip", "from the backup")
        archive.writestr("releases/../../outside.json", "never written")
    with at(elsewhere):
        place = restore_module.releases_directory()
        place.mkdir(parents=True)
        (place / "lunar-record-2026.11.1.zip").write_text("published here")

        call_command("restore", made)

    assert (place / "lunar-record-2026.10.1.zip").read_text() == "from the backup"
    assert (place / "lunar-record-2026.11.1.zip").read_text() == "published here"
    assert not list(tmp_path.rglob("outside.json"))
    told = capsys.readouterr().out
    assert "The backup has another lunar-record-2026.11.1.zip; the one here stays." in told


@ON_SQLITE
@pytest.mark.parametrize("damage", ["start", "end"])
def test_a_damaged_database_is_replaced_and_kept_as_it_is(site, made, elsewhere, at, damage):
    place, files = database_file(elsewhere), fixtures()
    with at(elsewhere):
        call_command("restore", made)
    with place.open("r+b") as file:
        file.seek(0 if damage == "start" else place.stat().st_size - 40 * 4096)
        file.write(b"\xff" * 20 * 4096)
    damaged = place.read_bytes()

    with at(elsewhere):
        with pytest.raises(CommandError, match="--replace"):
            call_command("restore", made)
        call_command("restore", made, "--replace")

        assert fixtures() == files
    [kept] = (place.parent / "replaced").glob("damaged-*")
    assert (kept / place.name).read_bytes() == damaged
    with database(elsewhere):
        pass  # it is sound


@ON_SQLITE
def test_a_log_of_a_database_that_is_gone_is_not_taken_for_the_new_ones(site, made, elsewhere, at):
    place, files = database_file(elsewhere), fixtures()
    place.parent.mkdir()
    live = sqlite3.connect(database_file(site), isolation_level=None)
    live.execute("UPDATE missions_mission SET aim = aim")
    for ending in ("-wal", "-shm"):
        shutil.copyfile(f"{database_file(site)}{ending}", f"{place}{ending}")
    live.close()

    with at(elsewhere):
        call_command("restore", made)
        assert fixtures() == files
    with database(elsewhere):
        pass  # it is sound


@ON_SQLITE
def test_a_writer_who_does_not_end_is_told_of(site, made, monkeypatch):
    monkeypatch.setattr(sqlite_module, "LOCK_TIMEOUT", 0.2)
    connection.close()
    with closing(sqlite3.connect(database_file(site), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(CommandError, match="Somebody else is writing: try again"):
            call_command("restore", made, "--replace")


@ON_POSTGRESQL
def test_the_planner_knows_what_was_restored(made, elsewhere, at):
    with at(elsewhere):
        call_command("restore", made)

        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'missions_mission'")
            assert cursor.fetchall() == [(Mission.objects.count(),)]


@ON_POSTGRESQL
def test_a_missing_program_is_named_before_anything_is_done(site, made, monkeypatch):
    before = fixtures()
    monkeypatch.setattr(shutil, "which", lambda name: None)

    with pytest.raises(CommandError, match="pg_restore is not installed"):
        call_command("restore", made, "--replace")

    assert fixtures() == before
