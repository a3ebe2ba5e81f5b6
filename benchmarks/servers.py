"""Servers that a run starts, watches and stops: what they cost is read from /proc."""

import os
import signal
import socket
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

HOST = "127.0.0.1"
TICKS = os.sysconf("SC_CLK_TCK")
LONGEST_START = 60  # seconds


class ServerError(Exception):
    """A server did not come up; the message holds the end of what it wrote."""


@dataclass
class Server:
    """A running server: the process that was started, and all below it."""

    name: str
    port: int
    process: subprocess.Popen
    database: int | None = None  # process of a database server that works for it
    started_in: float = 0.0  # seconds from its start to its first answer
    started_cpu: float = 0.0  # CPU seconds of it in that time

    def processes(self):
        """Return the numbers of all its processes."""
        return _tree(self.process.pid)

    def cpu_seconds(self):
        """Return user and system time of all its processes, those that have ended included.

        So is that of the database server, which has to work for no other server meanwhile.
        """
        database = _tree(self.database) if self.database else set()
        return sum(_cpu_seconds(pid) for pid in self.processes() | database)

    def memory_mb(self):
        """Return (all, own) memory in MB; pages shared by its processes count once.

        Its own is without files that are mapped, such as the database.
        """
        total = own = 0
        for pid in self.processes():
            sizes = _sizes(pid)
            total += sizes.get("Pss", 0)
            own += sizes.get("Pss_Anon", 0) + sizes.get("Pss_Shmem", 0)
        return total / 1024, own / 1024


@contextmanager
def running(name, port, command, *, ready="/", env=None, cwd=None, log, database=None):
    """Start a server, wait for its first answer at the address `ready`, and stop it at the end."""
    if not _is_free(port):
        raise ServerError(
            f"Port {port} is in use: stop what listens there, or give another --port."
        )
    with Path(log).open("wb") as output:
        began = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603
            [str(part) for part in command],
            env={**os.environ, **(env or {})},
            cwd=cwd,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        server = Server(name, port, process, database)
        try:
            _wait(server, ready, began, log)
            yield server
        finally:
            _stop(server)


def postgresql_process():
    """Return the process of the PostgreSQL server of DATABASE_URL; None if it runs elsewhere."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        [ours] = connection.execute("SELECT pg_backend_pid()").fetchone()
    try:
        name, _, fields = Path(f"/proc/{ours}/stat").read_text().rpartition(")")
    except OSError:
        return None
    return int(fields.split()[1]) if name.endswith("(postgres") else None


def postgresql_database(url, records):
    """Return the address of a database for so many records beside that of `url`, made if need be.

    Databases of several sizes have the same name but for the number.
    """
    parts = urlsplit(url)
    name = f"{parts.path.removeprefix('/')}_{records}"
    with psycopg.connect(url, autocommit=True) as connection:
        there = connection.execute("SELECT FROM pg_database WHERE datname = %s", [name])
        if there.fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return urlunsplit(parts._replace(path=f"/{name}"))


def _wait(server, ready, began, log):
    while time.perf_counter() - began < LONGEST_START:
        if server.process.poll() is not None:
            break
        connection = HTTPConnection(HOST, server.port, timeout=LONGEST_START)
        try:
            connection.request("GET", ready)
            if connection.getresponse().status < 500:
                server.started_in = time.perf_counter() - began
                server.started_cpu = server.cpu_seconds()
                return
        except (OSError, HTTPException):
            time.sleep(0.02)
        finally:
            connection.close()
    told = Path(log).read_text(errors="replace")[-2000:]
    raise ServerError(f"{server.name} does not answer at {ready}. It wrote:\n{told}")


def _stop(server):
    """End the server's own group of processes, by force if it does not go."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(server.process.pid, how)
            server.process.wait(timeout=5)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def _is_free(port):
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) != 0


def _tree(pid):
    found, new = set(), {pid}
    while new:
        found |= new
        new = {child for one in new for child in _children(one)} - found
    return found


def _children(pid):
    found = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            found += Path(f"/proc/{pid}/task/{task}/children").read_text().split()
    except OSError:  # gone meanwhile
        pass
    return map(int, found)


def _cpu_seconds(pid):
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    fields = stat.rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS  # utime, stime, and of children that have ended


def _sizes(pid):
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        return {}
    return {line.split(":")[0]: int(line.split()[1]) for line in lines}
