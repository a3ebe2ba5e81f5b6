"""The parameters of the API: which there are, what they may be, and reading those of its own.

What the document says of a parameter and what is accepted come from the same place: filters from
the filters of the page, the rest from here. An empty value is the same as none, as it is in the
addresses that forms make.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings

from lunar.api.problems import ProblemError
from lunar.filters import DEFAULT_PER_PAGE, ConditionFacet, DateFilter, FacetFilter
from lunar.text import MAX_QUERY_LENGTH, clean_text

# Parameters that are not those of the page's list, or more than those.
OWN = {"page", "per_page", "fields", "sources", "updated_since", "format"}

# No control characters but tab and line feed, and no noncharacters.
SHOWABLE = r"^[^\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufdd0-\ufdef\ufffe\uffff]*$"

SINCE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?Z)?", re.ASCII
)


@dataclass(frozen=True)
class Parameter:
    """A parameter of the query string, with its JSON Schema; `longest` counts characters."""

    name: str
    description: str
    schema: dict
    longest: int = MAX_QUERY_LENGTH


def _whole_number(name, description, most, default):
    number = {"type": "integer", "minimum": 1, "maximum": most}
    schema = {"anyOf": [number, {"const": ""}], "default": default}
    return Parameter(name, description, schema)


def _choice(name, description, values, **more):
    return Parameter(name, description, {"type": "string", "enum": [*values, ""], **more})


def _told_choice(name, label, words):
    """Return the Parameter of a choice, {value: words}; its description says what each means."""
    values = {value: text for value, text in words.items() if value}
    meaning = "; ".join(f"{value}: {text}" for value, text in values.items())
    return _choice(name, f"{label}. {meaning}.", values)


def _text(name, description, **more):
    schema = {"type": "string", "maxLength": MAX_QUERY_LENGTH, "pattern": SHOWABLE, **more}
    return Parameter(name, description, schema)


def record_parameters(names):
    """Return the Parameters of one record whose values have these `names`."""
    return [
        Parameter(
            "fields",
            "Only these values, joined by commas; type and id always come along.",
            {"type": "array", "items": {"enum": [*names, ""]}},
            longest=2000,
        ),
        _choice(
            "sources",
            "Of the source of each citation: its id, name and page (linked), or all of it "
            "(included).",
            ["linked", "included"],
            default="linked",
        ),
    ]


def list_parameters(kind, names):
    """Return the Parameters of the list of a kind whose records have values of these `names`.

    Its filters come first.
    """
    view = kind.list_view
    found = [_of_filter(name, one) for name, one in view.filterset_class.get_filters().items()]
    for name, one in view.filterset_class._meta.form.base_fields.items():
        if name == "sort":
            order = "What to sort by; with a minus the other way round. Rows without it come last."
            sorts = [value for value, _ in view.table_class.sorts()]
            found.append(_choice("sort", order, sorts, default=view.default_sort))
        elif name not in OWN:
            found.append(_told_choice(name, one.label, dict(one.choices)))
    most, pages = settings.API_MOST_PER_PAGE, settings.API_MOST_PAGES
    return [
        *found,
        _whole_number("page", "Which page of the list.", pages, 1),
        _whole_number("per_page", "Records on a page.", most, int(DEFAULT_PER_PAGE)),
        Parameter(
            "updated_since",
            "Only records changed on or after this day, or at or after this time (UTC); what was "
            "withdrawn or merged since is listed under gone, whatever the filters.",
            {
                "type": "string",
                "pattern": f"^({SINCE.pattern})?$",
                "examples": ["2026-11-01", "2026-11-01T12:30:00Z"],
            },
        ),
        *record_parameters(names),
    ]


def _of_filter(name, one):
    if isinstance(one, FacetFilter):
        facet = one.facet
        if isinstance(facet, ConditionFacet):
            words = {value: label for value, (label, _) in facet.conditions.items()}
            return _told_choice(name, facet.label, words)
        if facet.choices:
            return _told_choice(name, facet.label, dict(facet.choices.choices))
        what = "code" if facet.path.endswith(("code", "country", "language")) else "id"
        return _text(name, f"{facet.label}: its {what}. One that no row could have is refused.")
    if isinstance(one, DateFilter):
        what = "on or after" if one.is_start else "on or before"
        text = f"Rows whose date may lie {what} this one (EDTF)."
        return _text(name, text, examples=["1972", "1972-04-13"])
    return _text(name, "Words, all of which occur in the record.")


def check(asked, parameters):
    """Raise ProblemError if a name or value of `asked`, a QueryDict, is not of `parameters`.

    What takes more than a look at one value is left to the filters and to `read`.
    """
    known = {one.name: one for one in parameters}
    choices = {one.name: one.schema["enum"] for one in parameters if "enum" in one.schema}
    wrong = []
    for name, values in asked.lists():
        if name not in known:
            wrong.append((name, f"There is no such parameter. {_names(known)}"))
        elif len(values) > 1:
            wrong.append((name, "It is given more than once."))
        elif len(values[0]) > known[name].longest:
            wrong.append((name, "It is too long."))
        elif not _is_showable(values[0]):
            wrong.append((name, "It holds characters that no text holds."))
        elif name in choices and values[0] not in choices[name]:
            wrong.append((name, f"Write one of: {', '.join(filter(None, choices[name]))}."))
    if wrong:
        raise ProblemError.of_parameters(wrong[:20])


def _is_showable(text):
    # Pages drop such characters; a program that sends them has gone wrong, and is told so.
    fenced = f"|{text}|"  # for some of them count as white space, which may stand at the ends
    return clean_text(fenced, max_length=4 * len(fenced)) == unicodedata.normalize("NFC", fenced)


def _names(known):
    return f"Known are {', '.join(known)}." if known else "None is known here."


@dataclass(frozen=True)
class Wanted:
    """What is asked for beyond filters and order; `since` is an aware datetime or None."""

    page: int = 1
    per_page: int = int(DEFAULT_PER_PAGE)
    fields: tuple = ()
    with_sources: bool = False
    since: datetime | None = None


def read(asked, known_fields):
    """Return the Wanted of a QueryDict whose names are checked; raise ProblemError for bad values.

    `known_fields` are the names that records of this kind have.
    """
    readers = {
        "page": lambda text: {"page": _number(text, settings.API_MOST_PAGES)},
        "per_page": lambda text: {"per_page": _number(text, settings.API_MOST_PER_PAGE)},
        "fields": lambda text: {"fields": _fields(text, known_fields)},
        "sources": lambda text: {"with_sources": text == "included"},
        "updated_since": lambda text: {"since": _since(text)},
    }
    values, wrong = {}, []
    for name, reader in readers.items():
        try:
            values |= reader(asked[name]) if asked.get(name) else {}
        except ValueError as error:
            wrong.append((name, str(error)))
    if wrong:
        raise ProblemError.of_parameters(wrong)
    return Wanted(**values)


def _number(text, most):
    if not re.fullmatch(r"[0-9]{1,6}", text) or not 1 <= int(text) <= most:
        raise ValueError(f"Write a whole number from 1 to {most:,}.")
    return int(text)


def _fields(text, known):
    names = tuple(dict.fromkeys(filter(None, text.split(","))))
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ValueError(f"There is no {', '.join(unknown)[:100]}. Known are {', '.join(known)}.")
    return names


def _since(text):
    wrong = "Write a day, 2026-11-01, or a time in UTC, 2026-11-01T12:30:00Z."
    if not SINCE.fullmatch(text):
        raise ValueError(wrong)
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        raise ValueError(wrong) from None
