"""One record as two people changed it from the same beginning, brought together.

`base` is how it stood when one of them opened it, `theirs` how it stands now, `mine` how it would
stand if the form were saved over it: lists of all its canonical rows. Value by value, a change of
one side stands; where both changed the same value differently, somebody has to choose.

Nothing here reads or writes the database.
"""

import hashlib
import json
from dataclasses import dataclass

from lunar.canonical.reader import RecordError
from lunar.desk.alignment import UNKNOWN, Gathered, Line, Side, aligned, plain, with_all_below


class UndecidedError(Exception):
    """`clashes` are those for which nobody has chosen a side."""

    def __init__(self, clashes):
        super().__init__(f"{len(clashes)} clashes wait for a choice.")
        self.clashes = clashes


@dataclass(frozen=True, eq=False)
class Change:
    """One difference: of the value `name` of a row, or of a whole row where that is "".

    `part` tells which entry of a list or dictionary it is; an entry of a list is True or None.
    `base`, `theirs` and `mine` are canonical values, or Rows and None; `base` may be UNKNOWN.
    """

    line: Line
    side: Side
    name: str
    part: object
    base: object
    theirs: object
    mine: object

    @property
    def token(self):
        """What tells this change from every other of the record, fit for the name of a control."""
        text = json.dumps([str(self.line.row), self.name, self.part])
        return hashlib.sha256(text.encode()).hexdigest()[:16]


class Merge:
    """What both sides changed, and the rows that come of it once every clash is decided."""

    def __init__(self, lines, ask):
        self._lines = lines
        self._whole = {}  # {number of a line that one side took out, or below such: its Change}
        self.changes = []
        for line in lines:
            if line.removed_by and line.number not in self._whole:
                self._compare_subtree(line)
        for line in lines:
            if line.number not in self._whole:
                self._compare(line, ask)

    def of(self, side):
        """Return the changes of one Side."""
        return [change for change in self.changes if change.side == side]

    def rows(self, choices=None):
        """Return the merged rows; `choices` maps the token of each clash to a Side.

        Raises UndecidedError if one is missing, RecordError if two rows would be the same one.
        """
        choices = choices or {}
        undecided = [
            clash
            for clash in self.of(Side.CLASH)
            if choices.get(clash.token) not in {Side.THEIRS, Side.MINE}
        ]
        if undecided:
            raise UndecidedError(undecided)
        merged = Gathered([self._values(line, choices) for line in self._lines], self._lines)
        rows = {}
        for line in self._lines:
            row = merged.row(line)
            if row and row.identity in rows:
                raise RecordError([f"{row}: would be there twice."])
            if row:
                rows[row.identity] = row
        return list(rows.values())

    def _values(self, line, choices):
        """Return the merged values of one line, spread as in `Line.values`; None for no row."""
        whole = self._whole.get(line.number)
        if whole:
            return line.values[_chosen(whole, choices)]
        if line.theirs is None or line.mine is None:  # one side added it, or both took it out
            return line.values[Side.MINE if line.theirs is None else Side.THEIRS]
        merged = dict(line.values[Side.THEIRS])
        for change in self.changes:
            if change.line is line and _chosen(change, choices) == Side.MINE:
                place = change.name, change.part
                merged[place] = line.values[Side.MINE].get(place)
        return merged

    def _compare_subtree(self, root):
        """A row taken out by one side, with all that belonged to it."""
        below = with_all_below(root, self._lines)
        other = Side.THEIRS if root.removed_by == Side.MINE else Side.MINE
        is_clash = root.base is UNKNOWN or any(
            line.values[other] != line.values["base"] and not line.is_the_same for line in below
        )
        side = Side.CLASH if is_clash else root.removed_by
        change = Change(root, side, "", None, root.base, root.theirs, root.mine)
        self.changes.append(change)
        self._whole |= {line.number: change for line in below}

    def _compare(self, line, ask):
        theirs, mine = line.values[Side.THEIRS], line.values[Side.MINE]
        if (line.theirs is None and line.mine is None) or (line.base is None and line.is_the_same):
            self._add_whole(line, Side.BOTH)
        elif line.theirs is None or line.mine is None:
            self._add_whole(line, Side.MINE if line.theirs is None else Side.THEIRS)
        else:
            stood = line.values["base"]
            for place in (stood or {}) | theirs | mine:
                name, part = place
                base = UNKNOWN if stood is None else stood.get(place)
                side = _side(base, theirs.get(place), mine.get(place))
                if side == Side.MINE and name in ask:
                    side = Side.CLASH
                if side:
                    values = map(plain, (base, theirs.get(place), mine.get(place)))
                    self.changes.append(Change(line, side, name, part, *values))

    def _add_whole(self, line, side):
        self.changes.append(Change(line, side, "", None, line.base, line.theirs, line.mine))


def reconcile(base, theirs, mine, ask=()):
    """Return the Merge of two versions of a record.

    `base` is None where nobody knows it: then every difference is a clash. `ask` names fields of
    which a change of mine is never taken without being chosen.
    """
    return Merge(aligned(base, theirs, mine), ask)


def _side(base, theirs, mine):
    """Return whose version of one value stands, None if nobody changed it."""
    if theirs == mine:
        return None if base is UNKNOWN or theirs == base else Side.BOTH
    if base is UNKNOWN:
        return Side.CLASH
    if mine == base:
        return Side.THEIRS
    return Side.MINE if theirs == base else Side.CLASH


def _chosen(change, choices):
    return choices[change.token] if change.side == Side.CLASH else change.side
