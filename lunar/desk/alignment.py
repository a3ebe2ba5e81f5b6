"""Three versions of one record laid beside each other: row by row, value by value.

A row is the same in two versions if it has the same primary key, or goes by the same natural key.
Its values are told apart down to the entries of lists and dictionaries, so that two changes of one
list need not clash.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from lunar.canonical.rows import Row, make_row, natural_key

# Fields that one source states together: half of one side's and half of the other's would be a
# place or a mass that nobody ever stated. They are one value, under the first of the names.
TOGETHER = (
    ("latitude", "longitude", "accuracy_m"),
    ("mass_g", "mass_certainty", "mass_as_stated"),
)
UNKNOWN = object()  # what stood there at the beginning, where that cannot be told


class Side(StrEnum):
    """Whose version stands."""

    THEIRS = "theirs"
    MINE = "mine"
    BOTH = "both"  # they made the same change
    CLASH = "clash"  # they made different ones: to be chosen


@dataclass(frozen=True)
class Pointer:
    """Stands for the key of another row of the record, which may itself be changing."""

    line: int
    key: tuple = field(compare=False)


@dataclass(eq=False)
class Line:
    """One row in its three states, each a Row or None; `base` may be UNKNOWN.

    `values` holds what `_spread` makes of each, `parents` the lines without which it cannot be.
    """

    base: object
    theirs: Row | None
    mine: Row | None
    number: int = 0
    values: dict = field(default_factory=dict)
    parents: set = field(default_factory=set)

    @property
    def row(self):
        """The row as somebody has it."""
        return next(row for row in (self.theirs, self.mine, self.base) if isinstance(row, Row))

    @property
    def removed_by(self):
        """The one Side that took it out, or None."""
        if (self.theirs is None) == (self.mine is None) or self.base is None:
            return None
        return Side.MINE if self.mine is None else Side.THEIRS

    @property
    def is_the_same(self):
        return self.values[Side.THEIRS] == self.values[Side.MINE]


def with_all_below(root, lines):
    """Return `root` and the lines of all rows that cannot be without it."""
    below = {root.number}
    while more := {n.number for n in lines if n.parents & below} - below:
        below |= more
    return [lines[number] for number in sorted(below)]


def aligned(base, theirs, mine):
    """Return the Lines of three lists of canonical rows; `base` may be None."""
    lines = _paired(theirs, mine)
    unclaimed = {row.identity: row for row in base or ()}
    for line in lines:
        names = {row.identity for row in (line.theirs, line.mine) if row} & unclaimed.keys()
        if len(names) == 1:
            line.base = unclaimed.pop(names.pop())
        elif base is None or names or (line.theirs and line.mine and not _alike(line)):
            line.base = UNKNOWN
    lines += [Line(row, None, None) for row in unclaimed.values()]
    for number, line in enumerate(lines):
        line.number = number
    for side in ("base", Side.THEIRS, Side.MINE):
        known = [(line, getattr(line, side)) for line in lines]
        known = [(line, row) for line, row in known if isinstance(row, Row)]
        numbers = {row.identity: line.number for line, row in known}
        for line in lines:
            line.values[side] = None
        for line, row in known:
            line.values[side] = _spread(row, numbers)
            line.parents |= {numbers[owner] for owner in row.owners if owner in numbers}
    return lines


def _paired(theirs, mine):
    """Return a Line for each row of the present and of mine.

    Both stem from one database, where its primary key tells a row even when what names it changes.
    """
    lines = [Line(None, row, None) for row in theirs]
    by_pk = {(row.shape.model, row.pk): line for line, row in zip(lines, theirs, strict=True)}
    by_identity = {row.identity: line for line, row in zip(lines, theirs, strict=True)}
    rest = []
    for row in mine:
        line = by_pk.get((row.shape.model, row.pk)) if row.pk else None
        if line:
            line.mine = row
        else:
            rest.append(row)
    for row in rest:
        line = by_identity.get(row.identity)
        if line and not line.mine:
            line.mine = row
        else:
            lines.append(Line(None, None, row))
    return lines


def _alike(line):
    return line.theirs.identity == line.mine.identity and line.theirs.fields == line.mine.fields


# Values one by one


def _spread(row, numbers):
    """Return {(name of a field, part): value}: lists and dictionaries entry by entry.

    A reference to another row of the record becomes a Pointer; `numbers` are those of its lines.
    """
    values = {}
    for name, column in row.shape.fields.items():
        value = row.fields.get(name, row.shape.defaults[name])
        if column.many_to_many:
            values |= {(name, tuple(key)): True for key in value}
        elif isinstance(value, dict):
            values |= {(name, part): one for part, one in value.items()}
        elif column.is_relation and value is not None:
            number = numbers.get((column.related_model, tuple(value)))
            values[name, None] = value if number is None else Pointer(number, tuple(value))
        else:
            values[name, None] = value
    for first, *others in _together(row.shape):
        whole = (values[first, None], *(values.pop((name, None)) for name in others))
        values[first, None] = whole
    return values


def _together(shape):
    """Return those of TOGETHER that rows of a kind have."""
    return [
        [n for n in names if n in shape.fields] for names in TOGETHER if names[0] in shape.fields
    ]


def plain(value):
    """Return one value of a line in its canonical form."""
    return list(value.key) if isinstance(value, Pointer) else value


class Gathered:
    """The merged values of all lines, turned back into rows that refer to each other by key."""

    def __init__(self, values, lines):
        self._values, self._lines = values, lines

    def row(self, line):
        """Return the Row of a line, None if it has none."""
        values = self._values[line.number]
        if values is None:
            return None
        gathered, values = {}, dict(values)
        for names in _together(line.row.shape):
            values |= zip(((name, None) for name in names), values[names[0], None], strict=True)
        for name, default in line.row.shape.defaults.items():
            if isinstance(default, list):
                parts = [part for (of, part), is_in in values.items() if of == name and is_in]
                gathered[name] = sorted(map(list, parts))
            elif isinstance(default, dict):
                parts = {part: value for (of, part), value in values.items() if of == name}
                gathered[name] = {part: v for part, v in parts.items() if v is not None}
            else:
                gathered[name] = self._resolved(values[name, None])
        return make_row(line.row.shape, gathered)

    def _resolved(self, value):
        if not isinstance(value, Pointer):
            return value
        values, shape = self._values[value.line], self._lines[value.line].row.shape
        if values is None:  # it is gone, and whoever refers to it will be told
            return list(value.key)
        named = {column.name: self._resolved(values[column.name, None]) for column in shape.key}
        return list(natural_key(shape, named))
