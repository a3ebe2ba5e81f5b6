"""Releases: the whole record as it was on a day, under a number that never changes its meaning."""

import json
import os
import re
import shutil
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from django.conf import settings

from lunar.data import exports
from lunar.data.about import current_stamp
from lunar.data.builds import build_into, locked
from lunar.data.files import digest
from lunar.desk.log import changes, entries, grouped, public_revisions
from lunar.serving.state import note_change

VERSION = re.compile(r"(\d{4})\.(\d{2})\.(\d+)")


class NothingNewError(Exception):
    """No public change since the last release."""


@dataclass(frozen=True)
class Release:
    """One release; `since` is the revision of the one before, 0 for the first."""

    version: str
    day: str
    revision: int
    since: int
    size: int
    sha256: str

    @property
    def file(self):
        return f"lunar-record-{self.version}.zip"

    @property
    def path(self):
        return releases_directory() / self.file

    @property
    def made_on(self):
        return date.fromisoformat(self.day)

    @property
    def revisions(self):
        """The public revisions since the release before, as the log of changes has them now."""
        return revisions_between(self.since, self.revision)

    def changes(self):
        """Return the Changes since the release before, the latest first; none for the first."""
        if not self.since:
            return []
        return changes(grouped(self.revisions), self.revisions, compared=False)


def releases():
    """Return every Release, the latest first."""
    found = [
        Release(**json.loads(path.read_text(encoding="utf-8")))
        for path in releases_directory().glob("*.json")
    ]
    return sorted(found, key=lambda release: _order(release.version), reverse=True)


def make_release(today=None):
    """Make a release of the record as it is now and return it.

    Raises NothingNewError, or BusyError if the record keeps changing.
    """
    today = today or datetime.now(UTC).date()
    with locked():
        [last, *_] = [*releases(), None]
        since = last.revision if last else 0
        if last and not revisions_between(since, current_stamp().revision).exists():
            raise NothingNewError(f"No public change since release {last.version}.")
        version = _next_version(today)
        releases_directory().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=releases_directory(), prefix=".making-") as work:
            directory = Path(work) / "new"
            directory.mkdir()
            stamp = build_into(directory, version, partial(changelog, version, last))
            made = directory / exports.ZIP
            release = Release(
                version,
                today.isoformat(),
                stamp.revision,
                since,
                made.stat().st_size,
                digest(made),
            )
            shutil.copyfile(made, Path(work) / release.file)
            entry = Path(work) / "entry"
            entry.write_text(json.dumps(asdict(release), indent=2) + "\n", encoding="utf-8")
            os.replace(Path(work) / release.file, release.path)
            os.replace(entry, releases_directory() / f"{version}.json")  # from now on it counts
        note_change()
    return release


def changelog(version, last, stamp):
    """Return CHANGES.md: every public change of a release since the `last` one, None for none."""
    lines = [f"# Release {version}", ""]
    if last is None:
        return "\n".join([*lines, "The first release.", ""])
    lines += [f"Changes since release {last.version}, the earliest first.", ""]
    revisions = revisions_between(last.revision, stamp.revision).order_by("pk")
    for entry in entries(revisions, compared=False):
        revision = entry.revision
        way = "Withdrawn" if entry.is_notice else revision.get_way_display()
        kind = "" if entry.is_notice else f"{entry.kind} "
        said = f"{kind}{entry.title}: {way}. {revision.reason}"
        lines.append(f"- {revision.made_at:%Y-%m-%d}, {' '.join(said.split())}")
    return "\n".join([*lines, ""])


def revisions_between(since, until):
    """Return the public revisions after the one with the id `since`, up to `until`."""
    return public_revisions().filter(pk__gt=since, pk__lte=until).defer("rows")


def releases_directory():
    return Path(settings.DATA_DIR) / "releases"


def _next_version(today):
    month = f"{today:%Y.%m}"
    numbers = [_order(r.version)[2] for r in releases() if r.version.startswith(f"{month}.")]
    return f"{month}.{max(numbers, default=0) + 1}"


def _order(version):
    return tuple(map(int, VERSION.fullmatch(version).groups()))
