"""The symbols of landings: one path for each kind, told apart by shape, and what they mean.

Paths are drawn around 0, 0 with a radius of about 6.5 units and filled by the even-odd rule.
"""

from missions.landings import is_crewed
from missions.models import Landing, Mission

REACH = 6.5  # radius of the symbols


def _disc(r):
    return f"M-{r} 0a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0-{2 * r} 0z"


PATHS = {
    "soft": _disc(5.5),
    "soft-failed": _disc(6) + _disc(4) + "M0-4a4 4 0 0 0 0 8z",
    "crewed": _disc(7.5) + _disc(5.2) + _disc(3.2),
    "crash": "M-5.5-3.3L-3.3-5.5L0-2.2L3.3-5.5L5.5-3.3L2.2 0L5.5 3.3L3.3 5.5L0 2.2L-3.3 5.5"
    "L-5.5 3.3L-2.2 0z",
    "deliberate-impact": "M-6.2-4.8H6.2L0 6z",
    "impact-at-end": "M-6.6-5H6.6L0 6.6zM-3-2.9H3L0 2.3z",
}
LEGEND = [
    ("crewed", "Crewed landing"),
    ("soft", "Soft landing"),
    ("soft-failed", "Soft landing, mission failed in part"),
    ("crash", "Crash"),
    ("deliberate-impact", "Deliberate impact"),
    ("impact-at-end", "Impact at the end of the mission"),
]
FAILED = {Mission.Outcome.PARTIAL_FAILURE, Mission.Outcome.FAILURE}


def symbol(landing):
    """Return the name of the symbol of a landing, by its kind and outcome."""
    if landing.kind != Landing.Kind.SOFT:
        return landing.kind.replace("_", "-")
    if is_crewed(landing):
        return "crewed"
    return "soft-failed" if landing.mission.outcome in FAILED else "soft"


def legend():
    """Return [(name, path, meaning)] of all symbols."""
    return [(name, PATHS[name], meaning) for name, meaning in LEGEND]
