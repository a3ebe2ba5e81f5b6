"""The files of the present revision, made once and kept for everybody who asks for them."""

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files import locks

from lunar.data import exports
from lunar.data.about import current_stamp
from lunar.data.files import digest_of_text
from lunar.data.package import dictionary_csv

KEPT = 2  # builds: the present one, and the one that somebody may still be reading
TRIES = 3


class BusyError(Exception):
    """The record changed again and again while its files were being made."""


def current_build():
    """Return (directory of all files, Stamp) of the record as it is now, made if need be.

    Whoever asks while another makes them waits and gets the same. Raises BusyError.
    """
    stamp = current_stamp()
    directory = _directory(stamp)
    if not directory.is_dir():
        with locked():
            directory, stamp = _made()
    return directory, stamp


def build_into(directory, release="", changes=lambda stamp: ""):
    """Write all files of the record as it is now into an empty directory; return the Stamp.

    `changes` gives the text of what a release has changed, up to a Stamp.

    What changes meanwhile could be in one table and not in the other, so that it begins anew.
    """
    for _ in range(TRIES):
        stamp = current_stamp()
        exports.build(directory, stamp, release, changes(stamp))
        if current_stamp() == stamp:
            return stamp
        shutil.rmtree(directory)
        directory.mkdir()
    raise BusyError("The record is being changed right now. Try again in a minute.")


@contextmanager
def locked():
    """Let one process at a time make files."""
    exports_directory().mkdir(parents=True, exist_ok=True)
    with (exports_directory() / ".lock").open("w") as file:
        locks.lock(file, locks.LOCK_EX)
        try:
            yield
        finally:
            locks.unlock(file)


def exports_directory():
    return Path(settings.DATA_DIR) / "exports"


def _made():
    stamp = current_stamp()
    directory = _directory(stamp)
    if directory.is_dir():  # made by whoever had the lock before
        return directory, stamp
    with tempfile.TemporaryDirectory(dir=exports_directory(), prefix=".making-") as work:
        new = Path(work) / "new"
        new.mkdir()
        stamp = build_into(new)
        directory = _directory(stamp)
        os.replace(new, directory)
    _forget_old_builds()
    return directory, stamp


def _directory(stamp):
    """Return where the files of a Stamp are, if they are made.

    Other columns or words make other files, so that a new version of the site makes them anew.
    """
    return exports_directory() / f"{stamp.key}-{digest_of_text(dictionary_csv())[:8]}"


def _forget_old_builds():
    builds = [path for path in exports_directory().iterdir() if path.name[0] != "."]
    for path in sorted(builds, key=lambda path: path.stat().st_mtime)[:-KEPT]:
        shutil.rmtree(path, ignore_errors=True)
