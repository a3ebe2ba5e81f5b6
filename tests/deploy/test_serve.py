"""The application server with the command line of deploy/: it answers, and ends gracefully."""

import json
import re
import signal
import sqlite3
import threading
import time
from contextlib import contextmanager

import psycopg
import pytest

from tests.deploy.production import (
    DEPLOY,
    ask,
    command_of_unit,
    production,
    running,
)
from tests.installation import SERVER

TOKEN = "made for these tests only"
FORM = {"Content_Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    directory = tmp_path_factory.mktemp("production")
    with production(directory, SERVER, LUNAR_METRICS_TOKEN=TOKEN) as environment:
        yield environment


@pytest.fixture
def log(tmp_path):
    return tmp_path / "log"


@pytest.fixture
def server(environment, log):
    command = command_of_unit("lunar-record-site.service")
    with running(command, environment, port_of(environment), log) as process:
        yield process


@pytest.fixture
def port(environment):
    return port_of(environment)


def port_of(environment):
    return int(environment["GRANIAN_PORT"])


@contextmanager
def nobody_else_writes(environment):
    """Make whoever wants to count a wrong password wait."""
    if environment["DATABASE_URL"]:
        with psycopg.connect(environment["DATABASE_URL"]) as connection:
            connection.execute("LOCK TABLE axes_accessattempt IN ACCESS EXCLUSIVE MODE")
            yield
    else:
        file = sqlite3.connect(f"{environment['LUNAR_DATA_DIR']}/record.sqlite3")
        file.execute("BEGIN IMMEDIATE")
        yield
        file.close()


@contextmanager
def slow_request(environment, port):
    """Send a request that is answered when the block ends; yields the list for its answer."""
    form = ask(port, "/admin/login/")
    cookie = form.getheader("Set-Cookie").partition(";")[0]
    [token] = set(re.findall('name="csrfmiddlewaretoken" value="([^"]+)"', form.body))
    sent = f"csrfmiddlewaretoken={token}&username=moon&password=wrong"
    answers = []

    def send():
        answers.append(ask(port, "/admin/login/", "POST", sent, Cookie=cookie, **FORM))

    thread = threading.Thread(target=send)
    with nobody_else_writes(environment):
        thread.start()
        thread.join(2)
        assert thread.is_alive()
        yield answers
    thread.join(30)


def test_the_container_starts_what_the_unit_starts():
    text = (DEPLOY / "Containerfile").read_text()

    assert 'CMD ["deploy/serve"]' in text
    assert command_of_unit("lunar-record-site.service") == [str(DEPLOY / "serve")]


def test_the_site_answers_and_logs_in_json(environment, server, log, port):
    answer = ask(port, "/healthz")
    front = ask(port, "/")
    elsewhere = ask(port, "/", Host="evil.example")

    assert answer.status == 200
    assert json.loads(answer.body)["status"] == "ok"
    assert (front.status, elsewhere.status) == (200, 400)
    said = [json.loads(line) for line in log.read_text().splitlines()]
    told = [one for one in said if one.get("request_id") == front.getheader("X-Request-ID")]
    assert [(one["path"], one["status"], one["bytes"]) for one in told] == [
        ("/", 200, len(front.body.encode()))
    ]
    assert {one["logger"].partition(".")[0] for one in said} <= {"_granian", "lunar"}


@pytest.mark.parametrize(("size", "status"), [(50_000, 200), (200_000, 431)])
def test_headers_have_a_limit(server, port, size, status):
    assert ask(port, "/about/", X_Filler="x" * size).status == status


def test_whichever_worker_answers_tells_the_figures_of_all(server, port):
    told = []
    for _ in range(20):
        ask(port, "/about/")
        said = ask(port, "/metrics", Authorization=f"Bearer {TOKEN}").body
        told += re.findall(r'^lunar_requests_total{.*route="about".*} (\S+)$', said, re.MULTILINE)

    assert [float(number) for number in told] == [float(n) for n in range(1, 21)]
    assert ask(port, "/metrics").status == 404


def test_a_request_under_way_is_answered_before_the_server_ends(environment, server, port):
    with slow_request(environment, port) as answers:
        server.send_signal(signal.SIGTERM)
        time.sleep(1)
        assert server.poll() is None

    assert [answer.status for answer in answers] == [200]
    assert "correct username and password" in answers[0].body
    assert server.wait(timeout=30) == 0


def test_a_reload_starts_new_workers_and_nobody_goes_without_an_answer(
    environment, server, port, log
):
    before = log.read_text().count("Started worker-")
    with slow_request(environment, port) as answers:
        server.send_signal(signal.SIGHUP)
        time.sleep(3)
        assert ask(port, "/about/").status == 200

    assert [answer.status for answer in answers] == [200]
    until = time.monotonic() + 40
    while log.read_text().count("Started worker-") < 2 * before:
        assert ask(port, "/about/").status == 200
        assert time.monotonic() < until
        time.sleep(0.1)
