import copy
import pickle
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lunar.edtf import EdtfDate, EdtfError, Precision
from lunar.edtf.dates import ACCEPTED_FORMS

from .strategies import edtf_texts, points


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "precision", "words", "attribute"),
    [
        ("2004", "2004-01-01", "2004-12-31", "year", "2004", "2004"),
        ("0800", "0800-01-01", "0800-12-31", "year", "0800", "0800"),
        ("1978-05", "1978-05-01", "1978-05-31", "month", "May 1978", "1978-05"),
        ("2024-02", "2024-02-01", "2024-02-29", "month", "February 2024", "2024-02"),
        ("1900-02", "1900-02-01", "1900-02-28", "month", "February 1900", "1900-02"),
        ("1978-05-22", "1978-05-22", "1978-05-22", "day", "22 May 1978", "1978-05-22"),
        ("1978-05-02", "1978-05-02", "1978-05-02", "day", "2 May 1978", "1978-05-02"),
        ("9999-12-31", "9999-12-31", "9999-12-31", "day", "31 December 9999", "9999-12-31"),
        ("197X", "1970-01-01", "1979-12-31", "decade", "the 1970s", ""),
        ("200X", "2000-01-01", "2009-12-31", "decade", "the years 2000–2009", ""),
        ("19XX", "1900-01-01", "1999-12-31", "century", "the years 1900–1999", ""),
        ("2024-21", "2024-03-01", "2024-05-31", "season", "spring 2024", ""),
        ("2024-22", "2024-06-01", "2024-08-31", "season", "summer 2024", ""),
        ("2024-23", "2024-09-01", "2024-11-30", "season", "autumn 2024", ""),
        ("2024-24", "2024-12-01", "2025-02-28", "season", "winter 2024–25", ""),
        ("1999-24", "1999-12-01", "2000-02-29", "season", "winter 1999–2000", ""),
        ("1970~", "1970-01-01", "1970-12-31", "year", "about 1970", ""),
        ("1971?", "1971-01-01", "1971-12-31", "year", "1971 (uncertain)", ""),
        ("1971%", "1971-01-01", "1971-12-31", "year", "about 1971 (uncertain)", ""),
        ("197X~", "1970-01-01", "1979-12-31", "decade", "about the 1970s", ""),
        ("2024-11?", "2024-11-01", "2024-11-30", "month", "November 2024 (uncertain)", ""),
    ],
)
def test_dates(text, earliest, latest, precision, words, attribute):
    when = EdtfDate.parse(text)

    assert when == text
    assert when.earliest == date.fromisoformat(earliest)
    assert when.latest == date.fromisoformat(latest)
    assert when.precision == precision
    assert when.in_words == words
    assert when.datetime_attribute == attribute
    assert not when.is_interval


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "words"),
    [
        ("1969/1970", "1969-01-01", "1970-12-31", "between 1969 and 1970"),
        ("1969~/1970?", "1969-01-01", "1970-12-31", "between about 1969 and 1970 (uncertain)"),
        ("1969/1969", "1969-01-01", "1969-12-31", "1969"),
        (
            "2024-11/2025-02-10",
            "2024-11-01",
            "2025-02-10",
            "between November 2024 and 10 February 2025",
        ),
        ("2023-04-05/2023-04-08", "2023-04-05", "2023-04-08", "between 5 and 8 April 2023"),
        ("2023-04-05/2023-06-08", "2023-04-05", "2023-06-08", "between 5 April and 8 June 2023"),
        (
            "2023-04-05/2024-04-05",
            "2023-04-05",
            "2024-04-05",
            "between 5 April 2023 and 5 April 2024",
        ),
        ("2023-04/2023-06", "2023-04-01", "2023-06-30", "between April and June 2023"),
        ("2023-04/2023-04-08", "2023-04-01", "2023-04-08", "between April and 8 April 2023"),
        ("2023-04-05/2023-04", "2023-04-05", "2023-04-30", "between 5 April and April 2023"),
        (
            "2023-04?/2023-06",
            "2023-04-01",
            "2023-06-30",
            "between April 2023 (uncertain) and June 2023",
        ),
        (
            "2023-04/2023-06?",
            "2023-04-01",
            "2023-06-30",
            "between April 2023 and June 2023 (uncertain)",
        ),
        ("2023/2023-06", "2023-01-01", "2023-06-30", "between 2023 and June 2023"),
        ("1970~/1970-05~", "1970-01-01", "1970-05-31", "between about 1970 and about May 1970"),
        ("2024-21/2024-23", "2024-03-01", "2024-11-30", "between spring and autumn 2024"),
        (
            "2024-21/2024-24",
            "2024-03-01",
            "2025-02-28",
            "between spring 2024 and winter 2024–25",
        ),
        ("197X/198X", "1970-01-01", "1989-12-31", "between the 1970s and the 1980s"),
        ("../2025-04-29", None, "2025-04-29", "on or before 29 April 2025"),
        ("../1975", None, "1975-12-31", "in or before 1975"),
        ("../1975-05~", None, "1975-05-31", "in or before about May 1975"),
        ("2025-04-29/..", "2025-04-29", None, "on or after 29 April 2025"),
        ("2024-23/..", "2024-09-01", None, "in or after autumn 2024"),
    ],
)
def test_intervals(text, earliest, latest, words):
    when = EdtfDate.parse(text)

    assert when.earliest == (earliest and date.fromisoformat(earliest))
    assert when.latest == (latest and date.fromisoformat(latest))
    assert when.in_words == words
    assert when.precision is Precision.INTERVAL
    assert when.is_interval
    assert when.datetime_attribute == ""


