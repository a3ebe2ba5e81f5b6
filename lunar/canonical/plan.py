"""What a load would do: three states of each row compared, before anything is written.

A row may be in the fixtures, in the database, and among the rows last loaded. What the fixtures
changed is loaded, what an editor changed is kept, and where both did it is a conflict: the
editor's version stays until somebody decides.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import StrEnum

from lunar.canonical.models import LoadedRow
from lunar.canonical.reader import RecordError
from lunar.canonical.rows import Row, stored_rows
from lunar.canonical.shapes import shapes


class Action(StrEnum):
    CREATE = "create"
    CHANGE = "change"
    DELETE = "delete"
    UNCHANGED = "unchanged"
    KEEP = "keep"  # an editor's change; the fixture is as it was
    CONFLICT = "conflict"  # both changed
    LEAVE = "leave"  # an editor made it, or the row is long gone


WRITING = {Action.CREATE, Action.CHANGE, Action.DELETE}
LOADING = {Action.CREATE, Action.CHANGE, Action.UNCHANGED}


@dataclass(eq=False, repr=False)
class Step:
    """What happens to one row, and why. Any of its three states may be missing."""

    fixture: Row | None
    stored: Row | None
    loaded: str | None  # fingerprint
    action: Action
    reason: str = ""

    def __str__(self):
        return f"{self.row}: {self.reason}" if self.reason else str(self.row)

    @property
    def row(self):
        return self.fixture or self.stored

    @property
    def final(self):
        """The row as the load leaves it in the database, or None."""
        if self.action in LOADING:
            return self.fixture
        return None if self.action is Action.DELETE else self.stored

    def decide(self, action, reason=""):
        self.action, self.reason = action, reason

    def take_fixture(self):
        """Let the fixture win, whatever an editor did."""
        if not self.fixture:
            self.decide(Action.DELETE)
        elif not self.stored:
            self.decide(Action.CREATE)
        else:
            self.decide(Action.CHANGE, _differences(self.fixture, self.stored))


class Plan:
    """The Step of every row, by its identity (model and natural key), in load order."""

    def __init__(self, steps):
        self.steps = steps

    def to(self, *actions):
        """Return the steps with one of these actions."""
        return [step for step in self.steps.values() if step.action in actions]

    @property
    def writes(self):
        """Whether the record would change; what is remembered of the load does not count."""
        return bool(self.to(*WRITING))

    @property
    def summary(self):
        """The counts in one line: 212 to create, 3 to change, …"""
        count = Counter(step.action for step in self.steps.values())
        kept, conflicts = count[Action.KEEP], count[Action.CONFLICT]
        return (
            f"{count[Action.CREATE]} to create, {count[Action.CHANGE]} to change, "
            f"{count[Action.DELETE]} to delete, {count[Action.UNCHANGED]} unchanged, "
            f"{kept} kept edit{'' if kept == 1 else 's'}, "
            f"{conflicts} conflict{'' if conflicts == 1 else 's'}"
        )


def make_plan(fixtures, theirs=()):
    """Compare `fixtures`, as `read_fixtures` returns them, with the database.

    `theirs` names rows, as “missions.mission:chang-e-5”, in which the fixtures win over an editor.
    Raises RecordError if such a name is of no row on which they differ.
    """
    stored, loaded = stored_rows(), loaded_fingerprints()
    steps = {}
    for model, shape in shapes().items():
        new, old, seen = fixtures[model], stored[model], loaded[shape.label]
        for key, row in (old | new).items():
            steps[model, key] = _step(new.get(key), old.get(key), seen.get(row.key_text))
    _take_theirs(steps, theirs)
    while any(step.action in WRITING for step in steps.values()):
        settled = [_hold_orphans(steps), _hold_clashes(steps), _hold_needed(steps)]
        if not any(settled):
            break
    return Plan(steps)


def loaded_fingerprints():
    """Return what was last loaded: {label: {natural key as JSON: fingerprint}}."""
    loaded = defaultdict(dict)
    for label, key, fingerprint in LoadedRow.objects.values_list("label", "key", "fingerprint"):
        loaded[label][key] = fingerprint
    return loaded


def _step(fixture, stored, loaded):
    """Judge one row by its three states."""
    if not fixture:
        if loaded is None:
            verdict = Action.LEAVE, ""
        elif stored.fingerprint == loaded:
            verdict = Action.DELETE, ""
        else:
            verdict = Action.CONFLICT, "changed by an editor, removed from the fixtures"
    elif not stored:
        if loaded is None:
            verdict = Action.CREATE, ""
        elif fixture.fingerprint == loaded:
            verdict = Action.KEEP, "deleted by an editor"
        else:
            verdict = Action.CONFLICT, "deleted by an editor, changed in the fixtures"
    elif fixture.fields == stored.fields:
        verdict = Action.UNCHANGED, ""
    else:
        fields = _differences(fixture, stored)
        if loaded is None:
            verdict = Action.CONFLICT, f"made by an editor, and by the fixtures with other {fields}"
        elif stored.fingerprint == loaded:
            verdict = Action.CHANGE, fields
        elif fixture.fingerprint == loaded:
            verdict = Action.KEEP, f"{fields} changed by an editor"
        else:
            verdict = Action.CONFLICT, f"changed by an editor and in the fixtures: {fields}"
    return Step(fixture, stored, loaded, *verdict)


def _differences(one, other):
    return ", ".join(one.differing_fields(other))


def _take_theirs(steps, names):
    """Let the fixtures win in the named rows; a record brought back brings its parts along."""
    disputed = {
        str(step.row): step
        for step in steps.values()
        if step.action in {Action.KEEP, Action.CONFLICT}
    }
    unknown = [name for name in names if name not in disputed]
    if unknown:
        raise RecordError(
            f"{name}: is no row on which an editor and the fixtures differ." for name in unknown
        )
    restored = set()
    for name in names:
        disputed[name].take_fixture()
        if disputed[name].action is Action.CREATE:
            restored.add(disputed[name].row.identity)
    for identity, step in steps.items():
        deleted = step.fixture and not step.stored and step.action is not Action.CREATE
        if deleted and restored.intersection(step.fixture.owners):
            step.take_fixture()
            restored.add(identity)


def _hold_orphans(steps):
    """Turn into conflicts what would refer to a row that stays out; return whether any."""
    held = False
    for step in steps.values():
        if step.action in {Action.CREATE, Action.CHANGE}:
            for identity in step.fixture.references:
                if not steps[identity].final:
                    gone = steps[identity].row
                    step.decide(Action.CONFLICT, f"refers to {gone}, which is not in the database")
                    held = True
                    break
    return held


def _hold_clashes(steps):
    """Turn into conflicts what would share a unique value with an editor's row."""
    owners = {}
    for step in steps.values():
        if step.final and step.final is not step.fixture:
            owners |= dict.fromkeys(_unique_values(step.final), step.final)
    held = False
    for step in steps.values():
        if step.action in {Action.CREATE, Action.CHANGE}:
            for value in _unique_values(step.fixture):
                if value in owners:
                    step.decide(Action.CONFLICT, f"an editor's {owners[value]} has its {value[1]}")
                    held = True
                    break
    return held


def _unique_values(row):
    return [
        (row.shape.model, name, row.fields[name]) for name in row.shape.unique if name in row.fields
    ]


def _hold_needed(steps):
    """Turn into conflicts the deletion of what an editor's row refers to, parts included."""
    needed = {}
    for step in steps.values():
        if step.final and step.final is not step.fixture:
            needed |= dict.fromkeys(step.final.references, step.final)
    held = False
    for identity, step in steps.items():
        if step.action is Action.DELETE:
            kept = [
                steps[owner].row
                for owner in step.stored.owners
                if steps[owner].action is Action.CONFLICT and not steps[owner].fixture
            ]
            if identity in needed:
                reason = f"removed from the fixtures, but an editor's {needed[identity]} needs it"
            elif kept:
                reason = f"removed from the fixtures, but part of {kept[0]}, which stays"
            else:
                continue
            step.decide(Action.CONFLICT, reason)
            held = True
    return held
