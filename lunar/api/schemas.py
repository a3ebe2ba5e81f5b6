"""JSON Schemas of the records, from the fields that `lunar.data.records` takes its values from."""

from functools import cache

from lunar.data.fields import derived_fields, owner_field, parts_of, stated_fields
from lunar.data.forms import CITATION_FIELDS
from lunar.data.records import public_models
from lunar.data.tables import first_words, value_columns
from lunar.edtf import EdtfField
from lunar.sources.models import Citation, Cited
from lunar.sources.models.record import Absence

TEXT = {"type": "string"}
MOMENT = {"type": "string", "format": "date-time"}
PAGE = {"type": "string", "format": "uri", "description": "The address of its page."}


def ref(name):
    """Return a reference to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def or_null(schema):
    return {"anyOf": [schema, {"type": "null"}]}


def whole(description, /, **properties):
    """Return the schema of an object all of whose members are always there."""
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": list(properties),
    }


@cache
def schemas():
    """Return every schema of the document by its name."""
    found = {
        "Reference": whole("Another record.", id=TEXT, name=TEXT, page=PAGE),
        "Term": whole("A word of a list.", id=TEXT, name=TEXT),
        "PartReference": whole("Another part of the same record.", anchor=TEXT, name=TEXT),
    }
    for model in public_models():
        found[model.__name__] = record_schema(model)
        for field in parts_of(model):
            found[field.model.__name__] = _part_schema(field.model)
    return found | {
        "Citation": _citation_schema(),
        "Withdrawn": _gone("A record that was withdrawn.", withdrawn={"const": True}),
        "Moved": _gone("A record that was merged into another.", moved_to=ref("Reference")),
        "Problem": _problem_schema(),
    }


@cache
def record_schema(model):
    """Return the schema of one kind of record; with `fields` asked for, not all is there."""
    schema = whole(
        first_words(model),
        **{
            "type": {"const": model._meta.model_name},
            "id": TEXT | {"description": "Its key in addresses; never changes its meaning."},
            "name": TEXT,
            "page": PAGE,
        }
        | _values(model)
        | {
            "revision": {
                "type": ["integer", "null"],
                "minimum": 1,
                "description": "The number of its latest public revision.",
            },
            "changed": or_null(MOMENT) | {"description": "When that was made (UTC)."},
        },
    )
    return schema | {"required": ["type", "id"]}


def _part_schema(model):
    return whole(
        first_words(model),
        type={"const": model._meta.model_name},
        anchor=TEXT | {"description": "Its place on the page of its record."},
        **_values(model),
    )


def _values(model):
    """Return the schemas of the values of a record or part, in the order of the data."""
    fields = [*stated_fields(model), *derived_fields(model)]
    described = {column.name: column for column in value_columns(model)}
    found = {field.name: _value(field, described[field.name]) for field in fields}
    if issubclass(model, Cited):
        found["absent_values"] = {
            "type": "object",
            "description": "Which kind of nothing stands behind a blank value; of one not named "
            "here nobody has looked for it.",
            "additionalProperties": {"enum": Absence.values},
        }
        found["citations"] = {"type": "array", "items": ref("Citation")}
    for field in parts_of(model):
        part = ref(field.model.__name__)
        many = {"type": "array", "items": part}
        found[field.remote_field.related_name] = or_null(part) if field.one_to_one else many
    return found


def _value(field, column):
    if field.many_to_many:
        items = ref(_reference_to(field.related_model))
        return {"type": "array", "items": items, "description": _label(field)}
    if field.is_relation:
        target = ref(_reference_to(field.related_model))
        return {"description": column.description} | (or_null(target) if field.null else target)
    schema = {"type": column.type}
    if column.type == "date":
        schema = TEXT | {"format": "date"}
    if column.choices:
        values = [value for value, _ in column.choices]
        schema["enum"] = [*values, ""] if field.blank or not field.editable else values
    if isinstance(field, EdtfField):
        schema["format"] = "edtf"
    if field.null:
        schema["type"] = [schema["type"], "null"]
    return schema | {"description": column.description}


def _reference_to(model):
    if owner_field(model):
        return "PartReference"
    return "Reference" if hasattr(model, "get_absolute_url") else "Term"


def _label(field):
    label = str(field.verbose_name)
    return f"{label[:1].upper()}{label[1:]}."


def _citation_schema():
    values = dict.fromkeys(CITATION_FIELDS, TEXT)
    values["stance"] = {"enum": Citation.Stance.values}
    source = {"anyOf": [ref("Reference"), ref("Source")]}
    schema = whole("A source for, or against, one value.", **values, source=source)
    for name in CITATION_FIELDS:
        text = str(Citation._meta.get_field(name).help_text)
        schema["properties"][name] |= {"description": text} if text else {}
    return schema


def _gone(description, **told):
    return whole(
        description, type=TEXT, id=TEXT, **told, when=MOMENT, reason=TEXT | {"description": "Why."}
    )


def _problem_schema():
    problem = whole(
        "Problem details after RFC 9457.",
        type={"type": "string", "format": "uri", "description": "The address of an explanation."},
        title=TEXT,
        status={"type": "integer"},
        detail=TEXT,
    )
    wrong = whole("A parameter and what is wrong with it.", name=TEXT, message=TEXT)
    problem["properties"] |= {
        "parameters": {"type": "array", "items": wrong},
        "record": ref("Withdrawn"),
    }
    return problem
