"""What the public record says, as plain data: one form for API, downloads, exports and citing.

A record is a dictionary of its values under the names that fixtures use, with its parts, its
citations and their sources. Dates are EDTF text, masses numbers in grams, coordinates degrees north
and east. What refers to another record gives its id, name and address. Nothing that the public may
not see is in it: neither a part nor a reference that names a record that is not public.
"""

from collections import defaultdict
from decimal import Decimal

from django.db import models

from lunar.canonical.rows import rows_of_all
from lunar.canonical.shapes import canonical, shapes
from lunar.sources.models import Citation, Cited, Record, Source

# Columns that are no data: told in another way, or only there for finding.
LEFT_OUT = {"state", "absent_values", "citation_count", "search_text", "is_public"}


def public_models():
    """Return the models of all public records, sources included, in load order."""
    return [model for model in shapes() if issubclass(model, (Record, Source))]


def public_rows(model):
    """Return a queryset of the public rows of a kind of record, or of a vocabulary."""
    hides = issubclass(model, (Record, Source))
    rows = model._default_manager.public() if hides else model._default_manager.all()
    return rows.order_by()


def public_records(model, pks, absolute=str):
    """Return the public data of records of one kind, in the order of their primary keys `pks`.

    A record that is not public is left out; of sources only public ones may be asked for.
    `absolute` makes the address of a page one that can be followed from anywhere. The number of
    queries does not depend on how many records there are.
    """
    groups = {rows[0].pk: rows for rows in rows_of_all(model, pks).values()}
    rows = [row for group in groups.values() for row in group]
    derived = _derived(rows)
    names = _Names(rows, derived, absolute)
    shown = [groups[pk] for pk in pks if pk in groups and names.of(groups[pk][0].identity)]
    return [_record(group, names, derived) for group in shown]


def _record(rows, names, derived):
    """Return one record with its parts and citations."""
    documents = {}
    for row in rows:
        if names.hides(row, documents):
            continue
        if issubclass(row.shape.model, Citation):
            subject = documents[row.owners[0]]
            subject["citations"].append(_citation(row, names))
            continue
        document = documents[row.identity] = _values(row, names, derived)
        if row.owners:
            _add_part(documents[row.owners[0]], row, document)
    return documents[rows[0].identity]


def _values(row, names, derived):
    """Return the values of a record or part, in the order of its model."""
    model = row.shape.model
    own = {"anchor": anchor(row)} if row.owners else names.of(row.identity)
    document = {"type": model._meta.model_name, **own}
    for field in stated_fields(model):
        value = row.fields.get(field.name, row.shape.defaults[field.name])
        document[field.name] = names.value(field, value)
    for field, value in derived[model].get(row.pk, ()):
        document[field.name] = names.value(field, value)
    if issubclass(model, Cited):
        document["absent_values"] = dict(row.fields.get("absent_values", {}))
        document["citations"] = []
    for field in parts_of(model):
        document[field.remote_field.related_name] = None if field.one_to_one else []
    return document


def _add_part(parent, row, document):
    field = owner_field(row.shape.model)
    name = field.remote_field.related_name
    if field.one_to_one:
        parent[name] = document
    else:
        parent[name].append(document)


def _citation(row, names):
    fields = row.shape.defaults | row.fields
    return {
        "field": fields["field"],
        "stance": fields["stance"],
        "stated_value": fields["stated_value"],
        "locator": fields["locator"],
        "quote": fields["quote"],
        "note": fields["note"],
        "source": names.of((Source, tuple(fields["source"]))),
    }


def _is_owner(field):
    return field.remote_field.on_delete is models.CASCADE


def public_sources(slugs, absolute=str):
    """Return the public data of the sources with these ids, in their order."""
    pks = Source.objects.public().filter(slug__in=slugs).order_by("slug").values_list("pk")
    return public_records(Source, [pk for (pk,) in pks], absolute)


def all_citations(document):
    """Yield the citations of a record and of all its parts."""
    yield from document.get("citations", ())
    for value in document.values():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict) and "citations" in part:
                yield from all_citations(part)


def cited_ids(document):
    """Return the ids of the sources that a record and its parts cite, in their order."""
    return sorted({citation["source"]["id"] for citation in all_citations(document)})


