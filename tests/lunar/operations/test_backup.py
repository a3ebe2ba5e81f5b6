"""Backups of a site that serves: whole or not there, and the same record when restored."""

import json
import os
import shutil
import sqlite3
import stat
import time
import zipfile
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from lunar.canonical.dumper import fixtures
from lunar.data.releases import make_release, releases
from lunar.desk.adoption import unrecorded
from lunar.desk.history import Way, recording
from lunar.desk.models import Revision
from lunar.operations import backup as backups_module
from lunar.operations import postgresql
from lunar.operations.backup import WORK, backups, make_backup, prune
from lunar.operations.stores import BackupError
from missions.models import Mission
from tests.databases import ON_POSTGRESQL, ON_SQLITE
from tests.installation import database_file, start_python

DAY = datetime(2026, 11, 28, 20, 30, tzinfo=UTC)
WRITE = """
import django
django.setup()
from itertools import count
from lunar.desk.history import Way, recording
from missions.models import Mission
for turn in count(1):
    with recording(None, f"Turn {turn}", Way.COMMAND):
        for mission in Mission.objects.order_by("slug"):
            mission.aim = f"Turn {turn}"
            mission.save()
"""


def change(slug, aim):
    with recording(None, aim, Way.COMMAND):
        mission = Mission.objects.get(slug=slug)
        mission.aim = aim
        mission.save()


def wait_for_more_revisions():
    seen, until = Revision.objects.count(), time.monotonic() + 60
    while Revision.objects.count() == seen:
        assert time.monotonic() < until
        time.sleep(0.01)


def left(directory):
    """Return the names of all that is in a directory."""
    return sorted(path.name for path in directory.iterdir())


def test_a_backup_made_while_others_write_is_a_state_that_there_was(
    environment, elsewhere, at, tmp_path
):
    with at(environment):
        for mission in Mission.objects.all():
            change(mission.slug, "Turn 0")
        files = fixtures()
    writer = start_python(environment, "-c", WRITE)
    made = []
    try:
        with at(environment):
            for number in range(3):
                wait_for_more_revisions()
                made.append(make_backup(tmp_path / f"backups-{number}"))
    finally:
        writer.kill()
        writer.communicate()

    turns = set()
    with at(elsewhere):
        for path in made:
            call_command("restore", path, "--replace")
            latest = Revision.objects.latest("pk")
            turn = latest.reason.encode()
            turns.add(turn)
            assert fixtures() == {n: text.replace(b"Turn 0", turn) for n, text in files.items()}
            assert unrecorded() == []
            assert path.name.endswith(f"-r{latest.pk}.zip")
    assert len(turns) == 3


def test_a_backup_is_named_by_its_time_and_revision_for_its_owner_only(site, tmp_path, capsys):
    change("mission-0", "To land")

    path = make_backup(tmp_path / "new" / "backups", now=DAY)

    revision = Revision.objects.latest("pk").pk
    assert path.name == f"lunar-record-20261128T203000Z-r{revision}.zip"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert left(path.parent) == [path.name]
    with zipfile.ZipFile(path) as archive:
        about = json.loads(archive.read("about.json"))
        assert about["revision"] == revision
        assert about["made_at"] == "2026-11-28 20:30:00 UTC"
        assert not [name for name in archive.namelist() if "secret" in name]


def test_the_command_tells_where_the_backup_is(site, tmp_path, capsys):
    call_command("backup", tmp_path)

    [path] = backups(tmp_path)
    assert capsys.readouterr().out == f"{path} ({path.stat().st_size:,} bytes)\n"


def test_releases_are_in_the_backup(environment, elsewhere, at, settings, tmp_path):
    with at(environment):
        settings.DATA_DIR = tmp_path / "data"
        change("mission-0", "To be released")
        release = make_release(DAY.date())
        content = release.path.read_bytes()
        path = make_backup(tmp_path)

    with at(elsewhere):
        call_command("restore", path)
        assert [one.version for one in releases()] == [release.version]
        assert releases()[0].path.read_bytes() == content


def test_only_the_latest_backups_are_kept(site, tmp_path, capsys):
    (tmp_path / "lunar-record-by-hand.zip").touch()
    old = [make_backup(tmp_path, now=DAY.replace(day=day)) for day in (1, 2, 3)]
    future = old[0].rename(tmp_path / "lunar-record-20991231T000000Z-r1.zip")

    call_command("backup", tmp_path, "--keep=2")

    [latest, new] = backups(tmp_path)
    assert latest == future
    assert new not in old
    assert (tmp_path / "lunar-record-by-hand.zip").exists()
    assert f"removed  {old[1]}" in capsys.readouterr().out


