"""The SQLite file, copied and replaced through SQLite itself while others read and write it.

Copied file by file it would lack what is only in its -wal yet, and another file put in its place
would be written to by nobody who has the old one open. SQLite's backup API works through its own
locks and transactions instead, in both directions.
"""

import shutil
import sqlite3
import time
import zipfile
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection

from lunar.database import LOCK_TIMEOUT
from lunar.operations.stores import MIGRATIONS, REVISION, BackupError, Facts

STEP = 2000  # pages; between two steps Ctrl-C is heard
BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
BESIDE = ("-wal", "-shm")
REFUSAL = "Nothing was changed. The database cannot be replaced"


class Sqlite:
    kind = "sqlite"
    member = "record.sqlite3"
    compression = zipfile.ZIP_DEFLATED

    @classmethod
    def copy(cls, path):
        if not _path().exists():
            raise BackupError(f"There is no database yet: {_path()}.")
        with _refusing("The database cannot be copied"), closing(_connect(_path())) as live:
            # Held open, so that all steps see one state: without it, each save of an editor would
            # make the copy begin anew. Writers do not wait for a reader.
            live.execute("BEGIN")
            live.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            with closing(sqlite3.connect(path, isolation_level=None)) as copy:
                live.backup(copy, pages=STEP)
                copy.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
        return cls.check(path)

    @classmethod
    def check(cls, path):
        """Return the Facts of a copy; raise BackupError if it is not sound."""
        with _refusing("The copy is damaged"), closing(sqlite3.connect(path)) as copy:
            _check(copy)
            return Facts(copy.execute(REVISION).fetchone()[0], copy.execute(MIGRATIONS).fetchall())

    @classmethod
    def is_sound(cls):
        if not _path().exists():
            return True
        try:
            with closing(_connect(_path())) as live:
                _check(live)
        except (sqlite3.DatabaseError, BackupError):
            return False
        return True

    @classmethod
    def keep_damaged(cls, directory):
        """Copy the files as they are, which no backup can be made of."""
        directory.mkdir(mode=0o700, parents=True)
        for one in (_path(), *map(_beside, BESIDE)):
            if one.exists():
                shutil.copyfile(one, directory / one.name)

    @classmethod
    def put_in_place(cls, path, keep_aside):
        connection.close()
        with _refusing(REFUSAL):
            is_database = _is_database()
        if not is_database:
            keep_aside()
            for one in (*map(_beside, BESIDE), _path()):  # a -wal must not find another database
                one.unlink(missing_ok=True)
            keep_aside = None
        with (
            _refusing(REFUSAL),
            closing(sqlite3.connect(path)) as new,
            closing(_connect(_path())) as live,
        ):
            live.execute("PRAGMA journal_mode=WAL")
            live.execute("PRAGMA synchronous=FULL")
            [(pages,)] = new.execute("PRAGMA page_count").fetchall()
            # One transaction of SQLite's own: whoever reads sees the old state until it ends. The
            # first step takes the lock for it, and must not be the last.
            new.backup(live, pages=min(STEP, pages // 2), progress=_Watch(keep_aside), sleep=0.05)
            live.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class _Watch:
    """Called after each step of a restore: when nobody else can write any more, keep the old."""

    def __init__(self, keep_aside):
        self.keep_aside = keep_aside
        self.until = time.monotonic() + LOCK_TIMEOUT

    def __call__(self, status, remaining, total):
        if status in BUSY and time.monotonic() > self.until:
            raise BackupError("Nothing was changed. Somebody else is writing: try again.")
        if status not in BUSY and self.keep_aside:
            keep_aside, self.keep_aside = self.keep_aside, None
            keep_aside()


def _path():
    return Path(connection.settings_dict["NAME"])


def _beside(ending):
    return _path().with_name(_path().name + ending)


def _connect(path):
    return sqlite3.connect(path, timeout=LOCK_TIMEOUT, isolation_level=None)


def _is_database():
    """Whether the file can be opened at all, or is not there yet."""
    try:
        with closing(_connect(_path())) as live:
            live.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        return False
    return True


def _check(database):
    for check in ("integrity_check", "foreign_key_check"):
        found = database.execute(f"PRAGMA {check}(1)" if check[0] == "i" else f"PRAGMA {check}")
        first = found.fetchone()
        if first not in {None, ("ok",)}:
            raise BackupError(f"The database is damaged ({check}): {first}")


@contextmanager
def _refusing(what):
    try:
        yield
    except sqlite3.Error as error:
        raise BackupError(f"{what}: {error}.") from error
