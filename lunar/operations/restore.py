"""From a backup to a site: the whole of it or nothing, while the site serves."""

import os
import re
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from lunar.canonical.shapes import shapes
from lunar.data.releases import releases_directory
from lunar.desk.models import Revision, Suggestion
from lunar.operations import backup
from lunar.operations.stores import BackupError, store

RELEASE = re.compile(r"releases/(lunar-record-[0-9.]+\.zip|[0-9.]+\.json)")


@dataclass
class Restored:
    """What a restore has done; `aside` is where the database that it replaced is kept.

    `differing` are the names of releases that the backup has, too, but not the same. `pending`
    are migrations that the backup is from before.
    """

    about: backup.About
    aside: Path | None = None
    differing: list = field(default_factory=list)
    pending: list = field(default_factory=list)


def restore(file, *, replace=False):
    """Bring database and releases to a backup; return what was Restored.

    What is there is replaced only if `replace` says so, and kept. Raises BackupError, with the
    database as it was.
    """
    data = Path(settings.DATA_DIR)
    with (
        backup.told_plainly("The backup cannot be restored"),
        backup.opened(file) as (archive, about),
        backup.only_one(data) as work,
    ):
        _refuse_other_database(about)
        if store().member not in archive.namelist():
            raise BackupError(f"{file} is damaged: it has no {store().member}.")
        copy = Path(archive.extract(store().member, work))
        store().check(copy)
        restored = Restored(about, pending=_pending(about.migrations))
        held = holds_something()
        if held and not replace:
            raise BackupError(
                "This database holds a record already. With --replace it is replaced by the "
                "backup, and kept aside."
            )
        restored.differing = _put_releases(archive, work)

        def keep_aside():
            if held:
                restored.aside = _keep_aside(data / "replaced")

        store().put_in_place(copy, keep_aside)
    return restored


def holds_something():
    """Whether the database has anything in it that somebody entered, or cannot be read."""
    try:
        tables = connection.introspection.table_names()
        models = (*shapes(), Revision, Suggestion, User)
        return any(one._meta.db_table in tables and one._base_manager.exists() for one in models)
    except DatabaseError:
        return True


def _refuse_other_database(about):
    if about.database != store().kind:
        raise BackupError(
            f"This is a backup of a {about.database} database, and the site runs on "
            f"{store().kind}. Restore it where DATABASE_URL names such a one; dump_record and "
            "load_record carry the record from one to the other."
        )


def _pending(migrations):
    """Return the migrations that a backup lacks; raise BackupError if it has unknown ones."""
    known, applied = set(MigrationLoader(None).disk_migrations), set(map(tuple, migrations))
    unknown = sorted(applied - known)
    if unknown:
        [first, *_] = (".".join(one) for one in unknown)
        raise BackupError(
            f"This backup was made by another version of the program, with the migration {first} "
            "that this one does not have. Restore it with that version."
        )
    return sorted(known - applied)


def _keep_aside(directory):
    if store().is_sound():
        return backup.make_backup(directory)
    damaged = directory / f"damaged-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    store().keep_damaged(damaged)
    return damaged


def _put_releases(archive, work):
    """Add the releases of a backup to those that are here; return the names of differing ones.

    A release is public under a number that never changes its meaning: none is taken away or
    replaced.
    """
    differing, directory = [], releases_directory()
    directory.mkdir(parents=True, exist_ok=True)
    names = [name for name in archive.namelist() if RELEASE.fullmatch(name)]
    for name in sorted(names, key=lambda name: name.endswith(".json")):  # from then on it counts
        place = directory / RELEASE.fullmatch(name)[1]
        if place.exists():
            if place.read_bytes() != archive.read(name):
                differing.append(place.name)
            continue
        new = work / place.name
        with archive.open(name) as source, new.open("wb") as file:
            shutil.copyfileobj(source, file)
        backup.flush(new)
        os.replace(new, place)
    backup.flush(directory)
    return differing
