"""What differs between two revisions of a record, in words: row by row and field by field."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils.text import capfirst

from lunar.desk.titles import Titles
from lunar.edtf import EdtfDate
from lunar.sources.models import Citation, Cited
from lunar.sources.models.record import Absence

ADDED, REMOVED, CHANGED, SAME = "added", "removed", "changed", "same"

SHORT = 60  # characters: a shorter text is quicker to read whole than with marks in it
MOST_WORDS = 1000  # of a text in which single words are marked; longer ones take too long
ALIKE = 0.5  # share of words in common below which marks would only confuse
FOLDED_FROM = 5  # values
NOT_SAID = "Given, or not looked for yet"  # of what has no column of its own, like a position


@dataclass(frozen=True)
class FieldChange:
    """One value: what it was and what it is, "" for nothing.

    `pieces` are set where marks within the value help: (SAME, REMOVED or ADDED, text).
    """

    label: str
    before: str
    after: str
    pieces: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class RowChange:
    """A row that was added, removed or changed: the record itself, a part, a citation.

    `before` and `after` are its canonical Rows, None where there was none.
    """

    what: str
    title: str
    fields: list[FieldChange]
    before: object
    after: object


@dataclass(frozen=True)
class Difference:
    """All that differs between two states of a record, as far as it may be told."""

    rows: list[RowChange]

    @property
    def size(self):
        """The number of values, or whole rows without any, that differ."""
        return sum(max(1, len(row.fields)) for row in self.rows)

    @property
    def is_long(self):
        """Whether it would push the next entry of a list out of sight."""
        return self.size >= FOLDED_FROM

    @property
    def summary(self):
        """What it consists of: “6 values in 2 places”."""
        places = len(self.rows)
        return f"{self.size} values in {places} place{'s' if places > 1 else ''}"


def compare(pairs, *, public=False):
    """Return the Difference of each pair of row lists (before, after), [] for nothing.

    The lists are whole records. However many they are, there is one query for each model to which
    a row that differs refers.
    """
    found = [(list(differing(before, after)), [*before, *after]) for before, after in pairs]
    told = [row for rows, _ in found for pair in rows for row in pair if row]
    titles = Titles([identity for row in told for identity in row.references], public=public)
    return [_Words(everything, titles).difference(rows) for rows, everything in found]


def differing(before, after):
    """Yield the pairs of rows that differ, new rows last; None in the place of a missing one."""
    old = {row.identity: row for row in before}
    new = {row.identity: row for row in after}
    moved = _moved_citations(old, new)
    for identity, row in old.items():
        other = new.get(identity) or moved.get(identity)
        if other is None or other.fields != row.fields:
            yield row, other
    taken = {row.identity for row in moved.values()}
    for identity, row in new.items():
        if identity not in old and identity not in taken:
            yield None, row


def _moved_citations(old, new):
    """Return {identity before: row after} of citations in which part of their key changed.

    What a source states is in the key of a citation: another value is a change, not two citations.
    """
    waiting = {}
    for identity, row in new.items():
        if identity not in old and issubclass(row.shape.model, Citation):
            waiting.setdefault(_place(row), row)
    return {
        identity: waiting.pop(_place(row))
        for identity, row in old.items()
        if identity not in new and issubclass(row.shape.model, Citation) and _place(row) in waiting
    }


def _place(citation):
    subject, source = citation.fields["subject"], citation.fields["source"]
    return citation.shape.model, *subject, citation.fields.get("field", ""), *source


class _Words:
    """Tells the differing rows of one record; `rows` are all that it has on either side."""

    def __init__(self, rows, titles):
        self.rows = {row.identity: row for row in rows}
        self.titles = titles

    def difference(self, pairs):
        told = [pair for pair in pairs if all(self._may_tell(row) for row in pair if row)]
        rows = [self._row_change(*pair) for pair in told]
        return Difference([row for row in rows if row.fields or row.what != CHANGED])

    def _may_tell(self, row):
        """Return whether everything without which the row makes no sense may be named."""
        needed = [
            (field.related_model, row.fields[field.name])
            for field in row.shape.columns
            if field.is_relation and not field.null
        ]
        return all(self.titles.may_name(model, key) for model, key in needed)

    def _row_change(self, before, after):
        row = after or before
        what = CHANGED if before and after else ADDED if after else REMOVED
        names = {name for one in (before, after) if one for name in _told_fields(one)}
        if self.titles.public:
            names.discard("state")  # whatever is told in public was public
        fields = [self._field_change(name, before, after) for name in _in_order(names, row)]
        changed = [field for field in fields if field.before != field.after]
        return RowChange(what, self._row_title(row), changed, before, after)

    def _row_title(self, row):
        model = row.shape.model
        if issubclass(model, Citation):
            return self._citation_title(row)
        kind = capfirst(model._meta.verbose_name)
        if not row.owners:
            return f"{kind}: the record itself"
        return self._part_title(row)

    def _citation_title(self, row):
        subject_model = row.shape.model.subject_model()
        subject = self.rows.get((subject_model, tuple(row.fields["subject"])))
        name = row.fields.get("field", "")
        about = _lower_first(subject_model.field_label(name))
        if subject and subject.owners:
            part = self._part_title(subject)
            about = f"{part}, {about}" if name else part
        disputes = row.fields.get("stance") == Citation.Stance.DISPUTES
        source = self.titles.title(row.shape.fields["source"].related_model, row.fields["source"])
        return f"Evidence {'against' if disputes else 'for'} {about}: {source}"

    def _part_title(self, row):
        """Return what a part says of itself or, if it needs its relations for that, its key."""
        kind = capfirst(row.shape.model._meta.verbose_name)
        try:
            return f"{kind}: {row.title}"
        except ObjectDoesNotExist:
            own = [
                self._value(row, field.name)
                for field in row.shape.key
                if field.name not in _owner_fields(row.shape)
            ]
            if own == [str(row.key[-1])]:
                return f"{kind} {own[0]}"  # Landing 1
            return ": ".join(filter(None, [kind, ", ".join(own)]))

    def _field_change(self, name, before, after):
        field = (after or before).shape.fields.get(name)
        old, new = self._value(before, name), self._value(after, name)
        label = _label((after or before).shape, name)
        if not (before and after) or old == new:
            return FieldChange(label, old, new)
        if field is not None and field.many_to_many:
            return FieldChange(label, old, new, self._marked_links(field, before, after))
        return FieldChange(label, old, new, _marked_words(old, new))

    def _value(self, row, name):
        """Return a value in words, or why it is missing; "" for nothing."""
        if row is None:
            return ""
        field = row.shape.fields.get(name)
        words = self._plain_value(row, field) if field else ""
        if words or not issubclass(row.shape.model, Cited):
            return words
        kind = row.as_object.absent_values.get(name, "" if field else NOT_SAID)
        return dict(Absence.choices).get(kind, kind)

    def _plain_value(self, row, field):
        if field.many_to_many:
            keys = row.fields.get(field.name, ())
            return ", ".join(self._title(field.related_model, key) for key in keys)
        if field.is_relation:
            key = row.fields.get(field.name)
            return self._title(field.related_model, key) if key else ""
        value = getattr(row.as_object, field.name)
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if isinstance(field, models.DateField) and value:
            return EdtfDate(value.isoformat()).in_words
        # Sources and citations have values of the same kinds, though nothing cites them.
        return Cited.value_in_words(row.as_object, field.name)

    def _title(self, model, key):
        part = self.rows.get((model, tuple(key)))
        if part is None or not part.owners:
            return self.titles.title(model, key)
        return self._part_title(part).removeprefix(f"{capfirst(model._meta.verbose_name)}: ")

    def _marked_links(self, field, before, after):
        """Return the pieces of a list of links: what was in both, what went, what came."""
        old, new = (
            {tuple(key): None for key in row.fields.get(field.name, ())} for row in (before, after)
        )
        pieces = [(SAME if key in new else REMOVED, key) for key in old]
        pieces += [(ADDED, key) for key in new if key not in old]
        titles = [self._title(field.related_model, key) for _, key in pieces]
        commas = [", "] * (len(pieces) - 1) + [""]
        return tuple(
            (what, title + comma)
            for (what, _), title, comma in zip(pieces, titles, commas, strict=True)
        )


def _told_fields(row):
    """Return the names of what a row says, besides what already names it.

    Absences are told as the values that they stand for.
    """
    names = {name for name in row.fields if name != "absent_values"}
    if not issubclass(row.shape.model, Citation):
        names -= {field.name for field in row.shape.key}
    else:
        names -= {"subject", "field", "source"}
    names |= set(row.fields.get("absent_values", ()))
    return names - _owner_fields(row.shape)


def _in_order(names, row):
    order = {name: place for place, name in enumerate(row.shape.fields)}
    return sorted(names, key=lambda name: (order.get(name, len(order)), name))


def _owner_fields(shape):
    return {
        field.name
        for field in shape.columns
        if field.is_relation and field.remote_field.on_delete is models.CASCADE
    }


def _label(shape, name):
    if issubclass(shape.model, Cited):
        return shape.model.field_label(name)
    return capfirst(shape.fields[name].verbose_name)


def _lower_first(label):
    """Return a label as it stands within a sentence: “launch”, but “COSPAR id”."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _marked_words(before, after):
    """Return the pieces of a long text of which some words changed; () where marks do not help."""
    if min(len(before), len(after)) < SHORT:
        return ()
    old, new = (re.findall(r"\S+\s*", text) for text in (before, after))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if max(len(old), len(new)) > MOST_WORDS or matcher.ratio() < ALIKE:
        return ()
    pieces = []
    for what, i, j, k, m in matcher.get_opcodes():
        if what == "equal":
            pieces.append((SAME, "".join(old[i:j])))
        else:
            pieces += [(REMOVED, "".join(old[i:j])), (ADDED, "".join(new[k:m]))]
    return tuple((what, text) for what, text in pieces if text)
