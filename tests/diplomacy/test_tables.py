"""Cells of the tables: what they show, how they sort, which kind of nothing they name."""

import pytest

from diplomacy.models import Transfer
from diplomacy.tables import DisplayTable, HeldTable, TransferTable
from tests import factories as make

pytestmark = pytest.mark.django_db


def cells(table):
    return [
        {column.name: row.get_cell(column.name) for column in table.columns} for row in table.rows
    ]


def titles(**options):
    table = TransferTable(Transfer.objects.for_list(), **options)
    return [row.record.title for row in table.rows]


def only_row(table_class, transfer):
    return cells(table_class(Transfer.objects.for_list().filter(pk=transfer.pk)))[0]


@pytest.mark.parametrize(
    ("mass_g", "certainty", "words"),
    [
        ("1.5", "exact", "1.5 g"),
        ("0.05", "about", "about 50 mg"),
        ("0.06", "planned", "60 mg, asked for or offered"),
    ],
)
def test_a_mass_says_how_certain_it_is(mass_g, certainty, words):
    transfer = make.make_transfer(mass_g=mass_g, mass_certainty=certainty)

    assert only_row(TransferTable, transfer)["mass_g"] == words


def test_an_unknown_mass_says_which_kind_of_nothing():
    transfer = make.make_transfer(absent_values={"mass_g": "not_given"})

    assert "Not given or refused" in only_row(TransferTable, transfer)["mass_g"]


def test_a_party_is_a_country_or_else_a_body_or_a_person():
    body, person = make.make_organization(), make.make_person()
    transfer = make.make_transfer(giver_organization=body, recipient_person=person)

    row = only_row(TransferTable, transfer)
    assert row["giver"] == f'<a href="{body.get_absolute_url()}">{body}</a>'
    assert row["recipient"] == f'<a href="{person.get_absolute_url()}">{person}</a>'


def test_a_party_that_is_a_draft_is_not_named():
    draft, body = make.make_country(name="Ruritania", state="draft"), make.make_organization()
    series = make.make_series(name="Secret series", state="draft")
    unknown = make.make_transfer(giver=draft, recipient=draft, series=series)
    make.make_act(unknown, kind="given")
    known = make.make_transfer(giver=draft, giver_organization=body)

    for table_class in (TransferTable, DisplayTable, HeldTable):
        row = str(only_row(table_class, unknown))
        assert "Ruritania" not in row
        assert "Secret series" not in row
        assert "Not researched yet" in row
    assert str(body) in only_row(TransferTable, known)["giver"]


def test_a_disputed_status_is_marked():
    act = make.make_act(kind="refused")
    make.cite(act, "kind", stance="disputes", stated_value="still open")

    status = only_row(TransferTable, act.transfer)["status"]
    assert "badge-refused" in status
    assert "disputed" in status


def test_sorting_by_party_keeps_its_transfers_in_order_of_time():
    china, france = make.make_country(name="China"), make.make_country(name="France")
    for title, giver, date in [
        ("third", france, "1970"),
        ("second", china, "2023"),
        ("first", china, "2022"),
    ]:
        make.make_act(make.make_transfer(title=title, giver=giver), date=date)

    assert titles(order_by="giver") == ["first", "second", "third"]
    assert titles(order_by="-giver") == ["third", "first", "second"]


def test_rows_without_a_date_come_last_either_way():
    make.make_act(make.make_transfer(title="dated"), date="1978")
    make.make_transfer(title="undated")

    assert titles(order_by="date") == titles(order_by="-date") == ["dated", "undated"]


def test_grouping_puts_the_party_first_and_orders_within_it():
    china, france = make.make_country(name="China"), make.make_country(name="France")
    for title, giver, mass_g in [("c", france, 9), ("a", china, 1), ("b", china, 2)]:
        make.make_transfer(title=title, giver=giver, mass_g=mass_g)

    table = TransferTable(Transfer.objects.for_list(), order_by="-mass_g", by="giver")
    assert [row.record.title for row in table.rows] == ["b", "a", "c"]
    assert [column.name for column in table.columns][:2] == ["giver", "title"]


def test_a_display_is_named_by_who_received_it_and_leads_to_its_transfer():
    transfer = make.make_transfer(
        recipient=make.make_country(name="Honduras"), series=make.make_series()
    )

    link = f'<a href="{transfer.get_absolute_url()}">Honduras</a>'
    assert only_row(DisplayTable, transfer)["recipient"] == link


def test_displays_by_last_confirmation_come_oldest_first_and_never_confirmed_last():
    for title, date in [("new", "2019"), ("never", None), ("old", "1973")]:
        transfer = make.make_transfer(title=title, series=make.make_series())
        if date:
            make.make_act(transfer, kind="confirmed", date=date)

    table = HeldTable(Transfer.objects.for_list(), order_by="last_confirmed")
    assert [row.record.title for row in table.rows] == ["old", "new", "never"]


def test_whereabouts_of_a_stolen_display_are_unknown():
    transfer = make.make_act(kind="stolen").transfer

    row = only_row(HeldTable, transfer)
    assert "Unknown after search" in row["holder"]
    assert "Unknown after search" in row["place"]
    assert "Not researched yet" in row["last_confirmed"]
