"""A backup or a restore that is killed at any moment happened as a whole or not at all."""

import os
import random
import zipfile

from django.db import connection

from lunar.canonical import validation
from lunar.canonical.dumper import fixtures
from lunar.desk.adoption import unrecorded
from lunar.desk.history import Way, recording
from lunar.operations.backup import backups, make_backup
from missions.models import Mission
from tests.installation import Job, database

KILLS = int(os.environ.get("LUNAR_KILLS", 2))  # more for a night
CHANCE = 20250210
BACKUP = """
import django, sys
django.setup()
from lunar.operations.backup import make_backup
print("begun", flush=True)
make_backup(sys.argv[1])
print("made", flush=True)
"""
RESTORE = """
import django, sys
from pathlib import Path
django.setup()
from lunar.operations.restore import restore
restored = Path(sys.argv[1])
print("begun", flush=True)
restore(restored.read_text(), replace=True)
print("restored", flush=True)
"""


def test_a_killed_backup_leaves_a_whole_one_or_none(site, tmp_path):
    directory = tmp_path / "backups"
    job = Job(site, BACKUP, directory, ("begun", "made"))
    lasts = job.run()
    chance = random.Random(CHANCE)  # noqa: S311
    for _ in range(KILLS):
        job.kill_after(chance.uniform(0, 1.2 * lasts))
        for path in backups(directory):
            with zipfile.ZipFile(path) as archive:
                assert archive.testzip() is None
                assert len(archive.namelist()) == 2
    path = make_backup(directory)

    assert sorted(directory.iterdir()) == sorted(backups(directory))
    assert path in backups(directory)


def test_a_killed_restore_leaves_the_old_or_the_new_record(site, tmp_path):
    states = {}
    for number in (1, 2):
        with recording(None, f"State {number}", Way.COMMAND):
            for mission in Mission.objects.all():
                mission.aim = f"State {number}"
                mission.save()
        states[make_backup(tmp_path / f"{number}")] = fixtures()
    asked = tmp_path / "asked"
    job = Job(site, RESTORE, asked, ("begun", "restored"))
    paths = list(states)
    asked.write_text(str(paths[0]))
    lasts = job.run()
    assert fixtures() == states[paths[0]]
    chance = random.Random(CHANCE)  # noqa: S311
    for turn in range(KILLS):
        asked.write_text(str(paths[(turn + 1) % 2]))
        job.kill_after(chance.uniform(0, 1.2 * lasts))
        connection.close()
        with database(site):
            pass  # it is sound
        assert fixtures() in states.values()
        assert unrecorded() == []
        assert list(validation.broken_tables()) == []
        assert list(validation.wrong_derivations()) == []
    asked.write_text(str(paths[1]))
    job.run()
    assert fixtures() == states[paths[1]]
