"""The OpenAPI document arranged for people to read."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings

from lunar.api.problems import KINDS


@dataclass(frozen=True)
class Value:
    """A parameter or a member of an answer: its name, what it may be, what it means."""

    name: str
    form: str
    meaning: str


@dataclass(frozen=True)
class Section:
    """One kind of record: its addresses, the filters of its list and the values of a record."""

    name: str
    title: str
    schema: str
    list_path: str
    record_path: str
    filters: list
    values: list


class Documentation:
    """`start` is the whole address of the API."""

    def __init__(self, document, start):
        self._document, self.start = document, start
        self.problems = [(name, status.value, text) for name, (status, _, text) in KINDS.items()]
        self.version = document["info"]["version"]
        self.rate, self.seconds = settings.API_RATE_LIMIT, settings.API_RATE_SECONDS
        self.most_per_page, self.most_pages = settings.API_MOST_PER_PAGE, settings.API_MOST_PAGES
        self.max_age = settings.API_MAX_AGE

    @cached_property
    def shared(self):
        """The parameters that all lists have, as Values."""
        [path, *_] = (path for path in self._document["paths"] if path.endswith("/{id}/"))
        listed = self._document["paths"][path]["get"]["parameters"]
        [fields] = (one for one in listed if one.get("name") == "fields")
        return [
            *map(self._parameter, self._components("parameters").values()),
            Value("fields", "names of values", fields["description"]),
        ]

    @cached_property
    def sections(self):
        paths = self._document["paths"]
        records = [path for path in paths if path.endswith("/{id}/")]
        return [self._section(path.removesuffix("{id}/"), path) for path in records]

    @cached_property
    def parts(self):
        """(name, what it is, its Values) of everything of which the records consist."""
        shown = {section.schema for section in self.sections}
        return [
            (name, schema.get("description", ""), self._members(schema))
            for name, schema in self._components("schemas").items()
            if name not in shown
        ]

    def _components(self, kind):
        return self._document["components"][kind]

    def _section(self, list_path, record_path):
        listed = self._document["paths"][list_path]["get"]
        schema_name = self._schema_name(record_path)
        own = [one for one in listed["parameters"] if one.get("name") not in {None, "fields"}]
        return Section(
            list_path.strip("/"),
            listed["summary"].removeprefix("List of ").capitalize(),
            schema_name,
            list_path.lstrip("/"),
            record_path.lstrip("/"),
            [self._parameter(one) for one in own],
            self._members(self._components("schemas")[schema_name]),
        )

    def _schema_name(self, record_path):
        answer = self._document["paths"][record_path]["get"]["responses"]["200"]
        return _target(answer["content"]["application/json"]["schema"])

    def _parameter(self, parameter):
        schema = parameter["schema"]
        text = form(schema)
        if schema.get("default"):
            text += f"; without it {schema['default']}"
        if schema.get("examples"):
            text += f", such as {' or '.join(schema['examples'])}"
        return Value(parameter["name"], text, parameter["description"])

    def _members(self, schema):
        return [
            Value(name, form(one), one.get("description", ""))
            for name, one in schema.get("properties", {}).items()
        ]


def form(schema):
    """Return in words what a value with this JSON Schema may be."""
    if "$ref" in schema:
        return _target(schema)
    if "anyOf" in schema:
        forms = [form(one) for one in schema["anyOf"] if one != {"const": ""}]
        return " or ".join(forms)
    if "const" in schema:
        return _literal(schema["const"])
    if "enum" in schema:
        return "one of: " + ", ".join(str(value) for value in schema["enum"] if value != "")
    if schema.get("type") == "array":
        return f"list of {form(schema['items'])}"
    kinds = schema.get("type", "anything")
    words = " or ".join(kinds if isinstance(kinds, list) else [kinds])
    if "maximum" in schema:
        words += f" from {schema['minimum']} to {schema['maximum']}"
    if schema.get("format"):
        words += f" ({schema['format']})"
    return words


def _literal(value):
    return "true" if value is True else str(value)


def _target(schema):
    return schema["$ref"].rpartition("/")[2]
