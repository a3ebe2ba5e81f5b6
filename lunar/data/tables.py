"""The record as flat tables: which there are, what their columns mean, and the rows of a record.

A kind of record has one table, so have its parts, its citations and theirs, and every field that
links it to several others. The key of a record is its id, of a part “luna-16/landing-1”.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.db import models

from lunar.canonical.shapes import shapes
from lunar.data.cells import harmless
from lunar.data.fields import derived_fields, owner_field, parts_of, stated_fields
from lunar.data.forms import CITATION_FIELDS
from lunar.data.records import public_models
from lunar.edtf import EdtfField
from lunar.sources.models import Cited, Source
from lunar.sources.models.record import Absence

SEPARATOR = "; "
NESTED = {list, dict}


@dataclass(frozen=True, eq=False)
class Column:
    """One column: its type is of the Table Schema (string, integer, number, boolean, date, any).

    `choices` are (value, meaning) pairs of a closed list, `refers_to` names the table whose keys
    are its values, and `read` gives its value for a document of `lunar.data.records`.
    """

    name: str
    type: str = "string"
    description: str = ""
    choices: tuple = ()
    refers_to: str = ""
    read: Callable | None = None


@dataclass(frozen=True)
class Table:
    """One table; `key` names the columns of its primary key."""

    name: str
    description: str
    columns: tuple
    key: tuple = ("id",)


# The columns of each kind


@cache
def value_columns(model):
    """Return the Columns of the values of a record or part, stated ones first."""
    derived = [(field, "Follows from other values. ") for field in derived_fields(model)]
    found = [
        _column(field, note) for field, note in [*((f, "") for f in stated_fields(model)), *derived]
    ]
    if issubclass(model, Cited):
        found.append(ABSENT)
    return tuple(found)


def _column(field, note):
    label = str(field.verbose_name)
    help_text = " ".join(filter(None, [f"{label[:1].upper()}{label[1:]}.", str(field.help_text)]))
    if isinstance(field, EdtfField) and "EDTF" not in help_text:
        help_text += " EDTF."
    if field.many_to_many:
        help_text += f" Ids of {_table_name(field.related_model)}, joined by “;”."
    is_link = field.is_relation and not field.many_to_many
    return Column(
        field.name,
        _type(field),
        f"{note}{help_text}",
        tuple((str(value), str(words)) for value, words in field.flatchoices if value != ""),
        _table_name(field.related_model) if is_link else "",
        lambda document: flat(document[field.name], document.get("record")),
    )


def _type(field):
    kinds = [
        (models.BooleanField, "boolean"),
        (models.IntegerField, "integer"),
        (models.DecimalField, "number"),
        (models.DateField, "date"),
    ]
    return next((name for kind, name in kinds if isinstance(field, kind)), "string")


def _table_name(model):
    return shapes()[model].name


def flat(value, record=None):
    """Return a value as it stands in a cell: references by ids, to parts by that of `record`."""
    if isinstance(value, list):
        return SEPARATOR.join([one["id"] for one in value])
    if isinstance(value, dict):
        if "id" in value:
            return value["id"]
        if "anchor" in value:
            return f"{record}/{value['anchor']}"
        return SEPARATOR.join([f"{name}: {kind}" for name, kind in sorted(value.items())])
    return value


def flat_values(values):
    """Return the values of a record, or of a part it has one of, as they stand in cells."""
    return [flat(value) if value.__class__ in NESTED else value for value in values]


ABSENT = Column(
    "absent_values",
    description="Which kind of nothing stands behind blank values that were looked for, as "
    "“launch_site: unknown; ended: not_given”. "
    + " ".join(f"{kind.value}: {kind.label.lower()}." for kind in Absence),
    read=lambda document: flat(document["absent_values"]),
)


# The tables of the whole record


def vocabularies():
    """Return the models of the lists of words and of reasons that the record uses."""
    return [
        model
        for model in shapes()
        if model not in public_models()
        and owner_field(model) is None
        and model._meta.app_label != "desk"  # tells of the record's past, not of the Moon
    ]


def kinds():
    """Return the models of all that has a table and a JSON file of its own, in load order."""
    named = {*public_models(), *vocabularies()}
    return [model for model in shapes() if model in named]


@cache
def tables():
    """Return every Table by its name; each refers only to itself and to those before it."""
    found = [table for model in kinds() for table in _with_links(model, _record_table(model))]
    for model in kinds():
        for field in parts_of(model):
            part = field.model
            found += _with_links(part, _part_table(part, field))
    cited = [(model, model._meta.get_field("citations").related_model) for model in _cited()]
    found += [_citation_table(subject, model) for subject, model in cited]
    return {table.name: table for table in found}


def _cited():
    return [model for model in shapes() if issubclass(model, Cited)]


def _with_links(model, table):
    """Return a table, and those of the links to several others: missions_countries."""
    return [table, *(_link_table(model, field) for field in shapes()[model].links)]


def _record_table(model):
    return Table(
        _table_name(model),
        first_words(model),
        (
            Column("id", description="Its key: in addresses, fixtures and other tables."),
            *_page_of(model),
            *value_columns(model),
        ),
    )


def _page_of(model):
    if not hasattr(model, "get_absolute_url"):
        return []
    return [Column("page", description="The address of its page, without the site.")]


def _part_table(model, field):
    owner = _table_name(field.related_model)
    return Table(
        _table_name(model),
        first_words(model),
        (
            Column("id", description="Its key: the id of its record, a slash, and its anchor."),
            Column(field.name, description=f"The id of its record in {owner}.", refers_to=owner),
            Column("page", description="The address of its place on the page of its record."),
            *value_columns(model),
        ),
    )


@cache
def link_names(field):
    """Return the name of the table of a many-to-many field, and of its two columns."""
    here = field.model._meta.model_name
    there = field.related_model._meta.model_name
    return f"{_table_name(field.model)}_{field.name}", here, field.name if here == there else there


def _link_table(model, field):
    name, here, there = link_names(field)
    own, others = _table_name(model), _table_name(field.related_model)
    columns = (
        Column(here, description=f"An id of {own}.", refers_to=own),
        Column(there, description=f"An id of {others}.", refers_to=others),
    )
    words = f"Each link of {own} to {others}, their “{field.verbose_name}”."
    return Table(name, words, columns, (here, there))


def _citation_table(subject, model):
    own = _table_name(subject)
    fields = {name: model._meta.get_field(name) for name in CITATION_FIELDS}
    return Table(
        _table_name(model),
        f"The evidence for {own}: which source supports or disputes which value.",
        (
            Column("id", description="Its key: a digest of what it cites, where and how."),
            Column("subject", description=f"What it speaks of: an id of {own}.", refers_to=own),
            *(_column(field, "") for field in fields.values()),
            Column("source", description="The id of the source.", refers_to=_table_name(Source)),
        ),
    )


def first_words(model):
    """Return the first sentence of what a model says of itself."""
    sentence, stop, _ = " ".join(model.__doc__.split()).partition(". ")
    return sentence + stop.strip()


# The rows of one record


def rows_of_record(model, document):
    """Yield (name of the table, row) of a record, its parts, links and citations.

    A row has the value of each column; `document` is one of `lunar.data.records.public_records`.
    """
    record = {"record": document["id"]}
    key = [document["id"], document["page"]] if "page" in document else [document["id"]]
    yield from _rows(model, document | record, key)
    for field in parts_of(model):
        found = document[field.remote_field.related_name] or []
        for part in found if isinstance(found, list) else [found]:
            key = [
                f"{document['id']}/{part['anchor']}",
                document["id"],
                f"{document['page']}#{part['anchor']}",
            ]
            yield from _rows(field.model, part | record, key)


def _rows(model, document, key):
    yield _table_name(model), [*key, *(column.read(document) for column in value_columns(model))]
    for field in shapes()[model].links:
        name, _, _ = link_names(field)
        for target in document[field.name]:
            yield name, [key[0], target["id"]]
    if "citations" in document:
        name = _table_name(model._meta.get_field("citations").related_model)
        for citation in document["citations"]:
            yield name, _citation(citation, key[0])


def _citation(citation, subject):
    source = citation["source"]["id"]
    said = [subject, citation["field"], source, citation["stance"], citation["stated_value"]]
    digest = hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]
    return [digest, subject, *(citation[name] for name in CITATION_FIELDS), source]


def cells(row):
    """Return values as the numbers and harmless texts of a CSV file or spreadsheet."""
    return [harmless(value) if isinstance(value, str) else _bare(value) for value in row]


def _bare(value):
    return str(value).lower() if value.__class__ is bool else value
