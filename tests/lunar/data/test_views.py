"""The page and the files under /data/."""

import csv
import io
import json
import zipfile

import pytest

from lunar.data.tables import tables
from lunar.data.views import served
from lunar.desk.history import Way, recording
from lunar.sources.models import Record
from tests import factories as make
from tests.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data_directory(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def mission():
    with recording(None, "Added.", Way.COMMAND):
        return make.make_mission(slug="luna-16", name="Луна 16")


def test_the_data_page_tells_what_there_is_and_how_to_use_it(client, mission):
    page = Page(client.get("/data/"))

    assert page.problems == []
    assert {f"/data/{name}" for name in served()} - set(page.links) == {"/data/SHA256SUMS"}
    for said in ("CC-BY-4.0", "As of revision", "RFC 4180", "byte order mark", "EDTF", "JOIN"):
        assert said in page.text
    assert {f"table-{name}" for name in tables()} <= set(page.ids)


def test_every_page_leads_to_the_data(client):
    assert "/data/" in Page(client.get("/about/")).links


def test_the_data_page_takes_the_same_queries_for_all_records(client, queries_of):
    make.make_mission()
    one = queries_of(lambda: client.get("/data/"))
    for _ in range(3):
        make.make_landing(make.make_mission(), date="1970")

    assert queries_of(lambda: client.get("/data/")) == one


def test_every_file_can_be_taken(client, mission):
    for name in served():
        response = client.get(f"/data/{name}")

        assert response.status_code == 200, name
        assert response.streaming, name
        assert len(response.getvalue()) > 10, name


def test_a_kind_comes_as_csv_and_json(client, mission):
    text = client.get("/data/missions.csv").getvalue().decode()
    data = json.loads(client.get("/data/missions.json").getvalue())

    assert not text.startswith("\ufeff")
    [row] = csv.DictReader(io.StringIO(text, newline=""))
    assert (row["id"], row["name"], row["page"]) == ("luna-16", "Луна 16", "/missions/luna-16/")
    assert [record["name"] for record in data["records"]] == ["Луна 16"]
    assert data["licence"]["name"] == "CC-BY-4.0"


def test_the_zip_tells_its_day_and_opens(client, mission):
    response = client.get("/data/lunar-record.zip")
    day = json.loads(client.get("/data/missions.json").getvalue())["date"]

    assert response["Content-Type"] == "application/zip"
    assert f'filename="lunar-record-{day}.zip"' in response["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(response.getvalue())) as archive:
        assert archive.testzip() is None


def test_a_file_that_is_known_already_is_not_sent_again(client, mission):
    response = client.get("/data/missions.csv")
    assert "luna-16" in response.getvalue().decode()
    etag = response["ETag"]

    assert client.get("/data/missions.csv", headers={"If-None-Match": etag}).status_code == 304
    with recording(None, "Withdrawn.", Way.COMMAND):
        mission.state = Record.State.WITHDRAWN
        mission.save()
    response = client.get("/data/missions.csv", headers={"If-None-Match": etag})
    assert response.status_code == 200
    assert "luna-16" not in response.getvalue().decode()


@pytest.mark.parametrize(
    "name",
    ["users.csv", "landings.json", "record.sqlite3", "..%2Fmissions.csv", "missions", "%00"],
)
def test_nothing_else_is_there(client, name):
    assert client.get(f"/data/{name}").status_code == 404
