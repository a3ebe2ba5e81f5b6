"""The table of every list: cells, kinds of nothing, headings that sort."""

import inspect

import pytest
from django.template.loader import render_to_string
from django.utils.html import strip_tags

from lunar.tables import BadgeColumn, Column, CountColumn, LinkColumn, RecordTable, badge, reader
from missions.models import Mission
from missions.tables import MissionTable
from tests import factories as make

pytestmark = pytest.mark.django_db


class NameTable(RecordTable):
    caption = "Names"

    name = LinkColumn("Mission", sort=("name",))
    ended = Column("Ended", absent_as="")
    launch_site = Column("Site", absent_as="At sea")
    aim = Column("Aim")
    result = Column("Result")
    outcome = BadgeColumn("Outcome", sort=("outcome", "name"))
    launch_mass_kg = CountColumn("Mass")


def cells(table):
    [row] = table.body_rows()
    return [
        strip_tags(cell.split(">", 1)[1])
        for cell in row.replace("</th>", "</td>").split("</td>")[:-1]
    ]


def test_a_cell_shows_a_value_or_which_kind_of_nothing_it_is():
    make.make_mission(
        name="Luna 9", result="Landed", launch_mass_kg="1580.00", absent_values={"aim": "unknown"}
    )

    assert cells(NameTable(Mission.objects.all())) == [
        "Luna 9",
        "",
        "At sea",
        "Unknown after search",
        "Landed",
        "Success",
        "1580.00",
    ]


def test_cells_are_headed_labelled_and_escaped():
    mission = make.make_mission(name="<b>Luna & co</b>", result='"><script>alert(1)</script>')

    [row] = NameTable(Mission.objects.all()).body_rows()

    link = f'<a href="/missions/{mission.slug}/">&lt;b&gt;Luna &amp; co&lt;/b&gt;</a>'
    assert row.startswith(f'<th scope="row">{link}</th><td data-label="Ended">')
    assert "<script" not in row
    assert '<td data-label="Mass" class="number">' in row


def test_headings_sort_and_say_how_they_are_sorted():
    table = NameTable(
        Mission.objects.all(), order_by="-name", sort_link=lambda alias: f"?sort={alias}"
    )

    name, ended, *_, outcome, mass = table.header_cells()

    assert name == ('<th scope="col" aria-sort="descending"><a href="?sort=name">Mission</a></th>')
    assert ended == '<th scope="col">Ended</th>'
    assert outcome == '<th scope="col"><a href="?sort=outcome">Outcome</a></th>'
    assert mass == '<th scope="col" class="number">Mass</th>'


def test_a_table_within_a_page_has_no_links_to_sort_by():
    table = NameTable(Mission.objects.all(), order_by="name")

    assert not any("href" in cell or "aria-sort" in cell for cell in table.header_cells())


def test_only_columns_with_an_order_are_offered_for_sorting():
    assert [value for value, _ in NameTable.sorts()] == ["name", "-name", "outcome", "-outcome"]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("outcome", ["a failure", "b failure", "a success"]),
        ("-outcome", ["a success", "b failure", "a failure"]),
        ("name", ["a failure", "a success", "b failure"]),
    ],
)
def test_rows_are_sorted_by_all_that_a_column_names(sort, order):
    for name in ("a success", "b failure", "a failure"):
        make.make_mission(name=name, outcome=name[2:])

    table = NameTable(Mission.objects.all(), order_by=sort)

    assert [record.name for record in table.records] == order


@pytest.mark.parametrize(
    ("sort", "is_indexed"),
    [
        ("name", True),
        ("-outcome", False),
        ("launch", True),
        ("programme", False),
        ("mass_g", False),
    ],
)
def test_a_table_knows_whether_an_index_has_its_order(sort, is_indexed):
    assert MissionTable(Mission.objects.all(), order_by=sort).is_indexed is is_indexed


@pytest.mark.parametrize(
    ("accessor", "value"),
    [
        ("name", "Luna 9"),
        ("outcome", "Success"),
        ("get_absolute_url", "/missions/luna-9/"),
        ("programme__name", None),
        ("sample_return__mass_g", None),
        ("nothing__of__the_kind", None),
    ],
)
def test_a_cell_reads_what_its_column_leads_to(accessor, value):
    mission = make.make_mission(slug="luna-9", name="Luna 9", programme=None)

    assert reader(accessor, Mission)(mission) == value


def test_a_cell_may_read_rows_that_are_not_of_a_model():
    assert reader("real", None)(7) == 7


def test_an_empty_table_says_so_over_its_whole_width():
    html = render_to_string("_partials/table.html", {"table": NameTable(Mission.objects.none())})

    assert '<td colspan="7">Nothing in the record fits.</td>' in html
    assert "<caption>Names</caption>" in html


def test_a_caption_may_be_given_by_the_page():
    table = NameTable(Mission.objects.none(), caption="Missions of Luna")

    assert "<caption>Missions of Luna</caption>" in render_to_string(
        "_partials/table.html", {"table": table}
    )


@pytest.mark.parametrize(
    ("code", "disputed", "html"),
    [
        ("on_display", False, '<span class="badge badge-on-display">On &lt;display&gt;</span>'),
        (
            "stolen",
            True,
            '<span class="badge badge-stolen">On &lt;display&gt;</span>'
            ' <span class="disputed-mark">disputed</span>',
        ),
    ],
)
def test_a_badge_is_text_first(code, disputed, html):
    assert badge(code, "On <display>", disputed) == html


def test_rows_take_the_queries_of_their_querysets_and_no_more(django_assert_num_queries):
    for _ in range(5):
        mission = make.make_mission(
            programme=make.make_programme(), countries=[make.make_country()]
        )
        make.make_sample_return(mission)

    with django_assert_num_queries(2):
        list(MissionTable(Mission.objects.for_list()).body_rows())


def test_the_signature_of_a_render_function_is_not_read_for_every_cell(monkeypatch):
    for _ in range(20):
        make.make_mission()
    read, signature = [], inspect.signature
    monkeypatch.setattr(
        inspect,
        "signature",
        lambda *args, **kwargs: read.append(args) or signature(*args, **kwargs),
    )

    list(NameTable(Mission.objects.all()).body_rows())

    assert len(read) <= len(NameTable.base_columns)
