"""A list as a file: the rows that a page of it shows, all of them, in the same order."""

from array import array
from dataclasses import dataclass, replace
from functools import cached_property

from lunar.canonical.shapes import shapes
from lunar.data.fields import owner_field, parts_of
from lunar.data.records import (
    cited_ids,
    public_lines,
    public_records,
    public_sources,
)
from lunar.data.tables import SEPARATOR, Column, flat_values, value_columns
from lunar.sources.models import Source

CHUNK = 1000  # rows that are in memory at once
LARGE_CHUNK = 200  # the same of whole records


@dataclass(eq=False)
class ListFile:
    """The rows of an ordered queryset with `headings` {annotation: what the page calls it}.

    Its rows are public records, or the only part of its kind that a record has (samples). What the
    queryset annotates, numbers that the page shows, is part of each row.
    """

    queryset: object
    headings: dict
    absolute: object = str

    @cached_property
    def keys(self):
        """The primary keys of all records, in order."""
        rows = self._rows.values_list(self._path, flat=True)
        return array("q", rows.iterator())

    @property
    def _rows(self):
        return self.queryset.select_related(None).prefetch_related(None)

    @property
    def _path(self):
        """The lookup from a row to its record."""
        return self.owner.name if self.owner else "pk"

    @property
    def model(self):
        return self.queryset.model

    @cached_property
    def owner(self):
        """The one-to-one field by which rows belong to a record; None if they are records."""
        return owner_field(self.model)

    @property
    def record_model(self):
        return self.owner.related_model if self.owner else self.model

    @cached_property
    def counted(self):
        return list(self.queryset.query.annotation_select)

    def documents(self):
        """Yield the public record of each row, a part with what its record says beside it."""
        for pks in self._chunks(LARGE_CHUNK):
            counts = self._counts(pks)
            for record in public_records(self.record_model, pks, self.absolute):
                document = self._of_row(record) if self.owner else record
                if self.counted:
                    document |= zip(self.counted, counts[record["id"]], strict=True)
                yield document

    def _chunks(self, size):
        """Yield the primary keys of all records, some at a time."""
        for start in range(0, len(self.keys), size):
            yield self.keys[start : start + size].tolist()

    def _counts(self, pks):
        """Return {id: annotated numbers} of some records."""
        if not self.counted:
            return {}
        key = shapes()[self.record_model].key[0].name
        path = f"{self.owner.name}__{key}" if self.owner else key
        rows = self._rows.filter(**{f"{self._path}__in": pks}).order_by()
        return {one: numbers for one, *numbers in rows.values_list(path, *self.counted)}

    def _of_row(self, record):
        parts = {field.remote_field.related_name for field in parts_of(self.record_model)}
        left_out = {*parts, "citations", "absent_values"}
        own = {name: value for name, value in record.items() if name not in left_out}
        part = record[self.owner.remote_field.related_name]
        return {"type": part["type"], "id": record["id"], **part, self.owner.name: own}

    def rows(self):
        """Yield the values of each row, in the order of the columns."""
        of_part = self.model if self.owner else None
        for pks in self._chunks(CHUNK):
            counts = self._counts(pks)
            for line in public_lines(self.record_model, pks, self.absolute, of_part):
                yield self._row(line, counts.get(line.name["id"], ()))

    def _row(self, line, counts):
        own = flat_values(line.values)
        row = [line.name["id"], line.name["page"]]
        if self.owner:
            row += flat_values(line.parts[self.owner.remote_field.related_name])
        else:
            row += own
            for name, width in self._parts.items():
                row += flat_values(line.parts[name]) if line.parts[name] else [None] * width
        row += counts
        if self.owner:
            row += own[:-1]  # without absent_values
        if self.model is not Source:
            row += [len(line.cited), SEPARATOR.join(sorted(set(line.cited)))]
        return row

    @cached_property
    def _parts(self):
        """{name of a part of which there is one: number of its columns}."""
        return {
            field.remote_field.related_name: len(value_columns(field.model))
            for field in parts_of(self.record_model)
            if field.one_to_one
        }

    @cached_property
    def columns(self):
        """The Columns of the list as a table."""
        record, owner = self.record_model, self.owner
        found = [
            Column("id", description="The key of the record."),
            Column("page", description="The address of its page."),
            *value_columns(self.model),
        ]
        for field in () if owner else parts_of(record):
            if field.one_to_one:
                found += _prefixed(field.remote_field.related_name, value_columns(field.model))
        found += [_counted(name, self.headings.get(name, name)) for name in self.counted]
        if owner:
            told = [column for column in value_columns(record) if column.name != "absent_values"]
            found += _prefixed(owner.name, told)
        if self.model is not Source:
            found += EVIDENCE
        return found

    def sources(self, documents):
        """Pass on documents, and keep in mind the sources that they cite."""
        self.cited = set()
        for document in documents:
            self.cited.update(cited_ids(document))
            yield document

    def cited_sources(self):
        """Yield the public data of the sources of all `documents` that `sources` has passed on."""
        cited = sorted(self.cited)
        for start in range(0, len(cited), LARGE_CHUNK):
            yield from public_sources(cited[start : start + LARGE_CHUNK], self.absolute)


EVIDENCE = [
    Column(
        "citations",
        "integer",
        "How many citations the record and its parts have.",
    ),
    Column("sources", description="The ids of the sources they cite."),
]


def _counted(name, heading):
    description = f"Counted when the file was made; “{heading}” on the page."
    return Column(name, "integer", description)


def _prefixed(part, columns):
    """Return the Columns of what stands under `part` in a document: sample_return_mass_g."""
    return [replace(column, name=f"{part}_{column.name}", read=None) for column in columns]