@pytest.mark.parametrize(
    ("text", "approximate", "uncertain"),
    [
        ("1970", False, False),
        ("1970~", True, False),
        ("1970?", False, True),
        ("1970%", True, True),
        ("1970/1971~", True, False),
        ("1970?/..", False, True),
    ],
)
def test_qualifiers(text, approximate, uncertain):
    when = EdtfDate.parse(text)

    assert (when.is_approximate, when.is_uncertain) == (approximate, uncertain)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "..",
        "/",
        "/1970",
        "1970/",
        "../..",
        "1970/..~",
        "1970//1971",
        "1969/1970/1971",
        "1971/1970",
        "1970-05-02/1970-05-01",
        "1970-05/1970-04-30",
        "0000",
        "0000-01",
        "000X",
        "00XX",
        "197",
        "19700",
        "-1970",
        "1XXX",
        "XXXX",
        "19X0",
        "197x",
        "197X-05",
        "19XX-21",
        "1970-5",
        "1970-00",
        "1970-13",
        "1970-20",
        "1970-25",
        "1970-XX",
        "1970-21-01",
        "1970-05-00",
        "1970-05-32",
        "2023-02-29",
        "2023-02-30",
        "1900-02-29",
        "9999-24",
        "~1970",
        "1970~?",
        "1970?-05",
        "1970-05-22T10:00",
        "1970-05-22T10:00:00Z",
        "10:00",
        "1969 / 1970",
        "1970 ~",
        "1970-05-22\n1970",
        "１９７０",
        "١٩٧٠",
        "1970–1971",
        "1970-05-22~/1970-05-23~" + " " * 20 + "x",
        "1" * 41,
        "yesterday",
        "100%",
    ],
)
def test_refuses_everything_else_and_shows_the_accepted_forms(text):
    with pytest.raises(EdtfError) as refusal:
        EdtfDate.parse(text)

    assert ACCEPTED_FORMS in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2023-02-30", "February 2023 has days 01 to 28."),
        ("1970-13", "there is no month 13"),
        ("1971/1970", "the interval ends before it begins."),
        ("1970/", "an interval needs a date, or two dots, on each side"),
        ("../..", "an interval needs a date on at least one side"),
        ("0000", "years begin with 0001."),
        ("197X-05", "a decade or century has no month."),
        ("9" * 1000, "it has more than 40 characters."),
    ],
)
def test_says_what_is_wrong(text, reason):
    with pytest.raises(EdtfError) as refusal:
        EdtfDate.parse(text)

    assert reason in str(refusal.value)
    assert len(str(refusal.value)) < 400


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("22/05/1978", "1978-05-22"),
        ("05/22/1978", "1978-05-22"),
        ("22.5.1978", "1978-05-22"),
        ("05/05/1978", "1978-05-05"),
        ("22 May 1978", "1978-05-22"),
        ("22nd of May 1978", "1978-05-22"),
        ("May 22, 1978", "1978-05-22"),
        ("May 1978", "1978-05"),
        ("sept 1978", "1978-09"),
        ("Sep. 1978", "1978-09"),
        ("1978-5-2", "1978-05-02"),
        ("1978/05/22", "1978-05-22"),
        ("1978/05", "1978-05"),
        ("19780522", "1978-05-22"),
        ("1978-05-22T10:00:00Z", "1978-05-22"),
        ("1978-05-22 10:00", "1978-05-22"),
        ("1970s", "197X"),
        ("the 1970s", "197X"),
        ("197x", "197X"),
        ("c. 1970", "1970~"),
        ("about 1970", "1970~"),
        ("~1970", "1970~"),
        ("autumn 2024", "2024-23"),
        ("Fall 2024", "2024-23"),
        ("1969–1970", "1969/1970"),
        ("1969-1970", "1969/1970"),
        ("1969 to 1970", "1969/1970"),
        ("1969 / 1970", "1969/1970"),
        ("until 1975", "../1975"),
        ("in or after 1975", "1975/.."),
        ("/1975", "../1975"),
        ("1975/", "1975/.."),
    ],
)
def test_suggests_what_was_meant(text, suggestion):
    with pytest.raises(EdtfError) as refusal:
        EdtfDate.parse(text)

    assert f"‘{text}’ is not a date in EDTF" in str(refusal.value)
    assert f"Did you mean {suggestion}?" in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    [
        "05/06/1978",  # the fifth of June, or the sixth of May
        "2000s",  # a decade, or a century
        "winter 2024",  # the one that began in 2024, or the one that ended in it
        "before 1975",  # with 1975, or without
        "31 Feb 1978",
        "Marchen 1978",
    ],
)
def test_does_not_guess(text):
    with pytest.raises(EdtfError) as refusal:
        EdtfDate.parse(text)

    assert "Did you mean" not in str(refusal.value)


