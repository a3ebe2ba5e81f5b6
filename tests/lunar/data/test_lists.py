"""Lists as files: what the page shows, all of it, in the same order, and what is wrong in words."""

import pytest

from diplomacy.models import Transfer
from lunar.data.lists import CHUNK
from tests import factories as make
from tests.html import Page
from tests.lunar.data.files import (
    FORMATS,
    LISTS,
    csv_rows,
    file_of,
    json_data,
    rows_of_xlsx,
    sheet,
    xlsx_rows,
)

pytestmark = pytest.mark.django_db

# What is in a row


def test_a_row_of_csv_holds_values_references_counts_and_evidence(client):
    china = make.make_country(code="CN", name="China")
    mission = make.make_mission(
        slug="chang-e-5",
        programme=make.make_programme(slug="chang-e"),
        countries=[china, make.make_country(code="FR")],
        launch="2020-11-23",
        launch_mass_kg="8200.50",
        absent_values={"launch_site": "unknown"},
    )
    make.make_sample_return(mission, mass_g="1731.0000001")
    make.cite(make.make_landing(mission), "date", make.make_source(slug="paper"))

    [row] = csv_rows(file_of("/missions/", "csv"))

    assert row["id"] == "chang-e-5"
    assert row["page"] == "http://testserver/missions/chang-e-5/"
    assert (row["programme"], row["countries"]) == ("chang-e", "CN; FR")
    assert (row["launch"], row["launch_mass_kg"]) == ("2020-11-23", "8200.5")
    assert row["sample_return_mass_g"] == "1731.0000001"
    assert row["absent_values"] == "launch_site: unknown"
    assert "paper" in row["sources"].split("; ")
    assert int(row["citations"]) == 2


def test_what_the_page_counts_is_in_the_files(client):
    china = make.make_country(code="CN", name="China")
    make.make_act(make.make_transfer(giver=china))
    make.make_mission(countries=[china])

    [row] = [r for r in csv_rows(file_of("/diplomacy/countries/", "csv")) if r["id"] == "CN"]

    assert (row["given_count"], row["mission_count"]) == ("1", "1")
    records = json_data(file_of("/diplomacy/countries/", "json"))["records"]
    assert [r["given_count"] for r in records if r["id"] == "CN"] == [1]


def test_what_follows_from_acts_is_in_the_files(client):
    france = make.make_country(code="FR")
    make.make_act(make.make_transfer(), kind="given", date="1978", to_country=france)

    [row] = csv_rows(file_of("/diplomacy/transfers/", "csv"))

    assert (row["status"], row["date"], row["holder_country"]) == ("given", "1978", "FR")


def test_samples_are_told_with_their_mission(client):
    mission = make.make_mission(slug="luna-16", name="Luna 16", countries=[make.make_country()])
    make.make_sample_return(mission, mass_g="101")

    [row] = csv_rows(file_of("/missions/samples/", "csv"))
    [record] = json_data(file_of("/missions/samples/", "json"))["records"]

    assert (row["id"], row["mass_g"], row["mission_name"]) == ("luna-16", "101", "Luna 16")
    assert (record["mass_g"], record["mission"]["name"]) == (101, "Luna 16")
    assert record["transfer_count"] == 0


def test_csv_is_what_rfc_4180_says(client):
    make.make_mission(name='Comma, "quote"\nand line', aim="x\r\ny\x07")

    response = file_of("/missions/", "csv")
    text = response.getvalue().decode()

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert text.startswith("\ufeffid,page,name,")
    assert text.endswith("\r\n")
    assert '"Comma, ""quote""\nand line"' in text
    assert '"x\ny"' in text


def test_no_spreadsheet_runs_a_text_as_a_formula_and_numbers_stay(client):
    mission = make.make_mission(name="=cmd|' /C calc'!A0", other_names="-1", aim="@x")
    make.make_landing(mission, latitude="-3.5", longitude="-10")

    for rows in (csv_rows(file_of("/missions/", "csv")), xlsx_rows(file_of("/missions/", "xlsx"))):
        [row] = rows
        assert row["name"] == "'=cmd|' /C calc'!A0"
        assert (row["other_names"], row["aim"]) == ("'-1", "'@x")
    [record] = json_data(file_of("/missions/", "json"))["records"]
    assert record["name"] == "=cmd|' /C calc'!A0"
    assert record["landings"][0]["latitude"] == -3.5


def test_tiny_masses_are_written_out(client):
    make.make_sample_return(mass_g="0.0000001")

    assert csv_rows(file_of("/missions/samples/", "csv"))[0]["mass_g"] == "0.0000001"


