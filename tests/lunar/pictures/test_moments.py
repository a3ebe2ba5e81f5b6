"""Placing dated marks on a scale: spans for uncertain dates, no two labels in one place."""

from datetime import date
from itertools import combinations

from lunar.edtf import EdtfDate
from lunar.pictures.moments import Moment, TimeScale, pack, place

SIXTIES = TimeScale(date(1960, 1, 1), date(1969, 12, 31), 0, 1000)


def moment(text, name="Luna 9"):
    return Moment(EdtfDate(text), "launch", "Launch", name, "/", "lane", label=name)


def test_a_known_day_is_a_mark_and_a_year_a_span():
    day, year = place(moment("1965-07-02"), SIXTIES), place(moment("1965~"), SIXTIES)

    assert not day.is_span
    assert round(day.x) == 550
    assert year.is_span
    assert (round(year.x1), round(year.x2)) == (500, 600)


def test_a_range_without_an_end_has_a_tail_instead_of_a_length():
    before = place(moment("../1966-08-01"), SIXTIES)

    assert before.opens_left
    assert not before.opens_right
    assert not before.is_span


def test_a_span_beyond_the_scale_ends_with_it():
    span = place(moment("1958/1965"), SIXTIES)

    assert span.x1 == 0


def test_marks_and_labels_never_overlap():
    days = [f"196{n % 10}-{1 + n % 12:02}" for n in range(60)] + ["1969-12-30"] * 5
    placed, rows = pack(
        [moment(day, f"Mission {n}") for n, day in enumerate(days)],
        SIXTIES,
        size=12,
        rows_with_labels=4,
    )

    assert len(placed) == len(days)
    assert max(item.row for item in placed) == rows - 1
    assert all(item.row < 4 for item in placed if item.label)
    for one, other in combinations(placed, 2):
        if one.row == other.row:
            (_, end), (start, _) = sorted([_box(one), _box(other)])
            assert end <= start


def _box(item):
    reach = len(item.label) * 4  # narrower than any type of this size sets it
    if item.anchor == "end":
        return (item.label_x - reach, item.x2)
    return (item.x1, max(item.x2, item.label_x + reach if item.label else 0))
