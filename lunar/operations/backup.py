"""Backups: everything that the site keeps, in one zip that is there whole or not at all.

It holds the database as it was at one moment, the releases of that moment, and `about.json`. The
database holds accounts and what readers wrote, so only the owner may read the file. The secret key
is not in it: with it, whoever finds a backup could log in as anybody, and a site without it only
asks everybody to log in again.
"""

import json
import os
import re
import shutil
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.core.files import locks

from lunar.data.releases import releases, releases_directory
from lunar.operations.stores import BackupError, store

FORMAT = 1
ABOUT = "about.json"
RELEASES = "releases/"
NAME = re.compile(r"lunar-record-([0-9]{8}T[0-9]{6}Z)-r[0-9]+\.zip")
WORK = ".lunar-backup-"  # begins the names of what is not finished
FASTEST = 1  # of zlib; more costs several times the time for a tenth of the size


@dataclass(frozen=True)
class About:
    """What a backup says of itself; `database` is the kind of database it is of."""

    database: str
    made_at: str
    revision: int
    migrations: list
    format: int = FORMAT

    @property
    def words(self):
        return f"revision {self.revision}, backup of {self.made_at}"


def make_backup(directory, now=None):
    """Write a backup of the site as it is at this moment into `directory`; return its path.

    Editors go on saving meanwhile. Raises BackupError, with nothing left behind.
    """
    directory, now = Path(directory), now or datetime.now(UTC)
    with told_plainly("The backup cannot be written"), only_one(directory) as work:
        kept = releases()  # before the database, which then has every revision they name
        copy = work / store().member
        facts = store().copy(copy)
        about = About(
            store().kind, f"{now:%Y-%m-%d %H:%M:%S} UTC", facts.revision, facts.migrations
        )
        made = work / "backup.zip"
        _pack(made, copy, about, kept)
        path = directory / f"lunar-record-{now:%Y%m%dT%H%M%SZ}-r{facts.revision}.zip"
        os.replace(made, path)
        flush(directory)
    return path


def prune(directory, keep, newest):
    """Remove all but the latest `keep` backups; return what was removed.

    `newest` stays, whatever a clock that was wrong has put into the other names: it is known to be
    good.
    """
    others = [path for path in backups(directory) if path != newest]
    removed = others[keep - 1 :]
    for path in removed:
        path.unlink()
    return removed


def backups(directory):
    """Return our own backups in `directory`, the latest first."""
    found = [path for path in Path(directory).iterdir() if NAME.fullmatch(path.name)]
    return sorted(found, key=lambda path: (NAME.fullmatch(path.name)[1], path.name), reverse=True)


@contextmanager
def opened(file):
    """Yield (ZipFile, its About) of a backup; raise BackupError if it is none, or damaged."""
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive, _about(archive, file)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise BackupError(f"{file} is no backup, or a damaged one: {error}") from error


@contextmanager
def only_one(directory):
    """Yield a new directory in `directory` to work in, while nobody else does; it is removed.

    What a process that was killed has left is removed, too.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(directory, os.O_RDONLY)
    try:
        if not locks.lock(handle, locks.LOCK_EX | locks.LOCK_NB):
            raise BackupError(f"Another backup or restore is at work in {directory}.")
        for left in directory.glob(f"{WORK}*"):
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=directory, prefix=WORK) as work:
            yield Path(work)
    finally:
        os.close(handle)  # and with it the lock


@contextmanager
def told_plainly(what):
    """Turn what a file system refuses into a BackupError that begins with `what`."""
    try:
        yield
    except OSError as error:
        raise BackupError(f"{what}: {error.strerror or error}.") from error


def flush(path):
    """Make sure that a file, or the names in a directory, survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _about(archive, file):
    try:
        about = json.loads(archive.read(ABOUT))
        if about["format"] != FORMAT:
            raise BackupError(f"{file} was made by a newer version of this program.")
        return About(**about)
    except (KeyError, TypeError, ValueError) as error:
        raise BackupError(f"{file} is no backup of this site: {ABOUT} is missing.") from error


def _pack(path, copy, about, kept):
    """Write the zip and read it back."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        with zipfile.ZipFile(file, "w", compresslevel=FASTEST) as archive:
            archive.writestr(ABOUT, json.dumps(asdict(about), indent=1))
            archive.write(copy, copy.name, store().compression)
            for release in kept:
                for one in (release.path, releases_directory() / f"{release.version}.json"):
                    archive.write(one, RELEASES + one.name)
        file.flush()
        os.fsync(file.fileno())
    with zipfile.ZipFile(path) as archive:
        damaged = archive.testzip()
    if damaged:
        raise BackupError(f"The disk did not keep {damaged} as it was written. Is it failing?")
