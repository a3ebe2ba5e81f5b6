"""What tests read of downloads."""

import csv
import io
import json

from django.test import Client
from openpyxl import load_workbook

from lunar.canonical.shapes import shapes
from tests.test_pages import LISTS as PAGES

BOM = "\ufeff"
LISTS = [path for path in PAGES if path != "/changes/"]  # a log, with feeds instead


def csv_rows(response):
    """Return the rows of a CSV download as dictionaries; it must begin with the mark."""
    text = response.getvalue().decode()
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline=""), strict=True))


def json_data(response):
    return json.loads(response.getvalue())


def xlsx_rows(response):
    """Return the rows of the first sheet of a spreadsheet as dictionaries of typed values."""
    [header, *rows] = sheet(response.getvalue(), "rows")
    return [dict(zip(header, row, strict=True)) for row in rows]


def sheet(content, name):
    """Return the rows of one sheet of a spreadsheet."""
    book = load_workbook(io.BytesIO(content))
    return list(book[name].iter_rows(values_only=True))


def rows_of_csv(path, asked):
    return csv_rows(file_of(path, "csv", asked))


def rows_of_json(path, asked):
    return json_data(file_of(path, "json", asked))["records"]


def rows_of_xlsx(path, asked):
    return xlsx_rows(file_of(path, "xlsx", asked))


def rows_of_api(path, asked):
    """Return the rows that the API gives for a list, or its file where the API has none."""
    kind = path.strip("/").rpartition("/")[2]
    address = f"/api/v1/{kind}/"
    if kind not in {shape.name for shape in shapes().values()}:
        return rows_of_json(path, asked)
    found, page = [], 1
    while page:
        answer = Client().get(address, asked | {"per_page": "25", "page": str(page)})
        data = json_data(answer)
        found += data["results"]
        page = page + 1 if data["next"] else None
    return found


FORMATS = ("csv", "json", "xlsx")
# Whatever gives the rows of a list to a machine: {name: function of path and parameters}.
READERS = {"csv": rows_of_csv, "json": rows_of_json, "xlsx": rows_of_xlsx, "api": rows_of_api}


def ids(name, path, asked):
    return [row["id"] for row in READERS[name](path, asked)]


def file_of(path, file_format, asked=None):
    return Client().get(path, (asked or {}) | {"format": file_format})
