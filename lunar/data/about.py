"""What every file says of itself: title, licence, how to cite, and as of which revision it is."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from lunar.desk.models import Revision
from lunar.serving.state import current_state

TITLE = "Lunar Record"
DESCRIPTION = (
    "The public, evidence-first record of who went to the Moon, what they brought back, and who "
    "gave, lent, exchanged, asked for or refused it."
)
LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 International",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}


@dataclass(frozen=True)
class Stamp:
    """Which state of the public record something shows.

    `revision` is the id of the latest public revision and `day` its day (UTC): 0 and None before
    anything has been recorded. `key` differs whenever what is public may differ, also where a
    record left the public and with it the latest revision.
    """

    revision: int
    day: date | None
    key: str

    @property
    def words(self):
        """Return "revision 1234 of 2026-11-23"."""
        return f"revision {self.revision} of {self.day}" if self.day else "no revision yet"


def current_stamp():
    """Return the Stamp of the public record as it is now."""
    state = current_state()
    latest = Revision.objects.public().order_by("pk").values("pk", "made_at").last()
    newest = Revision.objects.aggregate(newest=Max("pk"))["newest"] or 0
    key = f"{state.number}-{state.changed_ms}-{newest}"
    if latest is None:
        return Stamp(0, None, key)
    return Stamp(latest["pk"], latest["made_at"].date(), key)


def citation(stamp, release=""):
    """Return how to cite the record as `stamp` has it, or one of its releases."""
    version = f"release {release}, {stamp.words}" if release else stamp.words
    return (
        f"{TITLE}, {version}. Licence: {LICENCE['title']} ({LICENCE['name']}), {LICENCE['path']}. "
        "Please cite the primary source of each value that you use, too."
    )
