"""The OpenAPI document: every address, parameter and answer of the API, made from the program."""

from functools import cache

from django.conf import settings
from django.urls import reverse

from lunar.api.kinds import kinds
from lunar.api.parameters import OWN
from lunar.api.problems import KINDS, MEDIA_TYPE
from lunar.api.schemas import TEXT, or_null, ref, schemas, whole
from lunar.data.about import LICENCE, TITLE

VERSION = "1.0.0"
COUNT = {"type": "integer", "minimum": 0}
ADDRESS = {"type": "string", "format": "uri"}
SHARED = OWN - {"fields"}  # each kind has names of its own


@cache
def document():
    """Return the OpenAPI 3.1 document as plain data."""
    paths = {"/": _operation("index", "What there is", _index_schema())}
    for kind in kinds().values():
        paths[f"/{kind.name}/"] = _list(kind)
        paths[f"/{kind.name}/{{id}}/"] = _record(kind)
    described = {"type": "object", "description": "This document."}
    paths["/openapi.json"] = _operation("document", "This document", described)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": TITLE,
            "version": VERSION,
            "summary": "The public record of lunar missions and lunar-sample diplomacy.",
            "description": "Read-only. Dates are EDTF (ISO 8601-2), masses grams, times UTC, "
            "lunar positions degrees north and east.",
            "license": {"name": LICENCE["title"], "identifier": LICENCE["name"]},
        },
        "servers": [{"url": reverse("api").rstrip("/")}],
        "paths": paths,
        "components": {
            "schemas": schemas(),
            "parameters": {one.name: _described(one) for one in _shared()},
            "responses": {
                "NotModified": {
                    "description": "What the client has is still right.",
                    "headers": _headers("ETag"),
                },
                "Moved": {
                    "description": "The record was merged into another, or its id is written "
                    "in another case.",
                    "headers": {"Location": {"schema": {"type": "string"}}},
                },
            }
            | {_name(kind): _problem(kind) for kind in KINDS},
            "headers": {
                "ETag": {"description": "For If-None-Match.", "schema": TEXT},
                "Link": {
                    "description": "First, last, next and previous page (RFC 8288).",
                    "schema": TEXT,
                },
                "RateLimit": {"description": "Requests left, and seconds.", "schema": TEXT},
                "RateLimit-Policy": {"description": "The limit.", "schema": TEXT},
                "Retry-After": {
                    "description": "Seconds to wait.",
                    "schema": {"type": "integer", "minimum": 1},
                },
            },
        },
    }


def _shared():
    """Return the parameters that are the same in all lists."""
    [first, *_] = kinds().values()
    return [one for one in first.list_parameters if one.name in SHARED]


def _list(kind):
    name = kind.model.__name__
    records = {"type": "array", "items": ref(name), "maxItems": settings.API_MOST_PER_PAGE}
    gone = {
        "type": "array",
        "description": "With updated_since: what was withdrawn or merged since.",
        "items": {"anyOf": [ref("Withdrawn"), ref("Moved")]},
        "maxItems": settings.API_MOST_PER_PAGE,
    }
    schema = whole(
        f"A page of the list of {kind.label}.",
        count=COUNT | {"description": "Records on all pages together."},
        gone_count=COUNT | {"description": "Records gone, on all pages together."},
        page=COUNT,
        pages=COUNT,
        per_page=COUNT,
        next=or_null(ADDRESS),
        previous=or_null(ADDRESS),
        results=records,
        gone=gone,
    )
    return _operation(
        f"list_{kind.name}",
        f"List of {kind.label}",
        schema,
        kind.list_parameters,
        headers=["Link"],
        problems=["bad-parameter", "not-found"],
    )


def _record(kind):
    found = _operation(
        f"get_{kind.name}",
        f"One record of {kind.label}",
        ref(kind.model.__name__),
        kind.record_parameters,
        problems=["bad-parameter", "not-found", "withdrawn"],
    )
    key = {
        "name": "id",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,120}$"},
    }
    found["get"]["parameters"].insert(0, key)
    found["get"]["responses"]["301"] = {"$ref": "#/components/responses/Moved"}
    return found


def _operation(name, summary, schema, parameters=(), headers=(), problems=("bad-parameter",)):
    """Return the operations of an address that answers with `schema`."""
    responses = {
        "200": {
            "description": summary,
            "headers": _headers("ETag", "RateLimit", "RateLimit-Policy", *headers),
            "content": {"application/json": {"schema": schema}},
        },
        "304": {"$ref": "#/components/responses/NotModified"},
    }
    for kind in [*problems, "too-many-requests", "unavailable"]:
        status = str(KINDS[kind][0].value)
        responses[status] = {"$ref": f"#/components/responses/{_name(kind)}"}
    shared = [one for one in parameters if one.name in SHARED]
    own = [one for one in parameters if one.name not in SHARED]
    operation = {
        "operationId": name,
        "summary": summary,
        "parameters": [
            *map(_described, own),
            *({"$ref": f"#/components/parameters/{one.name}"} for one in shared),
        ],
        "responses": responses,
    }
    return {"get": operation}


def _described(parameter):
    is_list = parameter.schema.get("type") == "array"
    return {
        "name": parameter.name,
        "in": "query",
        "description": parameter.description,
        "schema": parameter.schema,
    } | ({"style": "form", "explode": False} if is_list else {})


def _headers(*names):
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _name(kind):
    return "".join(word.capitalize() for word in kind.split("-"))


def _problem(kind):
    _, title, explanation = KINDS[kind]
    described = f"{title}. {explanation}"
    found = {"description": described, "content": {MEDIA_TYPE: {"schema": ref("Problem")}}}
    if kind == "too-many-requests":
        found["headers"] = _headers("Retry-After", "RateLimit", "RateLimit-Policy")
    if kind == "unavailable":
        found["headers"] = _headers("Retry-After")
    return found


def _index_schema():
    kind = whole(
        "A kind of record.",
        kind={"enum": list(kinds())},
        title=TEXT,
        count=COUNT | {"description": "Records in its list as it comes without filters."},
        url=ADDRESS,
    )
    return whole(
        "What there is.",
        title=TEXT,
        licence=whole("The licence of the data.", name=TEXT, url=ADDRESS),
        revision=COUNT | {"description": "The number of the latest change of the record; 0: none."},
        documentation=ADDRESS,
        openapi=ADDRESS,
        kinds={"type": "array", "items": kind},
    )
