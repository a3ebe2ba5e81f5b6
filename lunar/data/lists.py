"""A list as a file: the rows that a page of it shows, all of them, in the same order."""

from dataclasses import dataclass, replace
from functools import cached_property

from lunar.canonical.shapes import shapes
from lunar.data.records import (
    all_citations,
    cited_ids,
    owner_field,
    parts_of,
    public_records,
    public_sources,
)
from lunar.data.tables import SEPARATOR, Column, value_columns
from lunar.sources.models import Source

CHUNK = 200  # records that are in memory at once


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
        """{id of the record: (primary key of the record, annotated values)} in order."""
        key = shapes()[self.record_model].key[0].name
        path = f"{self.owner.name}__" if self.owner else ""
        rows = self.queryset.prefetch_related(None).values_list(
            f"{path}{key}", f"{path}pk", *self.counted
        )
        return {row[0]: (row[1], row[2:]) for row in rows}

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
        ids = list(self.keys)
        for start in range(0, len(ids), CHUNK):
            pks = [self.keys[one][0] for one in ids[start : start + CHUNK]]
            for record in public_records(self.record_model, pks, self.absolute):
                counts = zip(self.counted, self.keys[record["id"]][1], strict=True)
                yield self._of_row(record) | dict(counts)

    def _of_row(self, record):
        if not self.owner:
            return record
        parts = {field.remote_field.related_name for field in parts_of(self.record_model)}
        left_out = {*parts, "citations", "absent_values"}
        own = {name: value for name, value in record.items() if name not in left_out}
        part = record[self.owner.remote_field.related_name]
        return {"type": part["type"], "id": record["id"], **part, self.owner.name: own}

    def rows(self, documents=None):
        """Yield {column: value} for each row."""
        for document in self.documents() if documents is None else documents:
            yield {column.name: column.read(document) for column in self.columns}

    @cached_property
    def columns(self):
        """The Columns of the list as a table."""
        record, owner = self.record_model, self.owner
        found = [
            Column("id", description="The key of the record.", read=lambda d: d["id"]),
            Column("page", description="The address of its page.", read=self._page),
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

    def _page(self, document):
        return document[self.owner.name]["page"] if self.owner else document["page"]

    def sources(self, documents):
        """Pass on documents, and keep in mind the sources that they cite."""
        self.cited = set()
        for document in documents:
            self.cited.update(cited_ids(document))
            yield document

    def cited_sources(self):
        """Return the public data of the sources of all `documents` that `sources` has passed on."""
        return public_sources(self.cited, self.absolute)


EVIDENCE = [
    Column(
        "citations",
        "integer",
        "How many citations the record and its parts have.",
        read=lambda document: sum(1 for _ in all_citations(document)),
    ),
    Column(
        "sources",
        description="The ids of the sources they cite.",
        read=lambda d: SEPARATOR.join(cited_ids(d)),
    ),
]


def _counted(name, heading):
    description = f"Counted when the file was made; “{heading}” on the page."
    return Column(name, "integer", description, read=lambda document: document[name])


def _prefixed(part, columns):
    """Return the Columns of what stands under `part` in a document: sample_return_mass_g."""

    def reader(column):
        return lambda document: column.read(document[part]) if document[part] else None

    return [replace(c, name=f"{part}_{c.name}", read=reader(c)) for c in columns]
