"""One record as a file: JSON with everything, or a table with a line for each citation."""

from collections import defaultdict

from lunar.data.fields import parts_of
from lunar.data.records import cited_ids, public_records, public_sources
from lunar.data.tables import Column, value_columns
from lunar.data.twins import answer, metadata, problem
from lunar.sources.models import Source
from lunar.sources.models.record import Absence

WORDS = {
    "record": "The id of the record.",
    "part": "The part of the record, by its place on the page; empty for the record itself.",
    "field": "The value, by its name; empty for the record or part as a whole.",
    "value": "What the record says; references by their ids.",
    "absence": "Where there is no value: not_given, unknown, not_researched or not_applicable.",
    "stance": "Whether the source supports or disputes the value.",
    "stated_value": "The value as the source states it.",
    "locator": "Where in the source.",
    "quote": "A few words of the source, exactly as printed.",
    "note": "Why the value was or was not chosen.",
    "source": "The id of the source.",
    "source_name": "Its title.",
    "source_page": "The address of its page.",
}
STATEMENT_WORDS = {
    "source": "The id of the source.",
    "record": "The id of the record that cites the source.",
    "record_type": "Its kind.",
    "record_name": "Its name.",
    "page": "The address of the value on the page of the record.",
    "field": WORDS["field"],
    **{name: WORDS[name] for name in ("stance", "stated_value", "locator", "quote", "note")},
}
SAID = ("stance", "stated_value", "locator", "quote", "note")


class RecordFile:
    """A public record; of a source, all that rests on it, too.

    Raises LookupError if the record is not public (any more).
    """

    def __init__(self, record, absolute=str):
        self.model, self.absolute = type(record), absolute
        found = public_records(self.model, [record.pk], absolute)
        if not found:
            raise LookupError("This record is not public.")
        [self.document] = found
        self.is_source = self.model is Source
        if self.is_source:
            self.document["statements"] = list(_statements(record, absolute))

    @property
    def columns(self):
        words = STATEMENT_WORDS if self.is_source else WORDS
        return [
            Column(name, "any" if name == "value" else "string", description)
            for name, description in words.items()
        ]

    def rows(self):
        """Yield the values of a line for each citation, and for each value without one."""
        if self.is_source:
            for statement in self.document["statements"]:
                yield statement.values()
            return
        yield from _lines("", self.model, self.document | {"record": self.document["id"]})
        for field in parts_of(self.model):
            found = self.document[field.remote_field.related_name] or []
            for part in found if isinstance(found, list) else [found]:
                document = part | {"record": self.document["id"]}
                yield from _lines(part["anchor"], field.model, document)

    def cited_sources(self):
        """Return the public data of the sources that the record cites."""
        return public_sources(cited_ids(self.document), self.absolute)


def record_answer(request, record, file_format):
    """Return the download of a record in one of the formats."""
    try:
        found = RecordFile(record, request.build_absolute_uri)
    except LookupError as error:  # it was withdrawn a moment ago
        return problem(file_format, 404, [("", str(error))])
    document = found.document
    return answer(
        file_format,
        f"lunar-record-{document['type']}-{document['id']}",
        about=metadata(document["name"], document["page"]),
        columns=found.columns,
        rows=found.rows(),
        documents=[document],
        after=lambda: {"sources": found.cited_sources()},
    )


def _lines(part, model, document):
    citations = defaultdict(list)
    for citation in document["citations"]:
        citations[citation["field"]].append(citation)
    values = {column.name: column.read(document) for column in value_columns(model)}
    values.pop("absent_values")
    for name in dict.fromkeys(["", *values, *model.CITED_FIELDS]):
        value = values.get(name) if name else document.get("name", "")
        absence = _absence(model, document, name) if value in (None, "") else ""
        for citation in citations[name] or [None]:
            if citation or name in values or not name:
                yield _line(document["record"], part, name, value, absence, citation)


def _absence(model, document, name):
    if not name or name not in model.CITED_FIELDS:
        return ""
    return document["absent_values"].get(name, Absence.NOT_RESEARCHED.value)


def _line(record, part, name, value, absence, citation):
    said = {"record": record, "part": part, "field": name, "value": value, "absence": absence}
    line = dict.fromkeys(WORDS) | said
    if citation:
        source = citation["source"]
        line |= {word: citation[word] for word in SAID}
        line |= {
            "source": source["id"],
            "source_name": source["name"],
            "source_page": source["page"],
        }
    return line.values()


def _statements(source, absolute):
    """Yield every public statement that rests on a source."""
    for record, citations in source.citations_by_record():
        for citation in citations:
            yield {
                "source": source.slug,
                "record": record.natural_key()[0],
                "record_type": record._meta.model_name,
                "record_name": str(record),
                "page": absolute(citation.get_absolute_url()),
                "field": citation.field,
                **{name: getattr(citation, name) for name in SAID},
            }
