"""Files as they are read: what is understood, and what is refused in words."""

import io
import zipfile
from datetime import date, datetime, time

import pytest

from lunar.desk.exchange import tables
from lunar.desk.exchange.tables import FileError, read_table
from tests.lunar.desk.exchange.files import csv_file, xlsx_file

SHEET = (
    '<?xml version="1.0"?>{doctype}'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1" t="inlineStr"><is><t>slug</t></is></c></row>{rows}'
    "</sheetData></worksheet>"
)


def refusal(content):
    with pytest.raises(FileError) as refused:
        read_table(content)
    return str(refused.value)


def with_sheet(content):
    """Return an XLSX file whose sheet is this XML."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx_file(["slug"]))) as sound,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for part in sound.infolist():
            is_sheet = part.filename == "xl/worksheets/sheet1.xml"
            made.writestr(part.filename, content if is_sheet else sound.read(part))
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        csv_file(["slug", "name"], ["luna-1", "Luna 1"]),
        b"\xef\xbb\xbf" + csv_file(["slug", "name"], ["luna-1", "Luna 1"]),
        csv_file(["slug", "name"], ["luna-1", "Luna 1"], delimiter=";"),
        csv_file(["slug", "name"], ["luna-1", "Luna 1"], delimiter="\t"),
        csv_file(["slug", "name"], ["luna-1", "Luna 1"], lineterminator="\r"),
        csv_file([" Slug ", "NAME", ""], [], [" luna-1", "Luna 1 "])[:-2],
        xlsx_file(["slug", "name"], ["luna-1", "Luna 1"]),
    ],
)
def test_what_spreadsheets_write_is_understood(content):
    table = read_table(content)

    assert table.header[:2] == ["slug", "name"]
    assert [texts[:2] for _, texts in table.lines] == [["luna-1", "Luna 1"]]
    assert not table.problems


def test_rows_have_the_numbers_that_a_spreadsheet_shows():
    rows = [["slug"], ["a\nb"], [], ["c"]]

    assert [number for number, _ in read_table(csv_file(*rows)).lines] == [2, 4]
    assert [number for number, _ in read_table(xlsx_file(*rows)).lines] == [2, 4]


def test_typed_cells_become_what_one_would_write():
    cells = [
        (date(2020, 11, 23), "2020-11-23"),
        (datetime(2020, 11, 23), "2020-11-23"),
        (1978, "1978"),
        (5.0, "5"),
        (0.0000001, "0.0000001"),
        (-51.916, "-51.916"),
        (1e16, "10000000000000000"),
        (True, "true"),
        (None, ""),
    ]
    table = read_table(xlsx_file(["a", "b"], *([cell, "end"] for cell, _ in cells)))

    assert [texts[0] for _, texts in table.lines] == [text for _, text in cells]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("=1+1", "holds a formula. Put its value in its place."),
        ("#REF!", "holds the error #REF!."),
        (datetime(2020, 11, 23, 4, 30), "holds a time, 2020-11-23 04:30:00. Write a date,"),
        (time(4, 30), "holds a time, 04:30:00."),
    ],
)
def test_cells_without_a_value_of_their_own_are_told(cell, words):
    [problem] = read_table(xlsx_file(["a", "b"], ["x", "y"], ["x", cell])).problems

    assert problem[:2] == (3, "b")
    assert problem.words.startswith(words)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("\x07", "holds '\\x07', a character that cannot be shown."),
        ("\ufffe", "holds '\\ufffe', a character that cannot be shown."),
        ("x" * 100_000, "has 100,000 characters; a cell holds 32,767 at most."),
    ],
)
def test_cells_that_cannot_be_kept_are_told(cell, words):
    assert read_table(csv_file(["a", "b"], ["x", cell])).problems == [(2, "b", words)]


def test_a_value_without_a_column_is_told():
    [problem] = read_table(csv_file(["a", "b"], ["x", "y", "z"])).problems

    assert problem == (2, "", "has a value to the right of the last named column.")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty"),
        (b"\n\n,,\n", "The file is empty"),
        ("slug\nLuna é".encode("latin-1"), "Line 2 of the file is not UTF-8"),
        ("slug\nluna-1".encode("utf-16"), "The file is UTF-16"),
        (b"slug\nluna\0", "holds the character NUL"),
        (b'slug,name\n"luna', "is not CSV"),
        (b"slug,name,slug\n", "The column “slug” is there twice."),
        (b"\xd0\xcf\x11\xe0" + bytes(512), "an old or a locked Excel file"),
        (b"PK\x03\x04" + bytes(512), "is not XLSX, or is broken"),
        (xlsx_file(["slug"])[:2000], "is not XLSX, or is broken"),
        (with_sheet("<worksheet"), "is not XLSX, or is broken"),
        (b"%PDF-1.7\n\xe2\xe3\xcf\xd3", "is not UTF-8"),
        (b"\xed\xa0\x80", "is not UTF-8"),  # half of a character
    ],
)
def test_what_is_no_table_is_refused_in_words(content, words):
    assert words in refusal(content)


def test_an_archive_that_grows_is_refused_before_it_is_unpacked():
    bomb = with_sheet(" " * (tables.MAX_UNPACKED + 1))

    assert len(bomb) < tables.MAX_BYTES
    assert "unpacked, it has 32 MB" in refusal(bomb)


def test_xml_that_grows_is_refused():
    entities = '<!DOCTYPE x [<!ENTITY a "ha">]>'

    assert "is not XLSX" in refusal(with_sheet(SHEET.format(doctype=entities, rows="")))


def test_a_row_far_down_or_far_right_costs_nothing(monkeypatch):
    rows = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    monkeypatch.setattr(tables, "MAX_GAP", 1000)

    assert "has empty rows" in refusal(with_sheet(SHEET.format(doctype="", rows=rows)))


def test_limits_hold_exactly(monkeypatch):
    monkeypatch.setattr(tables, "MAX_ROWS", 3)
    monkeypatch.setattr(tables, "MAX_COLUMNS", 2)
    for make in (csv_file, xlsx_file):
        assert len(read_table(make(["a", "b"], *[["x", "y"]] * 3)).lines) == 3
        assert "more than 3 rows" in refusal(make(["a", "b"], *[["x", "y"]] * 4))
        assert "more than 2 columns" in refusal(make(["a", "b", "c"]))
    monkeypatch.setattr(tables, "MAX_CELLS", 4)
    assert len(read_table(csv_file(["a", "b"], *[["x", "y"]] * 2)).lines) == 2
    assert "more than 4 cells" in refusal(csv_file(["a", "b"], *[["x", "y"]] * 3))
    content = csv_file(["a"], ["x"])
    monkeypatch.setattr(tables, "MAX_BYTES", len(content))
    assert read_table(content).lines
    monkeypatch.setattr(tables, "MAX_BYTES", len(content) - 1)
    assert "is larger than" in refusal(content)


def test_only_the_first_sheet_is_read_and_that_is_told():
    table = read_table(xlsx_file(["slug"], ["luna-1"], sheets=3))

    assert table.lines == [(2, ["luna-1"])]
    assert table.notices == ["Of several sheets only the first, “Sheet”, was read."]