def test_the_new_backup_stays_even_beside_one_from_the_future(site, tmp_path):
    (tmp_path / "lunar-record-20991231T000000Z-r1.zip").touch()

    call_command("backup", tmp_path, "--keep=1")

    [kept] = backups(tmp_path)
    assert kept.stat().st_size > 0


def test_keeping_none_is_refused_before_anything_is_done(site, tmp_path):
    with pytest.raises(CommandError, match="--keep takes a number from 1"):
        call_command("backup", tmp_path, "--keep=0")

    assert left(tmp_path) == []


def test_two_backups_at_once_do_not_mix(site, tmp_path):
    with backups_module.only_one(tmp_path), pytest.raises(CommandError, match="Another backup"):
        call_command("backup", tmp_path)

    call_command("backup", tmp_path)


def test_what_a_killed_backup_left_is_cleared(site, tmp_path):
    (tmp_path / f"{WORK}dead").mkdir()
    (tmp_path / f"{WORK}dead" / "record.sqlite3").touch()

    path = make_backup(tmp_path)

    assert left(tmp_path) == [path.name]


def test_a_disk_that_is_full_leaves_nothing_half_written(environment, tmp_path):
    """The limit on the size of files stands for a full disk: the system refuses the write."""
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000));"
        "from django.core.management import execute_from_command_line;"
        "execute_from_command_line(['manage.py', 'backup', sys.argv[1]])"
    )
    process = start_python(environment, "-c", code, tmp_path / "backups", errors=True)
    told, _ = process.communicate(timeout=60)

    assert process.returncode == 1
    assert told.startswith("CommandError: The ")
    assert "Traceback" not in told
    assert left(tmp_path / "backups") == []


def test_a_full_disk_while_packing_is_told(site, tmp_path, monkeypatch):
    def write(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "write", write)

    with pytest.raises(CommandError, match="cannot be written: No space left on device"):
        call_command("backup", tmp_path)
    assert left(tmp_path) == []


def test_a_directory_that_is_a_file_is_refused(site, tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(CommandError, match="The backup cannot be written: "):
        call_command("backup", tmp_path / "file")


def test_what_the_disk_did_not_keep_is_no_backup(site, tmp_path, monkeypatch):
    monkeypatch.setattr(zipfile.ZipFile, "testzip", lambda self: "record")

    with pytest.raises(CommandError, match="did not keep record"):
        call_command("backup", tmp_path)
    assert left(tmp_path) == []


@ON_SQLITE
def test_of_a_damaged_database_there_is_no_backup(site, elsewhere, at, tmp_path):
    place = database_file(elsewhere)
    place.parent.mkdir()
    with sqlite3.connect(database_file(site)) as live:
        live.execute("VACUUM INTO ?", [str(place)])
    live.close()
    with place.open("r+b") as file:
        file.seek(-40 * 4096, os.SEEK_END)
        file.write(b"\xff" * 40 * 4096)

    with at(elsewhere), pytest.raises(CommandError, match=r"damaged|malformed"):
        call_command("backup", tmp_path / "backups")

    assert left(tmp_path / "backups") == []


@ON_SQLITE
def test_without_a_database_there_is_nothing_to_back_up(elsewhere, at, tmp_path):
    with at(elsewhere), pytest.raises(CommandError, match="There is no database yet"):
        call_command("backup", tmp_path / "backups")


@ON_POSTGRESQL
def test_a_missing_program_is_named(site, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)

    with pytest.raises(CommandError, match=r"pg_dump is not installed.*postgresql-client"):
        call_command("backup", tmp_path)


@ON_POSTGRESQL
def test_a_program_older_than_the_server_is_refused(site, tmp_path, monkeypatch):
    monkeypatch.setattr(postgresql, "_server_version", lambda: 99)

    with pytest.raises(CommandError, match=r"pg_dump.* and the server is PostgreSQL 99"):
        call_command("backup", tmp_path)


@ON_POSTGRESQL
def test_the_password_is_on_no_command_line(site, tmp_path, monkeypatch):
    ran = []

    def run(command, **kwargs):
        ran.append((command, kwargs))
        raise BackupError

    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "far-side")
    monkeypatch.setattr(postgresql, "_program", lambda name: name)
    monkeypatch.setattr(postgresql.subprocess, "run", run)

    with pytest.raises(BackupError):
        postgresql._run(["pg_dump"], "It cannot be copied")

    [(command, options)] = ran
    assert "far-side" not in " ".join(command)
    assert options["env"]["PGPASSWORD"] == "far-side"


def test_pruning_counts_the_new_backup(tmp_path):
    paths = [tmp_path / f"lunar-record-2026112{n}T000000Z-r{n}.zip" for n in range(5)]
    for path in paths:
        path.touch()

    removed = prune(tmp_path, 2, newest=paths[4])

    assert set(removed) == {*paths[:3]}
    assert backups(tmp_path) == [paths[4], paths[3]]