def test_a_spreadsheet_has_numbers_and_says_what_it_is(client):
    make.make_sample_return(mass_g="101.5")

    [row] = rows_of_xlsx("/missions/samples/", {})
    response = file_of("/missions/samples/", "xlsx")

    assert row["mass_g"] == 101.5
    about = {line[0]: line[1] for line in sheet(response.getvalue(), "about")}
    assert about["title"] == "Sample returns"
    assert about["count"] == 1
    assert "CC-BY-4.0" in about["licence"]
    assert "Grams" in about["mass_g"]


def test_a_text_too_long_for_a_cell_is_cut_and_says_so(client):
    make.make_mission(aim="m" * 40_000)

    assert xlsx_rows(file_of("/missions/", "xlsx"))[0]["aim"].endswith(
        "[cut: whole in CSV and JSON]"
    )
    assert csv_rows(file_of("/missions/", "csv"))[0]["aim"] == "m" * 40_000


def test_json_says_what_it_is_and_names_its_sources(client):
    programme = make.make_programme(slug="luna", name="Luna")
    mission = make.make_mission(programme=programme)
    make.make_mission()
    make.cite(mission, "launch", make.make_source(slug="paper", title="A paper"))

    data = json_data(file_of("/missions/", "json", {"programme": "luna", "page": "1"}))

    assert data["title"] == "Missions"
    assert data["page"] == "http://testserver/missions/?programme=luna"
    assert (data["query"], data["filters"]) == ({"programme": "luna"}, {"Programme": "Luna"})
    assert (data["order"], data["count"]) == ("launch", 1)
    assert data["licence"]["name"] == "CC-BY-4.0"
    assert data["generated"].endswith("Z")
    assert "paper" in [source["id"] for source in data["sources"]]
    assert data["records"][0]["landings"] == []


# What is said around it


@pytest.mark.parametrize("path", LISTS)
def test_a_list_leads_to_its_files(client, path):
    page = Page(client.get(path))
    alternates = {
        link.get("type"): link.get("href")
        for link in page.all("link")
        if link.get("rel") == "alternate"
    }

    assert alternates["text/csv"] == "?format=csv"
    assert {f"{path}?format={name}" for name in FORMATS} <= set(page.links)


def test_the_links_keep_filters_and_order_and_tell_the_number_of_rows(client):
    for _ in range(26):
        make.make_mission(outcome="success")
    make.make_mission(outcome="failure")

    asked = {"outcome": "success", "sort": "name", "page": "2", "per_page": "25"}
    page = Page(client.get("/missions/", asked))

    assert "/missions/?outcome=success&sort=name&format=csv" in page.links
    assert "Download these 26 rows, filtered:" in page.text


@pytest.mark.parametrize(
    ("path", "asked", "name"),
    [
        ("/missions/", {}, "lunar-record-missions"),
        ("/diplomacy/displays/", {}, "lunar-record-displays"),
        ("/missions/", {"outcome": "success"}, "lunar-record-missions-filtered"),
    ],
)
def test_the_name_of_a_file_tells_what_and_when(client, path, asked, name):
    response = file_of(path, "csv", asked)
    day = json_data(file_of(path, "json"))["generated"][:10]

    assert response["Content-Disposition"] == f'attachment; filename="{name}-{day}.csv"'
    assert response["X-Robots-Tag"] == "noindex"


def test_bad_values_are_told_as_problem_details(client):
    response = client.get("/missions/", {"format": "json", "sort": "colour", "from": "x"})
    details = response.json()

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert (details["status"], details["title"]) == (400, "Bad Request")
    assert {error["parameter"] for error in details["errors"]} == {"sort", "from"}


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_bad_values_are_told_as_text(client, file_format):
    response = client.get("/missions/", {"format": file_format, "sort": "colour"})

    assert response.status_code == 400
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().startswith("400 Bad Request\nsort: ")


def test_a_format_that_there_is_not_is_told_on_the_page(client):
    response = client.get("/missions/", {"format": "<pdf>"})

    assert response.status_code == 400
    assert Page(response).problems == []
    assert "This list does not come as “&lt;pdf&gt;”" in response.content.decode()


# Cost


def test_more_rows_take_no_more_queries_and_come_in_pieces(queries_of):
    make_transfers(1)
    one = queries_of(lambda: file_of("/diplomacy/transfers/", "json").getvalue())
    make_transfers(5)

    assert queries_of(lambda: file_of("/diplomacy/transfers/", "json").getvalue()) == one


def test_a_long_list_is_read_in_chunks(monkeypatch):
    monkeypatch.setattr("lunar.data.lists.CHUNK", 2)
    make_transfers(5)
    response = file_of("/diplomacy/transfers/", "csv")

    assert CHUNK > 2
    assert response.streaming
    assert len(csv_rows(response)) == Transfer.objects.count() == 5


def make_transfers(number):
    for _ in range(number):
        transfer = make.make_transfer(missions=[make.make_mission()])
        make.make_act(transfer, to_organization=make.make_organization())
