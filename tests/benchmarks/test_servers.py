import os
import socket
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from benchmarks.measure import Client, load
from benchmarks.servers import (
    HOST,
    ServerError,
    postgresql_database,
    postgresql_process,
    running,
)
from tests.databases import ON_POSTGRESQL

SERVE = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        status = 404 if self.path == "/none" else 200
        self.send_response(status)
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"moon")
    def log_message(self, *args): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind((HOST, 0))
        return free.getsockname()[1]


@pytest.fixture
def server(port, tmp_path):
    command = [sys.executable, "-c", SERVE, port]
    with running("a server", port, command, log=tmp_path / "log") as server:
        yield server


def test_a_server_is_up_when_it_is_handed_over_and_gone_afterwards(port, tmp_path):
    command = [sys.executable, "-c", SERVE, port]
    with (
        running("a server", port, command, log=tmp_path / "log") as one,
        closing(Client(port)) as client,
    ):
        answer = client.get("/", keep_body=True)

        assert (answer.status, answer.body, answer.size) == (200, b"moon", 4)
        assert one.process.pid in one.processes()
        assert one.cpu_seconds() > 0
        assert one.memory_mb()[0] > 1

    assert one.process.poll() is not None
    assert Client(port).get("/").status == 0


def test_a_server_that_ends_at_once_tells_why(port, tmp_path):
    command = [sys.executable, "-c", "raise SystemExit('No such database.')"]

    with (
        pytest.raises(ServerError, match=r"No such database\."),
        running("a server", port, command, log=tmp_path / "log"),
    ):
        pass


def test_a_port_in_use_is_refused(server, tmp_path):
    with (
        pytest.raises(ServerError, match="is in use"),
        running("another", server.port, ["true"], log=tmp_path / "other"),
    ):
        pass


@pytest.mark.parametrize("connections", [1, 4])
def test_a_load_counts_answers_and_failures(server, connections):
    good = load(server, ["/a", "/b"], connections=connections, seconds=0.1, fast=False)
    bad = load(server, ["/none"], connections=connections, seconds=0.1, fast=False)

    assert good.requests >= connections
    assert good.failed == 0
    assert good.cpu_ms >= 0
    assert bad.requests == 0
    assert bad.failed >= connections


def test_what_a_database_server_does_for_it_counts(port, tmp_path):
    command = [sys.executable, "-c", SERVE, port]
    with running("a server", port, command, log=tmp_path / "log", database=os.getpid()) as server:
        assert os.getpid() not in server.processes()
        before = server.cpu_seconds()
        sum(range(10**7))

        assert server.cpu_seconds() - before > 0.05


@ON_POSTGRESQL
def test_the_database_server_of_this_machine_is_found():
    process = postgresql_process()

    assert Path(f"/proc/{process}/comm").read_text().strip() == "postgres"


@ON_POSTGRESQL
def test_each_size_gets_a_database_of_its_own_once():
    beside = os.environ["DATABASE_URL"]
    name = f"{urlsplit(beside).path[1:]}_7"
    try:
        [address] = {postgresql_database(beside, 7) for _ in range(2)}
        with psycopg.connect(address) as connection:
            assert connection.execute("SELECT current_database()").fetchone() == (name,)
    finally:
        with psycopg.connect(beside, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
