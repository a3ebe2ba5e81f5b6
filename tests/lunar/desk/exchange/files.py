"""Files as editors upload them."""

import csv
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from lunar.desk.exchange.exports import export


def csv_file(*rows, **options):
    """Return the bytes of a CSV file with these rows, the first being the header."""
    file = io.StringIO()
    csv.writer(file, **options).writerows(rows)
    return file.getvalue().encode()


def xlsx_file(*rows, sheets=1):
    """Return the bytes of an XLSX file with these rows of typed cells in its first sheet."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for number in range(1, sheets):
        book.create_sheet(f"More {number}").append(["slug"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def exported(queryset, file_format):
    return export(queryset, file_format).content


def csv_rows(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def xlsx_rows(content):
    [header, *rows] = load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def page_of(model, page):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}")


def upload(client, model, content, name="rows.csv"):
    return client.post(
        page_of(model, "import"), {"file": SimpleUploadedFile(name, content)}, follow=True
    )
