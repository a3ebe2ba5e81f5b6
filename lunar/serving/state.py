"""The state of the site that an answer shows: data revision, day, program.

Whatever depends on nothing else may be kept for as long as the state lasts.
"""

import hashlib
import math
from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.db import connections, router
from django.db.models import F

from lunar.serving.models import DataRevision

QUERY = f"SELECT number, changed_ms FROM {DataRevision._meta.db_table}"  # noqa: S608
PROGRAM = ("lunar", "missions", "diplomacy", "templates")
KINDS = {".py", ".html", ".svg", ".css", ".js", ".json", ".csv", ".webp"}
DAY_MS = 86_400_000


class State(NamedTuple):
    """What a page is made from: `number` and `changed_ms` of the data revision, and the day (UTC).

    The day counts because pages tell how long ago something was.
    """

    number: int
    changed_ms: int
    day: int

    @property
    def key(self):
        """Text that no other state has, also not one of a restored database or another version."""
        return f"{self.number}-{self.changed_ms}-{self.day}-{program()[0]}"

    @property
    def last_modified(self):
        """The first second (Unix time) in which nothing of this state was still changing."""
        return max(math.ceil(self.changed_ms / 1000), self.day * 86_400, program()[1]) + 1


def current_state():
    """Return the State as it is now, in one short query."""
    connection = connections[router.db_for_read(DataRevision)]
    with connection.cursor() as cursor:
        cursor.execute(QUERY)
        number, changed_ms = cursor.fetchone() or (0, 0)
    return State(number, changed_ms, int(datetime.now(UTC).timestamp()) // 86_400)


def note_change():
    """Count a change of what pages show that is not in the database, such as a new file."""
    now = int(datetime.now(UTC).timestamp() * 1000)
    DataRevision.objects.update(number=F("number") + 1, changed_ms=now)


@cache
def program():
    """Return (digest, time of the latest change in Unix seconds) of all that pages are made by."""
    digest, latest = hashlib.sha256(), 0
    for top in PROGRAM:
        for path in sorted((settings.BASE_DIR / top).rglob("*")):
            if path.suffix in KINDS:
                digest.update(path.read_bytes())
                latest = max(latest, int(path.stat().st_mtime))
    return digest.hexdigest()[:12], latest
