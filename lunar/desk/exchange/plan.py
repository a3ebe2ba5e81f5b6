"""What a table would change, row by row and field by field; nothing is written here."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import models

from lunar.canonical.shapes import shapes
from lunar.desk import roles
from lunar.desk.exchange.cells import cell_of, cell_text, empty_value, read_keys, read_value
from lunar.desk.exchange.lookup import rows_by_key, rows_of_parents
from lunar.desk.exchange.tables import FileError, Problem
from lunar.desk.history import owner_of
from lunar.sources.models import Record

MAX_CHANGES = 500  # rows written in one import
MAX_PLACES = 10  # rows named in one notice
STATE_STAYS = (
    "The column “state” is left out in {}: an import never changes a state and never publishes. "
    "New records are drafts; publish them from their list."
)
NOT_YOURS = "is not yours to change: the state of its record, or your role, is against it."


class Difference(NamedTuple):
    """One field that an import changes, as cells show it."""

    name: str
    before: str
    after: str


@dataclass(eq=False)
class Change:
    """One row of a model that an import makes or changes.

    `row` has the new values of its columns already; `values` has all that is to be written: also
    the rows to be linked, and in relations rows that the same import is only to make.
    """

    line: int
    row: models.Model
    is_new: bool
    values: dict[str, Any]
    differences: list[Difference]

    @property
    def owner(self):
        """The record of which it is a part or citation; a record itself."""
        return owner_of(self.row)


@dataclass
class Plan:
    """All that an import of one table would do, and what stands in its way."""

    model: type[models.Model]
    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @property
    def new(self):
        return [change for change in self.changes if change.is_new]

    @property
    def changed(self):
        return [change for change in self.changes if not change.is_new]

    @property
    def owners(self):
        """The records of the database that would get another revision."""
        return list({c.owner: None for c in self.changes if c.owner.pk})

    @property
    def digest(self):
        """A fingerprint of what the plan shows."""
        shown = [(c.line, c.is_new, c.differences) for c in self.changes]
        return hashlib.sha256(json.dumps(shown).encode()).hexdigest()


def make_plan(user, model, table):
    """Return the Plan of what `user` would change by importing `table` into `model`.

    Raises FileError if the table cannot be one of this model.
    """
    plan = _Planner(user, model, table).read()
    if len(plan.changes) > MAX_CHANGES:
        raise FileError(
            f"The file changes {len(plan.changes):,} rows; one import changes "
            f"{MAX_CHANGES:,} at most. Split it."
        )
    return plan


class _Planner:
    """Compares a table with the database; the plan grows on the way."""

    def __init__(self, user, model, table):
        self.user, self.model, self.table = user, model, table
        self.shape = shapes()[model]
        self.plan = Plan(model, problems=list(table.problems), notices=list(table.notices))
        self.positions = {
            name: position
            for position, name in enumerate(table.header)
            if name in self.shape.fields
        }
        self.made = {}  # {key as cells: row that this import makes}
        self.targets = {}  # {model: {natural key: row}} of all that is referred to
        self.stated = []  # lines that ask for another state

    def read(self):
        self._check_header()
        broken = {problem.line for problem in self.table.problems}
        lines = self._unique([line for line in self.table.lines if line[0] not in broken])
        self.targets = self._find_targets([texts for _, texts in lines])
        rows = self._find_rows([texts for _, texts in lines])
        for (number, texts), row in zip(lines, rows, strict=True):
            self._compare(number, texts, row)
        if self.stated:
            self.plan.notices.append(STATE_STAYS.format(_places(self.stated)))
        self.plan.problems.sort()
        return self.plan

    def _check_header(self):
        """Refuse a table that lacks the key, and say which of its columns are left out."""
        missing = [f.name for f in self.shape.key if f.name not in self.positions]
        if missing:
            raise FileError(
                f"The file lacks the column “{missing[0]}”, which tells one "
                f"{self.model._meta.verbose_name} from another. "
                f"Its columns are: {', '.join(filter(None, self.table.header)) or 'nameless'}."
            )
        derived = {field.name for field in self.model._meta.get_fields()}
        for name in self.table.header:
            if not name:
                self.plan.notices.append("A column without a name is left out.")
            elif name not in self.positions:
                why = "follows from other values" if name in derived else "is not known here"
                self.plan.notices.append(f"The column “{name}” {why} and is left out.")

    def _tell(self, line, column, words):
        self.plan.problems.append(Problem(line, column, words))

    def _key(self, texts):
        return tuple(texts[self.positions[field.name]] for field in self.shape.key)

    def _is_numberless(self, texts):
        """Return whether a line lacks the number of a part, and so asks for a new one."""
        return any(
            isinstance(field, models.IntegerField) and not texts[self.positions[field.name]]
            for field in self.shape.key
        )

    def _unique(self, lines):
        """Return the lines without those whose key an earlier one has, which are told."""
        first, kept = {}, []
        for number, texts in lines:
            key = self._key(texts)
            if self._is_numberless(texts) or first.setdefault(key, number) == number:
                kept.append((number, texts))
            else:
                name = self.model._meta.verbose_name
                self._tell(number, "", f"is the same {name} as row {first[key]}.")
        return kept

    def _find_targets(self, lines):
        wanted = {}
        for name, position in self.positions.items():
            field = self.shape.fields[name]
            if field.is_relation:
                keys = wanted.setdefault(field.related_model, set())
                for text in {texts[position] for texts in lines} - {""}:
                    try:
                        keys.update(read_keys(field, text))
                    except ValidationError:  # told where the line is compared
                        continue
        return {model: rows_by_key(model, keys) for model, keys in wanted.items()}

    def _find_rows(self, lines):
        """Return the row of the database, or a new one, for each line."""
        [first, *_] = self.shape.key
        texts_of_first = {texts[self.positions[first.name]] for texts in lines}
        stored = {
            tuple(cell_of(row, field).strip() for field in self.shape.key): row
            for row in rows_of_parents(self.model, {text.split("/")[0] for text in texts_of_first})
        }
        found = []
        for texts in lines:
            key = self._key(texts)
            if self._is_numberless(texts):
                found.append(self.model())
            else:
                found.append(stored.get(key) or self.made.setdefault(key, self.model()))
        return found

    def _compare(self, number, texts, row):
        """Add to the plan what one line changes in its row."""
        is_new = row.pk is None
        told = len(self.plan.problems)
        before = {
            name: "" if is_new else cell_of(row, field).strip()
            for name, field in self.shape.fields.items()
        }
        values = {}
        for name, position in self.positions.items():
            text = texts[position]
            if name == "state" and issubclass(self.model, Record):
                if text not in {"", row.state}:
                    self.stated.append(number)
            elif is_new or text != before[name]:
                try:
                    values[name] = self._value(self.shape.fields[name], text, is_new)
                except ValidationError as error:
                    self._tell(number, name, " ".join(error.messages))
        if len(self.plan.problems) > told:
            return
        self._drop_absences(row, values)
        after = {name: cell_text(self.shape.fields[name], value) for name, value in values.items()}
        change = Change(
            line=number,
            row=row,
            is_new=is_new,
            values=values,
            differences=[
                Difference(name, before[name], after[name])
                for name in self.shape.fields
                if name in after and after[name].strip() != before[name]
            ],
        )
        if not is_new and not change.differences:
            self.plan.unchanged += 1
            return
        for name, value in values.items():
            if not self.shape.fields[name].many_to_many:
                setattr(row, name, value)
        if self._may_write(change):
            self.plan.changes.append(change)
        else:
            self._tell(number, "", NOT_YOURS)

    def _value(self, field, text, is_new):
        """Return what a cell says; raise ValidationError."""
        if not text:
            if field.is_relation and not (field.many_to_many or field.null):
                raise ValidationError("is empty, but needed.")
            return empty_value(field, is_new)
        if not field.is_relation:
            return read_value(field, text)
        rows = []
        for key in read_keys(field, text):
            row = self.targets[field.related_model].get(key)
            if row is None and field.related_model is self.model:
                row = self.made.get(tuple(map(str, key)))
            if row is None:
                name = field.related_model._meta.verbose_name
                raise ValidationError(f"there is no {name} “{'/'.join(map(str, key))}”.")
            rows.append(row)
        return rows if field.many_to_many else rows[0]

    def _drop_absences(self, row, values):
        """Let a value that is given now be missing no more, unless the table says how it is."""
        if "absent_values" not in self.shape.fields or "absent_values" in values:
            return
        given = {name for name, value in values.items() if value not in (None, "", [])}
        kept = {name: kind for name, kind in row.absent_values.items() if name not in given}
        if kept != row.absent_values:
            values["absent_values"] = kept

    def _may_write(self, change):
        if not change.is_new:
            return roles.may_change(self.user, change.row)
        if not roles.may_add(self.user, self.model):
            return False
        return change.owner is change.row or roles.may_change(self.user, change.owner)


def _places(lines):
    """Return in words which rows of a file: “rows 5, 6 and 12 more”."""
    shown = ", ".join(map(str, lines[:MAX_PLACES]))
    more = len(lines) - MAX_PLACES
    name = "row" if len(lines) == 1 else "rows"
    return f"{name} {shown} and {more:,} more" if more > 0 else f"{name} {shown}"
