"""Machine twins of pages: their addresses (`?format=csv`), their answers, and what is wrong."""

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from itertools import chain

from django.http import FileResponse, HttpResponse, StreamingHttpResponse

from lunar.data.about import LICENCE, citation, current_stamp
from lunar.data.files import BOM, TYPES, blocks, csv_lines, json_pieces, json_text, xlsx_file
from lunar.data.tables import cells

NAMES = {file_format: file_format.upper() for file_format in TYPES}


@dataclass(frozen=True)
class Twin:
    """A link to a page as a file."""

    name: str
    type: str
    url: str


def twins(query=""):
    """Return the Twins of the page whose own query string is `query` ("?type=orbiter")."""
    base = f"{query}&" if query.strip("?") else "?"
    return [Twin(NAMES[f], TYPES[f].partition(";")[0], f"{base}format={f}") for f in TYPES]


def metadata(title, page, **more):
    """Return what a file says of itself before its rows."""
    stamp = current_stamp()
    return {
        "title": title,
        "page": page,
        **more,
        "generated": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "revision": stamp.revision,
        "licence": LICENCE,
        "cite": citation(stamp),
    }


def answer(file_format, name, *, about, columns, rows, documents, after=dict):
    """Return a download in one of the formats.

    `rows` have the value of each column for CSV and XLSX, `documents` the records for JSON; both
    may be generators, of which only the one that is needed is read. `after` gives what JSON ends
    with.
    """
    day = about["generated"][:10]
    if file_format == "xlsx":
        lines = chain([[column.name for column in columns]], map(cells, rows))
        sheets = {"rows": lines, "about": _about_lines(about, columns)}
        response = FileResponse(xlsx_file(sheets), content_type=TYPES["xlsx"])
    else:
        pieces = (
            json_pieces(about, documents, after)
            if file_format == "json"
            else _csv_lines(columns, rows)
        )
        response = StreamingHttpResponse(blocks(pieces), content_type=TYPES[file_format])
    response["Content-Disposition"] = f'attachment; filename="{name}-{day}.{file_format}"'
    response["X-Robots-Tag"] = "noindex"
    return response


def _csv_lines(columns, rows):
    yield BOM
    yield from csv_lines(chain([[column.name for column in columns]], map(cells, rows)))


def _about_lines(about, columns):
    """Yield the rows of the sheet that explains a spreadsheet."""
    yield ["about", "value"]
    for name, value in about.items():
        if name == "licence":
            value = f"{value['title']} ({value['name']}), {value['path']}"
        elif isinstance(value, dict):
            value = "; ".join(f"{label}: {chosen}" for label, chosen in value.items())
        yield [name, value]
    yield []
    yield ["column", "meaning"]
    for column in columns:
        yield [column.name, column.description]


def problem(file_format, status, wrong):
    """Return what is wrong, [(parameter or "", words)], as problem details (RFC 9457) or text."""
    title = HTTPStatus(status).phrase
    lines = [f"{parameter}: {words}" if parameter else words for parameter, words in wrong]
    if file_format != "json":
        text = "\n".join([f"{status} {title}", *lines, ""])
        return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    details = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": " ".join(lines),
        "errors": [{"parameter": parameter, "message": words} for parameter, words in wrong],
    }
    return HttpResponse(json_text(details), status=status, content_type="application/problem+json")
