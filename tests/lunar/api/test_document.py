"""The OpenAPI document says what the API does, and the page about it what the document says."""

import re

import jsonschema
import pytest

from lunar.api.document import document
from lunar.api.kinds import kinds
from lunar.sources.models import Record
from tests.html import Page

pytestmark = pytest.mark.django_db

PATHS = ["/", "/openapi.json", *(f"/{name}/" for name in kinds())]


def strict(schema):
    """Return a JSON Schema by which an object has all members that it names, and no others."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: strict(one) for name, one in schema.items()}
    if "properties" in schema and schema.get("type") == "object":
        found |= {"additionalProperties": False, "required": list(schema["properties"])}
    return found


def errors(schema, data, is_strict=True):
    """Return where `data` are not what a schema of the document says."""
    components = {"schemas": document()["components"]["schemas"]}
    whole = {**schema, "components": components}
    if is_strict and "Problem" not in str(schema):
        whole = strict(whole)
    checker = jsonschema.Draft202012Validator(
        whole, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    return [f"{error.json_path}: {error.message[:200]}" for error in checker.iter_errors(data)]


def answer_of(path, status, kind="application/json"):
    """Return the schema that the document has for an answer."""
    answer = resolved(document()["paths"][path]["get"]["responses"][str(status)])
    return answer["content"][kind]["schema"]


def resolved(one):
    found = one
    if "$ref" in one:
        found = document()
        for name in one["$ref"].removeprefix("#/").split("/"):
            found = found[name]
    return found


def references(one):
    """Yield every object of the document with a $ref."""
    if isinstance(one, dict):
        if "$ref" in one:
            yield one
        for value in one.values():
            yield from references(value)
    elif isinstance(one, list):
        for value in one:
            yield from references(value)


def test_the_document_is_served_as_it_is(client):
    response = client.get("/api/v1/openapi.json")

    assert response["Content-Type"] == "application/json"
    assert response.json() == document()
    assert response.json()["openapi"].startswith("3.1.")


def test_every_reference_of_the_document_leads_somewhere():
    found = list(references(document()))

    assert len(found) > 100
    for one in found:
        assert resolved(one)


def test_every_schema_is_a_json_schema():
    for name, schema in document()["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["description"], name
    for path in document()["paths"].values():
        for parameter in map(resolved, path["get"]["parameters"]):
            jsonschema.Draft202012Validator.check_schema(parameter["schema"])


def test_operations_have_names_of_their_own():
    names = [path["get"]["operationId"] for path in document()["paths"].values()]

    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("query", ["", "?sources=included&per_page=500"])
@pytest.mark.parametrize("path", PATHS)
def test_answers_are_as_the_document_says(client, world, path, query):
    address = f"/api/v1{path}" + (query if path.strip("/") in kinds() else "")

    assert errors(answer_of(path, 200), client.get(address).json()) == []


@pytest.mark.parametrize("kind", list(kinds()))
def test_single_records_are_as_the_document_says(client, world, kind):
    records = client.get(f"/api/v1/{kind}/?per_page=500").json()["results"]

    assert records
    for record in records:
        found = client.get(f"/api/v1/{kind}/{record['id']}/").json()
        assert errors(answer_of(f"/{kind}/{{id}}/", 200), found) == []


def test_records_without_some_values_are_as_the_document_says(client, world):
    found = client.get("/api/v1/missions/?fields=name,landings").json()

    assert errors(answer_of("/missions/", 200), found, is_strict=False) == []


def test_what_is_gone_is_as_the_document_says(client, world):
    found = [
        client.get(f"/api/v1/{name}/?updated_since=2020-01-01").json()
        for name, kind in kinds().items()
        if issubclass(kind.model, Record)
    ]

    assert sum(len(one["gone"]) for one in found) >= 10
    for name, one in zip(
        [n for n, k in kinds().items() if issubclass(k.model, Record)], found, strict=True
    ):
        assert errors(answer_of(f"/{name}/", 200), one) == []


@pytest.mark.parametrize(
    ("path", "asked", "status"),
    [
        ("/missions/", "missions/?page=x", 400),
        ("/missions/", "missions/?page=99", 404),
        ("/missions/{id}/", "missions/nothing/", 404),
        ("/missions/{id}/", "missions/set-aside/", 410),
        ("/", "?x=1", 400),
    ],
)
def test_problems_are_as_the_document_says(client, world, path, asked, status):
    response = client.get(f"/api/v1/{asked}")

    assert response.status_code == status
    schema = answer_of(path, status, "application/problem+json")
    assert errors(schema, response.json()) == []


def test_the_checks_find_what_is_not_as_the_document_says(client, world):
    schema, found = answer_of("/missions/", 200), client.get("/api/v1/missions/").json()
    record = found["results"][0]
    for spoilt in ({"launch": 1969}, {"colour": "red"}, {"outcome": "glorious"}, {"name": None}):
        assert errors(schema, found | {"results": [record | spoilt]}) != []


@pytest.mark.parametrize("kind", list(kinds()))
def test_every_value_that_a_parameter_may_have_is_accepted(client, world, kind):
    for parameter in map(resolved, document()["paths"][f"/{kind}/"]["get"]["parameters"]):
        schema = parameter["schema"]
        values = [*schema.get("enum", []), *schema.get("examples", [])]
        values += [",".join(schema["items"]["enum"])] if "items" in schema else []
        if parameter["name"] in {"page", "per_page"}:
            number = schema["anyOf"][0]
            values = [number["minimum"], ""] + [number["maximum"]] * (parameter["name"] != "page")
        for value in values:
            response = client.get(f"/api/v1/{kind}/", {parameter["name"]: value})
            assert response.status_code == 200, (parameter["name"], value, response.content)


def test_times_may_be_written_as_the_document_says():
    parameter = document()["components"]["parameters"]["updated_since"]

    assert all(
        re.fullmatch(parameter["schema"]["pattern"], one) for one in parameter["schema"]["examples"]
    )
    assert not re.fullmatch(parameter["schema"]["pattern"], "2026-11-01 12:00")


def test_the_page_about_the_api_is_sound_and_names_all_there_is(client, world):
    page = Page(client.get("/api/v1/docs/"))

    assert (page.status, page.problems) == (200, [])
    for name in kinds():
        assert f"http://testserver/api/v1/{name}/" in page.text
    for name in (*document()["components"]["parameters"], *document()["components"]["schemas"]):
        assert name in page.text
    assert "/api/v1/openapi.json" in page.links


def test_every_page_leads_to_the_page_about_the_api(client):
    assert "/api/v1/docs/" in Page(client.get("/about/")).links
