"""Files of the present revision: made once, made anew when the record changes, whole or not."""

import threading
import time

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from lunar.data import builds, exports
from lunar.data.about import current_stamp
from lunar.desk.history import Way, recording
from lunar.sources.models import Record
from tests import factories as make


@pytest.fixture(autouse=True)
def data_directory(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


def publish(**fields):
    with recording(None, "Added.", Way.COMMAND):
        return make.make_mission(**fields)


def change(record, **values):
    with recording(None, "As the source says.", Way.COMMAND):
        for name, value in values.items():
            setattr(record, name, value)
        record.save()


@pytest.fixture
def counted(monkeypatch):
    """Count the builds."""
    made = []
    build = exports.build

    def counting(*args):
        made.append(args)
        build(*args)

    monkeypatch.setattr(exports, "build", counting)
    return made


@pytest.mark.django_db
def test_the_files_of_a_revision_are_made_once(counted):
    publish()

    first, stamp = builds.current_build()
    again, _ = builds.current_build()

    assert (first, len(counted)) == (again, 1)
    assert stamp == current_stamp()


@pytest.mark.django_db
def test_a_change_makes_them_anew_and_the_oldest_go(counted):
    mission = publish(name="Luna 16")
    directories = [builds.current_build()[0]]
    for name in ("Luna 17", "Luna 18"):
        change(mission, name=name)
        directories.append(builds.current_build()[0])

    assert len(counted) == 3
    assert "Luna 18" in (directories[2] / "csv/missions.csv").read_text()
    assert [path.exists() for path in directories] == [False, True, True]


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_what_leaves_the_public_leaves_the_files(state):
    publish(name="Luna 16")
    mission = publish(name="Gone")
    builds.current_build()

    change(mission, state=Record.State(state))

    directory, _ = builds.current_build()
    assert "Luna 16" in (directory / "csv/missions.csv").read_text()
    assert "Gone" not in (directory / "csv/missions.csv").read_text()


@pytest.mark.django_db(transaction=True)  # PostgreSQL counts a change at its end
def test_a_record_without_history_is_never_served_from_before():
    make.make_mission(name="Luna 16")
    builds.current_build()
    make.make_mission(name="Luna 17")

    directory, stamp = builds.current_build()

    assert stamp.revision == 0
    assert "Luna 17" in (directory / "csv/missions.csv").read_text()


@pytest.mark.django_db
def test_a_change_in_the_middle_begins_anew(monkeypatch, counted):
    mission = publish(name="Luna 16")
    build = exports.build

    def changing(directory, *rest):
        build(directory, *rest)
        if len(counted) == 1:
            change(mission, name="Luna 17")

    monkeypatch.setattr(exports, "build", changing)

    directory, stamp = builds.current_build()

    assert len(counted) == 2
    assert stamp == current_stamp()
    assert "Luna 17" in (directory / "csv/missions.csv").read_text()


@pytest.mark.django_db
def test_a_record_that_never_rests_is_told_so(client, monkeypatch):
    mission = publish()
    build = exports.build

    def changing(directory, *rest):
        build(directory, *rest)
        change(mission, aim=f"{mission.aim}.")

    monkeypatch.setattr(exports, "build", changing)

    with pytest.raises(builds.BusyError):
        builds.current_build()
    response = client.get("/data/missions.csv")
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert [path for path in builds.exports_directory().iterdir() if path.name != ".lock"] == []


@pytest.mark.django_db
def test_two_at_once_build_it_once(monkeypatch):
    publish()
    stamp = current_stamp()
    made, found = [], []

    def build(directory, *rest):
        made.append(directory)
        time.sleep(0.3)
        (directory / "done").touch()

    monkeypatch.setattr(exports, "build", build)
    monkeypatch.setattr(builds, "current_stamp", lambda: stamp)
    threads = [
        threading.Thread(target=lambda: found.append(builds.current_build()[0])) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 1
    assert len(found) == 4
    assert {path / "done" for path in found} == {found[0] / "done"}
    assert (found[0] / "done").exists()


@pytest.mark.django_db
def test_a_build_that_fails_leaves_nothing_behind(monkeypatch):
    publish()

    def build(directory, *rest):
        (directory / "half").touch()
        raise OSError("No space left")

    monkeypatch.setattr(exports, "build", build)

    with pytest.raises(OSError, match="No space"):
        builds.current_build()
    with pytest.raises(CommandError, match="No space"):
        call_command("export_data")
    assert [path.name for path in builds.exports_directory().iterdir()] == [".lock"]


@pytest.mark.django_db
def test_the_command_writes_into_a_new_directory_and_no_other(tmp_path, capsys):
    publish()

    call_command("export_data", tmp_path / "new")

    assert (tmp_path / "new/lunar-record.zip").exists()
    assert f"revision {current_stamp().revision}" in capsys.readouterr().out
    with pytest.raises(CommandError, match="is not empty"):
        call_command("export_data", tmp_path / "new")


@pytest.mark.django_db
def test_the_command_and_the_site_give_the_same_bytes(tmp_path):
    publish()
    call_command("export_data", tmp_path / "new")

    directory, _ = builds.current_build()

    name = "lunar-record.zip"
    assert (tmp_path / "new" / name).read_bytes() == (directory / name).read_bytes()
