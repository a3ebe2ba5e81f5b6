"""`manage.py demo`: in this process where it must refuse, in one of its own where it serves."""

import io
import re
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from lunar.management.editor import demo_editor
from lunar.management.server import DemoServer, PlaceError
from lunar.sources.models import Source
from tests.installation import installation
from tests.lunar.canonical.sample import sample, write_fixtures


@pytest.fixture
def environment(tmp_path):
    """That of a demo whose data directory is empty."""
    with installation(tmp_path / "data") as environment:
        yield environment


@pytest.fixture
def data(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    return tmp_path


class Demo:
    """A running demo; its address is free at the start and known at once."""

    def __init__(self, environment):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.place = f"127.0.0.1:{free.getsockname()[1]}"
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", self.place],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # A run of the tests in the background may have been told to ignore Ctrl-C.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def get(self, path, timeout=600):
        """Return the status of a page, having waited till the demo answers: it loads the record."""
        while self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"http://{self.place}{path}", timeout=timeout) as page:
                    return page.status
            except urllib.error.HTTPError as error:
                return error.code
            except (urllib.error.URLError, ConnectionError):
                assert time.monotonic() - self.began < timeout
                time.sleep(0.05)
        raise AssertionError(self.process.stdout.read())

    def stop(self, how=signal.SIGTERM):
        """Return what the demo said, and its exit code."""
        self.process.send_signal(how)
        told, _ = self.process.communicate(timeout=60)
        return told, self.process.returncode


def test_the_demo_serves_stops_and_starts_again(environment, tmp_path):
    first = Demo(environment)
    assert first.get("/admin/login/") == 200
    loading_took = time.monotonic() - first.began
    assert first.get("/") == 200
    told, code = first.stop()
    assert code == 0
    assert f"http://{first.place}/admin/" in told
    password = re.search(r"password +(\S+)", told)[1]
    kept = tmp_path / "data" / "demo-editor.txt"
    assert kept.read_text() == f"{password}\n"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600

    second = Demo(environment)
    assert second.get("/admin/login/") == 200
    took = time.monotonic() - second.began
    told, code = second.stop(signal.SIGINT)
    assert code == 0
    assert "0 to create, 0 to change, 0 to delete" in told
    assert password in told
    assert "Traceback" not in told
    assert took < loading_took / 2  # about a fifth, on a machine however busy


def test_the_demo_stops_before_it_is_ready(environment):
    demo = Demo(environment)
    line = demo.process.stdout.readline()
    assert line == "Making the tables.\n"
    told, code = demo.stop()
    assert code == 0
    assert told.endswith("\nStopped.\n")
    assert "Traceback" not in told


@pytest.mark.django_db
def test_a_broken_fixture_stops_the_demo_and_leaves_the_database(data, settings):
    rows = sample()
    rows["acts"][0]["kind"] = 7
    settings.FIXTURE_DIRS = [write_fixtures(data / "fixtures", rows)]

    with pytest.raises(CommandError) as refused:
        call_command("demo", "127.0.0.1:0", stdout=io.StringIO())

    assert "acts.json: diplomacy.act:a-display/1: kind: 7 must be text." in str(refused.value)
    assert not Source.objects.exists()
    assert not User.objects.exists()


@pytest.mark.django_db
def test_the_demo_goes_on_after_a_conflict(data, settings, monkeypatch):
    rows = sample()
    settings.FIXTURE_DIRS = [write_fixtures(data / "fixtures", rows)]
    monkeypatch.setattr(DemoServer, "serve", lambda server: None)
    call_command("demo", "127.0.0.1:0", stdout=io.StringIO())
    Source.objects.filter(slug="agency").update(title="Edited")
    rows["sources"][1]["title"] = "From the fixture"
    write_fixtures(data / "fixtures", rows)
    stdout = io.StringIO()

    call_command("demo", "127.0.0.1:0", stdout=stdout)

    told = stdout.getvalue()
    assert "conflict  sources.source:agency: changed by an editor and in the fixtures" in told
    assert "Lunar Record" in told
    assert Source.objects.get(slug="agency").title == "Edited"


def test_the_demo_is_not_for_production(settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="not with LUNAR_ENV=production"):
        call_command("demo")


@pytest.mark.parametrize(
    "place", ["", "here", "127.0.0.1", "127.0.0.1:", "127.0.0.1:99999", "8000/", "a b:80", "-1"]
)
def test_an_address_that_is_none_is_refused(place):
    with pytest.raises(PlaceError, match="is no address and port, such as"):
        DemoServer.at(place)


@pytest.mark.parametrize("place", ["256.1.1.1:0", "a..b:0", "192.0.2.1:0"])
def test_an_address_of_no_computer_here_is_refused(place):
    with pytest.raises(PlaceError, match="Nothing can be served at"):
        DemoServer.at(place)


def test_a_taken_port_is_refused_in_words():
    with DemoServer.at("127.0.0.1:0") as server:
        place = f"127.0.0.1:{server.server_port}"

        with pytest.raises(CommandError, match="something serves there already"):
            call_command("demo", place)


@pytest.mark.parametrize(
    ("place", "url"),
    [
        ("0", "http://127.0.0.1:{}/"),
        ("localhost:0", "http://localhost:{}/"),
        ("0.0.0.0:0", "http://127.0.0.1:{}/"),
        ("[::1]:0", "http://[::1]:{}/"),
    ],
)
def test_an_address_is_shown_as_a_browser_takes_it(place, url):
    try:
        server = DemoServer.at(place)
    except PlaceError:
        assert place.startswith("[")
        pytest.skip("this computer has no IPv6")
    with server:
        assert server.url == url.format(server.server_port)


@pytest.mark.django_db
def test_the_editor_is_made_once(data):
    first, second = demo_editor(), demo_editor()

    assert first == second
    assert len(first.password) == 16
    editor = User.objects.get(username="editor")
    assert (editor.is_staff, editor.is_superuser) == (True, True)
    assert editor.check_password(first.password)


@pytest.mark.django_db
def test_a_changed_password_is_left_alone(data):
    made = demo_editor()
    editor = User.objects.get()
    editor.set_password("my own")
    editor.save()

    assert demo_editor() == (made.name, "")
    assert User.objects.get().check_password("my own")


@pytest.mark.django_db
def test_a_lost_password_file_resets_nothing(data):
    demo_editor()
    (data / "demo-editor.txt").unlink()

    assert demo_editor().password == ""
    assert not (data / "demo-editor.txt").exists()


@pytest.mark.django_db
def test_a_new_database_gets_the_password_that_was_kept(data):
    made = demo_editor()
    User.objects.all().delete()

    assert demo_editor() == made


@pytest.mark.django_db
def test_a_file_that_others_could_read_is_closed(data):
    path = data / "demo-editor.txt"
    path.touch(0o644)
    path.chmod(0o644)

    demo_editor()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
