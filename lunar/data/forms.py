"""How rows become documents of the public data: the form of each table, worked out once."""

from datetime import date
from functools import cache

from django.db import models

from lunar.canonical.rows import link_columns, path_to_record
from lunar.canonical.shapes import shapes
from lunar.data.among import among
from lunar.data.fields import derived_fields, owner_field, parts_of, stated_fields
from lunar.data.names import name_columns
from lunar.edtf import EdtfField
from lunar.sources.models import Cited, Record

CITATION_FIELDS = ("field", "stance", "stated_value", "locator", "quote", "note")


@cache
def forms(model):
    """Return the Forms of a kind of record and of its parts, in load order."""
    return tuple(
        Form(part)
        for part in shapes()
        if path_to_record(part)[1] is model and (part is model or issubclass(part, Cited))
    )


class Form:
    """The form of one table: which columns are read, which values a row has, and its document.

    `owner` is the field by which a part belongs to its record, None for a record. `references` are
    (place among the values, model) of what a row refers to; `names` are those of the values: first
    what is stated, links to several others last, then what follows, then `absent_values`.
    """

    def __init__(self, model):
        self.model, self.owner = model, owner_field(model)
        self.is_cited = issubclass(model, Cited)
        self.links = shapes()[model].links
        stated, derived = stated_fields(model), derived_fields(model)
        absent = [model._meta.get_field("absent_values")] if self.is_cited else []
        told = [*stated, *derived, *absent]
        self.names = [field.name for field in told]
        read = [field for field in told if not field.many_to_many]
        first = [self.owner.attname] if self.owner else name_columns(model)
        self._columns = ["pk", *first, *(field.attname for field in read)]
        self._start = 1 + len(first)
        self._link_place = len(stated) - len(self.links)
        places = {field.name: place for place, field in enumerate(told)}
        self.references = [(places[f.name], f.related_model) for f in read if f.is_relation]
        self._required = [places[f.name] for f in read if f.is_relation and not f.null]
        self._changes = [(places[f.name], change) for f in read if (change := _change(f))]
        self._key = [places[field.name] for field in shapes()[model].key[1:]]
        self._blank, self._lists = {"type": model._meta.model_name} | self._blank_name(), []
        self._blank |= dict.fromkeys(self.names)
        if self.is_cited:
            self._add("citations", is_list=True)
        for field in parts_of(model):
            self._add(field.remote_field.related_name, is_list=not field.one_to_one)

    def _blank_name(self):
        if self.owner:
            return {"anchor": None}
        has_page = hasattr(self.model, "get_absolute_url")
        return dict.fromkeys(["id", "name", "page"] if has_page else ["id", "name"])

    def _add(self, name, *, is_list):
        self._blank[name] = None
        if is_list:
            self._lists.append(name)

    def place_of_link(self, field):
        """Return the place of a many-to-many field among the values."""
        return self._link_place + self.links.index(field)

    # What is read

    def rows(self, pks):
        """Read the rows of records: (primary key, key, name or owner, *values)."""
        rows = self._of(self.model, path_to_record(self.model)[0] or "pk", pks)
        if issubclass(self.model, Record):
            rows = rows.filter(is_public=True)
        return list(rows.values_list(*self._columns))

    def linked(self, pks):
        """Return {many-to-many field: [(row, target)]} of records."""
        found = {}
        for field in self.links:
            path = [field.m2m_field_name(), path_to_record(self.model)[0]]
            pairs = self._of(field.remote_field.through, "__".join(filter(None, path)), pks)
            found[field] = list(pairs.values_list(*link_columns(field)))
        return found

    def targets(self, rows):
        """Yield (model, primary keys) of all that rows refer to by foreign keys."""
        start = self._start
        for place, model in self.references:
            column = start + place - (len(self.links) if place >= self._link_place else 0)
            yield model, {row[column] for row in rows} - {None}

    def citations(self, pks):
        """Read (subject, source, *CITATION_FIELDS) of the citations of records."""
        return list(self._cited(pks).values_list("subject_id", "source_id", *CITATION_FIELDS))

    def cited_sources(self, pks):
        """Read (record, source) of the citations of records that name only what is public."""
        cited = self._cited(pks)
        named = {f"{path}__is_public": True for path in cited.model.NAMED_BY}
        return list(cited.filter(**named).values_list(cited.model.OWNER_PATH, "source_id"))

    def _cited(self, pks):
        citations = self.model._meta.get_field("citations").related_model
        return self._of(citations, citations.OWNER_PATH, pks)

    def _of(self, model, path, pks):
        return model._base_manager.filter(**{f"{path}__in": among(pks)}).order_by()

    # What it becomes

    def values(self, row, names):
        """Return the values of a row: plain data, the names of what it refers to, empty links.

        None stands for a part that names what is not public.
        """
        values = list(row[self._start :])
        if self.links:
            values[self._link_place : self._link_place] = [[] for _ in self.links]
        for place, change in self._changes:
            values[place] = change(values[place])
        for place, model in self.references:
            values[place] = names.of(model).get(values[place])
        for place in self._required:
            if values[place] is None:
                return None
        return values

    def key(self, values):
        """Return what tells a part from its siblings, which puts them in order."""
        key = [values[place] for place in self._key]
        return [value["id"] if isinstance(value, dict) else value for value in key]

    def anchor(self, values):
        """Return the name of a part within the page of its record: "landing-1"."""
        return "-".join(map(str, [self.model._meta.model_name, *self.key(values)]))

    def document(self, values, own):
        """Return the document of a row, without parts and citations; `own` is how it is named."""
        document = self._blank.copy()
        document.update(own)
        document.update(zip(self.names, values, strict=True))
        for name in self._lists:
            document[name] = []
        return document

    def put(self, document, owner):
        """Put the document of a part into that of its owner."""
        name = self.owner.remote_field.related_name
        if self.owner.one_to_one:
            owner[name] = document
        else:
            owner[name].append(document)


def _change(field):
    """Return the function that makes plain data of a column's values, or None if they are."""
    changes = [(models.DecimalField, _number), (EdtfField, str), (models.DateField, _day)]
    return next((change for kind, change in changes if isinstance(field, kind)), None)


def _number(value):
    if value is None:
        return None
    whole = int(value)
    return whole if whole == value else float(value)


def _day(value):
    return value and date.isoformat(value)
