"""Tables as they come in files: what is read of CSV and XLSX, and how much of it at most."""

import csv
import io
import warnings
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice, zip_longest
from typing import NamedTuple

from openpyxl import load_workbook

from lunar.data.cells import CELL_LENGTH, UNSHOWABLE, restore

MAX_BYTES = 3 * 1024 * 1024
MAX_UNPACKED = 32 * 1024 * 1024  # bytes of an XLSX file, which is a zip archive, when unpacked
MAX_PARTS = 200  # files in that archive
MAX_ROWS = 5_000
MAX_COLUMNS = 60
MAX_CELLS = 150_000
MAX_GAP = 5_000  # empty rows one after the other
ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = ",;\t"


class FileError(Exception):
    """The file as a whole cannot be read; the message says why and what helps."""


class Problem(NamedTuple):
    """What is wrong in one row of the file, in one column or "" for all of the row."""

    line: int
    column: str
    words: str


@dataclass
class Table:
    """The cells of a file as text, under the names of their columns.

    `lines` are pairs of a row's number in the file, where the header is row 1, and its cells.
    """

    header: list[str]
    lines: list[tuple[int, list[str]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def read_table(content):
    """Return the Table in the bytes of a CSV or XLSX file; raise FileError if there is none."""
    if len(content) > MAX_BYTES:
        raise FileError(f"The file is larger than {MAX_BYTES // 1024**2} MB. Split it.")
    if content.startswith(ZIP):
        return _read_xlsx(content)
    if content.startswith(OLD_EXCEL):
        raise FileError("This is an old or a locked Excel file. Save it as XLSX or as CSV.")
    return _make_table(enumerate(_csv_rows(content), start=1))


def _csv_rows(content):
    """Yield the rows of a CSV file as lists of texts."""
    if content.startswith(UTF_16):
        raise FileError("The file is UTF-16. Save it as “CSV UTF-8”, or as XLSX.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FileError(
            f"Line {line} of the file is not UTF-8. Save it as “CSV UTF-8”, or as XLSX."
        ) from error
    if "\0" in text:
        raise FileError("The file is neither CSV nor XLSX: it holds the character NUL.")
    try:
        yield from _reader(text, _delimiter(text))
    except csv.Error as error:
        raise FileError(f"The file is not CSV: {error}.") from error


def _reader(text, delimiter):
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _delimiter(text):
    """Return what separates the cells: Excel writes semicolons where commas are in numbers."""

    def columns(delimiter):
        return max((len(row) for row in islice(_reader(text, delimiter), 3)), default=0)

    return max(DELIMITERS, key=columns)


def _read_xlsx(content):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
        if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED:
            raise FileError(
                "The XLSX file is larger than it seems: unpacked, it has "
                f"{unpacked // 1024**2} MB in {len(parts)} parts. Save its rows as CSV."
            )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl leaves out: charts, validation…
            return _first_sheet(io.BytesIO(content))
    except FileError:
        raise
    except Exception as error:  # a broken file may break openpyxl anywhere
        raise FileError("The file is not XLSX, or is broken. Save it again, or as CSV.") from error


def _first_sheet(file):
    book = load_workbook(file, read_only=True, keep_links=False)
    try:
        if not book.worksheets:
            raise FileError("The XLSX file has no sheet with cells.")
        sheet, *others = book.worksheets
        rows = sheet.iter_rows(max_col=MAX_COLUMNS + 1)
        table = _make_table(
            (n, [_xlsx_text(cell) for cell in row]) for n, row in enumerate(rows, 1)
        )
        if others:
            table.notices.append(f"Of several sheets only the first, “{sheet.title}”, was read.")
        return table
    finally:
        book.close()


def _xlsx_text(cell):
    """Return a cell of a spreadsheet as text, or as a ValueError that says why it has none."""
    value = cell.value
    if cell.data_type == "f":
        return ValueError("holds a formula. Put its value in its place.")
    if cell.data_type == "e":
        return ValueError(f"holds the error {value}.")
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (int, float)):
        return format(Decimal(repr(value)).normalize(), "f")
    if isinstance(value, str):
        return value
    return ValueError(f"holds a time, {value}. Write a date, or put the cell's format to “Text”.")


def _make_table(rows):
    """Return the Table of numbered rows of texts, the first that is not empty being the header."""
    rows = _filled(rows)
    _, cells = next(rows, (0, []))
    if not cells:
        raise FileError("The file is empty: its first row must name the columns.")
    if _width(cells) > MAX_COLUMNS:
        raise FileError(f"The file has more than {MAX_COLUMNS} columns.")
    table = Table([_name(cell) for cell in cells[: _width(cells)]])
    twice = sorted({name for name in table.header if name and table.header.count(name) > 1})
    if twice:
        raise FileError(f"The column “{twice[0]}” is there twice.")
    for number, row in rows:
        if len(table.lines) == MAX_ROWS:
            raise FileError(f"The file has more than {MAX_ROWS:,} rows. Split it.")
        if len(table.lines) * len(table.header) >= MAX_CELLS:
            raise FileError(f"The file has more than {MAX_CELLS:,} cells. Split it.")
        table.lines.append((number, _texts(table, number, row)))
    return table


def _filled(rows):
    """Yield the rows that have any value."""
    last = 0
    for number, row in rows:
        if _width(row):
            last = number
            yield number, row
        elif number - last > MAX_GAP:
            raise FileError(f"The file has empty rows, more than {MAX_GAP:,} of them. Delete them.")


def _width(row):
    """Return the number of cells up to the last that is not empty."""
    return next((n for n in range(len(row), 0, -1) if row[n - 1] != ""), 0)


def _name(cell):
    """Return the name of a column; one that cannot be read is as good as unknown."""
    return "" if isinstance(cell, ValueError) else UNSHOWABLE.sub("", cell).strip().lower()[:100]


def _texts(table, number, row):
    """Return the cells of one row as texts, noting what is wrong with them."""
    if _width(row) > len(table.header):
        table.problems.append(
            Problem(number, "", "has a value to the right of the last named column.")
        )
    texts = []
    for name, cell in zip_longest(table.header, row[: len(table.header)], fillvalue=""):
        text, words = "", ""
        if isinstance(cell, ValueError):
            words = str(cell)
        elif len(cell) > CELL_LENGTH:
            words = f"has {len(cell):,} characters; a cell holds {CELL_LENGTH:,} at most."
        elif UNSHOWABLE.search(cell):
            found = ascii(UNSHOWABLE.search(cell)[0])
            words = f"holds {found}, a character that cannot be shown."
        else:
            text = restore(cell.replace("\r\n", "\n").replace("\r", "\n")).strip()
        if words:
            table.problems.append(Problem(number, name, words))
        texts.append(text)
    return texts