def stated_fields(model):
    """Return the fields of a record or part that somebody states, in the order of the fixtures."""
    shape = shapes()[model]
    hidden = {*LEFT_OUT, shape.key[0].name}
    return [field for name, field in shape.fields.items() if name not in hidden]


def derived_fields(model):
    """Return the fields of a record or part that follow from others."""
    return [
        field
        for field in model._meta.concrete_fields
        if not (field.serialize or field.primary_key or field.name in LEFT_OUT)
        and not field.name.endswith(("_earliest", "_latest"))
    ]


def parts_of(model):
    """Return the foreign keys by which the parts of a record belong to it."""
    return [
        field
        for part in shapes()
        if issubclass(part, Cited)
        for field in shapes()[part].columns
        if field.is_relation and _is_owner(field) and field.related_model is model
    ]


def owner_field(model):
    """Return the foreign key by which rows of `model` belong to another row, or None."""
    return next((f for f in shapes()[model].columns if f.is_relation and _is_owner(f)), None)


def _derived(rows):
    """Return {model: {pk: [(field, value)]}} of the columns that follow from others."""
    found, pks = defaultdict(dict), defaultdict(list)
    for row in rows:
        pks[row.shape.model].append(row.pk)
    for model, keys in pks.items():
        fields = derived_fields(model)
        if fields:
            columns = [_key_lookup(field) for field in fields]
            for pk, *values in model._base_manager.filter(pk__in=keys).values_list("pk", *columns):
                values = [
                    value if value is None or not field.is_relation else [value]
                    for field, value in zip(fields, map(canonical, values), strict=True)
                ]
                found[model][pk] = list(zip(fields, values, strict=True))
    return found


def _key_lookup(field):
    if not field.is_relation:
        return field.name
    return f"{field.name}__{shapes()[field.related_model].key[0].name}"


def anchor(row):
    """Return the name of a part within the page of its record: "landing-1"."""
    return "-".join(map(str, [row.shape.model._meta.model_name, *row.key[1:]]))


class _Names:
    """How the data name what the rows refer to; None stands for what is not public."""

    def __init__(self, rows, derived, absolute):
        self._absolute = absolute
        self._own = {row.identity: row for row in rows}
        wanted = defaultdict(set)
        for row in rows:
            for model, key in [row.identity, *row.references]:
                wanted[model].add(key[0])
        for found in derived.values():
            for field, value in (pair for pairs in found.values() for pair in pairs):
                if field.is_relation and value:
                    wanted[field.related_model].add(value[0])
        self._found = {}
        for model in wanted:
            if not owner_field(model):
                self._look_up(model, wanted[model])

    def _look_up(self, model, keys):
        name = shapes()[model].key[0].name
        rows = model._base_manager.filter(**{f"{name}__in": keys})
        if issubclass(model, Record):
            rows = rows.filter(is_public=True)
        for one in rows:
            key = getattr(one, name)
            named = {"id": key, "name": str(one)}
            if hasattr(one, "get_absolute_url"):
                named["page"] = self._absolute(one.get_absolute_url())
            self._found[model, (key,)] = named

    def of(self, identity):
        """Return {"id", "name", "page"} of a record, or None if it is not public."""
        return self._found.get(identity)

    def hides(self, row, documents):
        """Return whether a part or citation, or what it is about, names what is not public."""
        if row.owners and row.owners[0] not in documents:
            return True
        return any(
            not field.null and not self._is_known(field, row.fields.get(field.name))
            for field in row.shape.columns
            if field.is_relation and not _is_owner(field)
        )

    def _is_known(self, field, key):
        return key and self.value(field, key) is not None

    def value(self, field, value):
        """Return the value of a field as plain data."""
        if value is None:
            return None
        if field.many_to_many:
            found = [self._reference(field.related_model, key) for key in value]
            return [one for one in found if one]
        if field.is_relation:
            return self._reference(field.related_model, value)
        if isinstance(field, models.DecimalField):
            number = Decimal(value)
            return int(number) if number == number.to_integral_value() else float(number)
        return value

    def _reference(self, model, key):
        identity = model, tuple(key)
        if identity in self._own and identity not in self._found:  # a part of the same record
            row = self._own[identity]
            return {"anchor": anchor(row), "name": row.title}
        return self._found.get(identity)