def test_parse_drops_surrounding_whitespace():
    assert EdtfDate.parse("  1978-05\n") == "1978-05"


def test_year_and_sort_key_of_open_intervals_are_those_of_the_known_end():
    assert EdtfDate("../1975-05").year == 1975
    assert EdtfDate("1975-05/..").year == 1975
    assert EdtfDate("../1975-05").sort_key == (date(1975, 5, 31), date(1975, 5, 31))
    assert EdtfDate("1975-05/..").sort_key == (date(1975, 5, 1), date(1975, 5, 1))


def test_behaves_as_its_text():
    when = EdtfDate("1978-05")

    assert {when: 1}["1978-05"] == 1
    assert str(when) == f"{when}" == "1978-05"
    assert when < "1979"
    with pytest.raises(AttributeError):
        when.note = "immutable"


@pytest.mark.parametrize(
    "clone",
    [copy.copy, copy.deepcopy, lambda when: pickle.loads(pickle.dumps(when))],  # noqa: S301
)
def test_survives_copying(clone):
    when = EdtfDate("1978-05")
    twin = clone(when)

    assert (type(twin), twin, twin.earliest) == (EdtfDate, when, when.earliest)


def test_properties_of_an_untrusted_text_raise():
    with pytest.raises(EdtfError):
        EdtfDate("yesterday").earliest  # noqa: B018


@given(edtf_texts)
def test_every_date_of_the_grammar_parses(text):
    when = EdtfDate.parse(f" {text} ")

    assert when == text
    assert EdtfDate.parse(str(when)) == when
    assert when.sort_key[0] <= when.sort_key[1]
    assert (when.earliest is None, when.latest is None) == (text[0] == ".", text[-1] == ".")
    assert when.in_words
    assert "X" not in when.in_words
    assert when.year == when.sort_key[0].year


@given(points, points)
def test_an_interval_covers_both_ends_or_is_refused(first, last):
    start, end = EdtfDate(first), EdtfDate(last)
    if end.latest < start.earliest:
        with pytest.raises(EdtfError):
            EdtfDate.parse(f"{first}/{last}")
    else:
        interval = EdtfDate.parse(f"{first}/{last}")
        assert (interval.earliest, interval.latest) == (start.earliest, end.latest)


@given(
    st.one_of(
        st.text(),
        st.text(alphabet="0123456789X-/.?~% TZ:", max_size=45),
        st.from_regex(r"[0-9]{1,4}[-/. ][0-9]{1,2}[-/. ][0-9]{1,4}.?"),
        st.builds("{} {}".format, st.sampled_from(["May", "c.", "fall", "since"]), st.text()),
    )
)
@example("May ²²²²")
@example("\x00")
@example("%s")
def test_any_text_parses_or_is_refused(text):
    try:
        when = EdtfDate.parse(text)
    except EdtfError:
        return
    assert when == text.strip()
    assert when.isascii()
    assert len(when) <= 40
