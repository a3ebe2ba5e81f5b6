"""Uncertain dates: the value, its model and form fields, queries and HTML."""

from lunar.edtf.dates import EdtfDate, EdtfError, Precision
from lunar.edtf.fields import (
    EdtfBoundField,
    EdtfField,
    EdtfFormField,
    chronological,
    date_range_check,
    overlaps,
)
from lunar.edtf.html import time_element
from lunar.edtf.indexes import date_indexes

__all__ = [
    "EdtfBoundField",
    "EdtfDate",
    "EdtfError",
    "EdtfField",
    "EdtfFormField",
    "Precision",
    "chronological",
    "date_indexes",
    "date_range_check",
    "overlaps",
    "time_element",
]
