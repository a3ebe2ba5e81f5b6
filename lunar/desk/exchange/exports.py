"""Rows of the record as files: CSV and XLSX."""

import csv
import io
from decimal import Decimal

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from lunar.canonical.shapes import shapes
from lunar.data.cells import CELL_LENGTH, neutralise
from lunar.desk.exchange.cells import cell_of, is_number
from lunar.desk.exchange.lookup import with_keys

MAX_ROWS = 20_000
EXACT_DIGITS = 15  # of a number in a spreadsheet
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class ExportError(Exception):
    """These rows cannot be a file; the message says why."""


def export(queryset, file_format):
    """Return a download of the rows of a canonical model; `file_format` is “csv” or “xlsx”.

    Raises ExportError.
    """
    shape = shapes()[queryset.model]
    rows = list(with_keys(queryset)[: MAX_ROWS + 1])
    if len(rows) > MAX_ROWS:
        raise ExportError(
            f"These are more than {MAX_ROWS:,} rows, too many for one file: narrow the list first."
        )
    fields = shape.fields.values()
    lines = ([cell_of(row, field) for field in fields] for row in rows)
    content = {"csv": _csv, "xlsx": _xlsx}[file_format](shape, lines)
    name = f"{shape.name}.{file_format}"
    return HttpResponse(
        content,
        content_type=TYPES[file_format],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _csv(shape, lines):
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(shape.fields)
    numbers = [is_number(field) for field in shape.fields.values()]
    for line in lines:
        writer.writerow(
            cell if number else neutralise(cell) for number, cell in zip(numbers, line, strict=True)
        )
    return file.getvalue().encode("utf-8-sig")  # without the mark Excel takes it for Latin 1


def _xlsx(shape, lines):
    book = Workbook(write_only=True)
    sheet = book.create_sheet(shape.name)
    sheet.freeze_panes = "A2"
    rows = [list(shape.fields)]  # all of them before the first goes in: one may be refused
    for line in lines:
        cells = zip(shape.fields.values(), line, strict=True)
        rows.append([_xlsx_cell(sheet, field, text) for field, text in cells])
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _xlsx_cell(sheet, field, text):
    """Return a number, or a text in a cell that takes whatever is typed into it as text."""
    if text and is_number(field) and len(Decimal(text).as_tuple().digits) <= EXACT_DIGITS:
        return Decimal(text)
    if len(text) >= CELL_LENGTH:  # one more character may be the apostrophe
        raise ExportError(
            f"A text in “{field.name}” is longer than a cell of a spreadsheet holds. "
            "Choose CSV instead."
        )
    cell = WriteOnlyCell(sheet, neutralise(text) or None)
    cell.number_format = "@"
    return cell
