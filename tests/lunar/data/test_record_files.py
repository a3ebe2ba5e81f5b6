"""Record pages as files: everything the page tells, in JSON or with a line for each citation."""

import pytest

from lunar.data.record_files import RecordFile
from lunar.desk.history import Way, recording
from lunar.desk.models import FormerAddress
from lunar.sources.models import Record
from tests import factories as make
from tests.html import Page
from tests.lunar.data.files import csv_rows, json_data, sheet, xlsx_rows
from tests.world import SECRET, make_world, plant_drafts

pytestmark = pytest.mark.django_db


def file_of(client, record, file_format, **asked):
    return client.get(record.get_absolute_url(), asked | {"format": file_format})


def test_every_record_page_leads_to_its_files_and_they_tell_no_draft(client):
    world = make_world()
    plant_drafts(world)
    for record in world.record_pages:
        address = record.get_absolute_url()
        page = Page(client.get(address))
        assert f"{address}?format=json" in page.links, record

        for file_format in ("json", "csv"):
            told = file_of(client, record, file_format).getvalue().decode()
            assert record.natural_key()[0] in told, record
            assert SECRET not in told.lower(), record
        about = sheet(file_of(client, record, "xlsx").getvalue(), "about")
        assert about[1] == ("title", str(record))


def test_json_holds_the_whole_record_and_its_sources(client):
    mission = make.make_mission(slug="luna-16", name="Luna 16")
    make.cite(make.make_landing(mission), "date", make.make_source(slug="paper"))

    response = file_of(client, mission, "json")
    data = json_data(response)

    assert data["title"] == "Luna 16"
    assert data["page"] == "http://testserver/missions/luna-16/"
    [record] = data["records"]
    assert record["landings"][0]["citations"][0]["source"]["id"] == "paper"
    assert "paper" in [source["id"] for source in data["sources"]]
    day = data["generated"][:10]
    assert response["Content-Disposition"] == (
        f'attachment; filename="lunar-record-mission-luna-16-{day}.json"'
    )


def test_a_table_has_a_line_for_each_citation_and_each_value(client):
    mission = make.make_mission(
        launch="1970-09-12", launch_mass_kg="5725", absent_values={"launch_site": "unknown"}
    )
    paper = make.make_source(slug="paper", title="A paper")
    make.cite(mission, "launch", paper, locator="p. 4")
    make.cite(mission, "launch", paper, stance="disputes", stated_value="13 September")
    make.cite(make.make_landing(mission, latitude="-0.5", longitude="1"), "position", paper)

    rows = csv_rows(file_of(client, mission, "csv"))

    launch = [row for row in rows if (row["part"], row["field"]) == ("", "launch")]
    assert sorted((row["value"], row["stance"], row["stated_value"]) for row in launch) == [
        ("1970-09-12", "disputes", "13 September"),
        ("1970-09-12", "supports", ""),
    ]
    assert {(row["source"], row["source_name"]) for row in launch} == {("paper", "A paper")}
    said = {(row["part"], row["field"]): row for row in rows}
    assert said["", "launch_site"]["absence"] == "unknown"
    assert said["", "launch_vehicle"]["absence"] == "not_researched"
    assert said["landing-1", "latitude"]["value"] == "-0.5"
    assert said["landing-1", "position"]["source"] == "paper"
    numbers = {row["field"]: row["value"] for row in xlsx_rows(file_of(client, mission, "xlsx"))}
    assert numbers["launch_mass_kg"] == 5725


def test_the_file_of_a_source_tells_all_that_rests_on_it(client):
    paper = make.make_source(slug="paper")
    mission = make.make_mission(slug="luna-16", name="Luna 16")
    make.cite(mission, "launch", paper, quote="in September")
    make.cite(make.make_mission(state="draft", name=SECRET), "launch", paper, quote=SECRET)

    [row] = csv_rows(file_of(client, paper, "csv"))
    [record] = json_data(file_of(client, paper, "json"))["records"]

    assert (row["record"], row["record_type"], row["field"]) == ("luna-16", "mission", "launch")
    assert row["page"] == "http://testserver/missions/luna-16/#launch"
    assert [said["quote"] for said in record["statements"]] == ["in September"]


def test_a_draft_has_no_file(client):
    draft = make.make_mission(state="draft", name=SECRET)

    response = file_of(client, draft, "json")

    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert SECRET not in response.content.decode()
    with pytest.raises(LookupError, match="not public"):
        RecordFile(draft)


def test_a_withdrawn_record_says_so_instead(client):
    with recording(None, "Added.", Way.COMMAND):
        mission = make.make_mission(name=SECRET)
    with recording(None, "Of another Moon.", Way.COMMAND):
        mission.state = Record.State.WITHDRAWN
        mission.save()

    response = file_of(client, mission, "json")

    assert response.status_code == 410
    assert "Of another Moon." in response.json()["detail"]
    assert SECRET not in response.content.decode()


def test_a_former_address_leads_to_the_file_of_the_record_in_its_place(client):
    make.make_mission(slug="luna-16")
    FormerAddress.objects.create(label="missions.mission", key="luna-xvi", target="luna-16")

    response = client.get("/missions/luna-xvi/", {"format": "csv"})

    assert (response.status_code, response["Location"]) == (301, "/missions/luna-16/?format=csv")


def test_a_country_in_small_letters_leads_to_its_file(client):
    make.make_country(code="CN")

    response = client.get("/diplomacy/countries/cn/", {"format": "json"})

    assert response["Location"] == "/diplomacy/countries/CN/?format=json"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"format": "json", "as_of": "2026-11-23"}, "as_of: A file holds the record as it is now"),
        ({"format": "pdf"}, "format: Take csv, json or xlsx."),
    ],
)
def test_what_there_is_not_is_told(client, asked, said):
    response = client.get(make.make_mission().get_absolute_url(), asked)

    assert response.status_code == 400
    if asked["format"] == "json":
        [error] = response.json()["errors"]
        assert f"{error['parameter']}: {error['message']}".startswith(said)
    else:
        assert said in response.content.decode()
