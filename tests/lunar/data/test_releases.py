"""Releases: numbered by month, kept as they are, with the changes since the one before."""

import zipfile
from datetime import date

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from lunar.data.about import current_stamp
from lunar.data.releases import NothingNewError, make_release, releases
from lunar.desk.history import Way, recording
from tests import factories as make
from tests.html import Page

pytestmark = pytest.mark.django_db

NOVEMBER, DECEMBER = date(2026, 11, 23), date(2026, 12, 1)
SECRET = "Unsayable"


@pytest.fixture(autouse=True)
def data_directory(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def mission():
    with recording(None, "Added.", Way.COMMAND):
        return make.make_mission(slug="luna-16", name="Luna 16")


def change(record, reason, **values):
    with recording(None, reason, Way.FORM):
        for name, value in values.items():
            setattr(record, name, value)
        record.save()


def changes_of(release):
    with zipfile.ZipFile(release.path) as archive:
        return archive.read("lunar-record/CHANGES.md").decode()


def test_releases_are_numbered_within_their_month(mission):
    first = make_release(NOVEMBER)
    change(mission, "Once.", aim="1")
    second = make_release(NOVEMBER)
    change(mission, "Twice.", aim="2")
    third = make_release(DECEMBER)

    versions = ["2026.12.1", "2026.11.2", "2026.11.1"]
    assert [release.version for release in releases()] == versions
    assert releases() == [third, second, first]
    assert third.revision == current_stamp().revision


def test_the_tenth_of_a_month_comes_after_the_ninth(mission):
    for number in range(10):
        change(mission, "Again.", aim=str(number))
        make_release(NOVEMBER)

    assert releases()[0].version == "2026.11.10"


def test_without_a_change_there_is_no_release(mission):
    make_release(NOVEMBER)
    make.make_mission(state="draft")

    with pytest.raises(NothingNewError):
        make_release(DECEMBER)
    with pytest.raises(CommandError, match=r"No public change since release 2026\.11\.1"):
        call_command("make_release")
    assert len(releases()) == 1


def test_a_release_tells_what_was_corrected_and_why(client, mission):
    first = make_release(NOVEMBER)
    change(mission, "The launch was later.", launch="1970-09-13")
    with recording(None, "Not for all.", Way.FORM):
        make.make_mission(name=SECRET, state="draft")
    second = make_release(DECEMBER)

    assert "The first release." in changes_of(first)
    assert "mission Luna 16: Edited. The launch was later." in changes_of(second)
    assert "Added." not in changes_of(second)
    page = Page(client.get("/data/releases/2026.12.1/"))
    assert page.problems == []
    assert "The launch was later." in page.text
    assert "Added." not in page.text
    assert SECRET not in page.text + changes_of(second)
    assert "This is the first release." in Page(client.get("/data/releases/2026.11.1/")).text


def test_the_page_of_a_release_forgets_what_was_withdrawn_since(client, mission):
    make_release(NOVEMBER)
    with recording(None, "Seen.", Way.FORM):
        gone = make.make_mission(slug="gone", name=SECRET)
    make_release(DECEMBER)
    assert SECRET in Page(client.get("/data/releases/2026.12.1/")).text

    change(gone, "Never flown.", state="withdrawn")

    assert SECRET not in Page(client.get("/data/releases/2026.12.1/")).text


def test_a_release_stays_as_it_is(client, mission):
    release = make_release(NOVEMBER)
    change(mission, "Corrected.", name="Luna XVI")

    response = client.get("/data/releases/lunar-record-2026.11.1.zip")
    content = response.getvalue()

    assert content == release.path.read_bytes()
    assert response["Content-Type"] == "application/zip"
    assert 'filename="lunar-record-2026.11.1.zip"' in response["Content-Disposition"]
    assert len(content) == release.size


def test_the_data_page_lists_releases(client, mission):
    assert "No release has been made yet" in Page(client.get("/data/")).text
    make_release(NOVEMBER)
    change(mission, "Corrected.", aim="1")
    make_release(DECEMBER)

    page = Page(client.get("/data/"))

    assert page.problems == []
    for version in ("2026.11.1", "2026.12.1"):
        assert f"/data/releases/{version}/" in page.links
        assert f"/data/releases/lunar-record-{version}.zip" in page.links
    assert "1 changed record" in page.text


@pytest.mark.parametrize(
    "path", ["releases/2026.11.1/", "releases/lunar-record-2026.11.1.zip", "releases/../../x/"]
)
def test_there_is_no_release_that_was_not_made(client, path):
    assert client.get(f"/data/{path}").status_code == 404


def test_the_command_says_what_it_made(mission, capsys):
    call_command("make_release")

    [release] = releases()
    said = capsys.readouterr().out
    assert f"Release {release.version}: " in said
    assert release.sha256 in said
