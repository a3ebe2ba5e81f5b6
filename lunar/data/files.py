"""How files are written: CSV, JSON and XLSX, never whole in memory."""

import csv
import hashlib
import json
import tempfile
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from lunar.data.cells import CELL_LENGTH

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
BOM = "\ufeff"  # without it, Excel takes a CSV file for Latin 1
CUT = " … [cut: whole in CSV and JSON]"
AS_TEXT = "@"


def csv_line(cells):
    """Return cells (texts and numbers) as one line of a CSV file, after RFC 4180."""
    [line] = csv_lines([cells])
    return line


def csv_lines(rows):
    """Yield each row of cells (texts and numbers) as a line of a CSV file, after RFC 4180."""
    line = csv.writer(_Line())
    for cells in rows:
        yield line.writerow([_digits(c) if isinstance(c, float) else c for c in cells])


class _Line:
    """Hands back what is written to it."""

    def write(self, text):
        return text


def _digits(number):
    """Return a number without an exponent: 0.0000001, never 1e-07."""
    return format(Decimal(repr(number)), "f")


def digest(path):
    """Return the SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of_text(text):
    return hashlib.sha256(text.encode()).hexdigest()


def json_text(data):
    return json.dumps(data, ensure_ascii=False, allow_nan=False)


def json_pieces(metadata, records, after=dict):
    """Yield the text of {…metadata, "records": […], …after()}, a record on each line.

    `after` is called when all records are written, and gives lists or what is read as one.
    """
    yield json_text(metadata)[:-1] + ', "records": ['
    comma = "\n"
    for record in records:
        yield comma + json_text(record)
        comma = ",\n"
    yield "\n]"
    for name, value in after().items():
        yield f", {json_text(name)}: ["
        comma = ""
        for one in value:
            yield comma + json_text(one)
            comma = ", "
        yield "]"
    yield "}\n"


def blocks(pieces, size=1 << 16):
    """Yield pieces of text together, at least `size` characters at once: each costs a server."""
    waiting, length = [], 0
    for piece in pieces:
        waiting.append(piece)
        length += len(piece)
        if length >= size:
            yield "".join(waiting)
            waiting, length = [], 0
    yield "".join(waiting)


def xlsx_file(sheets):
    """Return an open temporary file with a spreadsheet of {name: rows of texts and numbers}."""
    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for row in rows:
            sheet.append([_xlsx_cell(sheet, value) for value in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    book.save(file)
    file.seek(0)
    return file


def _xlsx_cell(sheet, value):
    """Return a number as it is, and a text in a cell that takes whatever is typed for text."""
    if not isinstance(value, str):
        return value
    if len(value) > CELL_LENGTH:
        value = value[: CELL_LENGTH - len(CUT)] + CUT
    cell = WriteOnlyCell(sheet, value or None)
    cell.number_format = AS_TEXT
    return cell
