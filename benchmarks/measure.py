"""Requests to a server, and what each of them cost: CPU of the server, bytes, time.

Load comes from wrk where it is installed and the page is fast, else from threads of this process;
both keep their connections open and are bounded in time. What is counted is the CPU time of the
server, which a busy machine changes less than the time on a clock.
"""

import itertools
import shutil
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from benchmarks.servers import HOST

PATIENCE = 60  # seconds for one answer, where nothing else is said
LEAST = 3  # requests of which a mean is taken
ACCEPTED = {"Accept-Encoding": "gzip, deflate, br"}  # by every browser
SLOW = 0.15  # seconds of an answer, from which on requests are sent one by one
WRK = shutil.which("wrk")

# Each request asks for the next address of the list. The forwarded address changes, too, so that
# a limit of requests for each client is not what is measured.
SCRIPT = """
local paths, headers, n = {%s}, {%s}, 0
request = function()
  n = n + 1
  headers["X-Forwarded-For"] = "10." .. n %% 250 .. "." .. math.floor(n / 250) %% 250 .. ".1"
  return wrk.format("GET", paths[n %% #paths + 1], headers)
end
done = function(summary)
  local e = summary.errors
  local failed = e.connect + e.read + e.write + e.status + e.timeout
  io.write(string.format("RESULT %%d %%d %%d\\n", summary.requests, summary.duration, failed))
end
"""


@dataclass
class Answer:
    status: int
    headers: dict
    size: int
    seconds: float
    body: bytes


@dataclass
class Load:
    """What some requests cost."""

    requests: int
    seconds: float
    cpu_seconds: float
    failed: int = 0

    @property
    def cpu_ms(self):
        return 1000 * self.cpu_seconds / self.requests if self.requests else None

    @property
    def per_second(self):
        return self.requests / self.seconds if self.seconds else None


class Client:
    """One connection kept open, as a browser would."""

    numbers = itertools.count(1)

    def __init__(self, port, patience=PATIENCE):
        self.port, self.patience, self.connection = port, patience, None

    def get(self, path, headers=None, keep_body=False):
        """Return the Answer; one that does not come in time has status 0."""
        began = time.perf_counter()
        number = next(self.numbers)
        forwarded = {"X-Forwarded-For": f"10.{number % 250}.{number // 250 % 250}.2"}
        try:
            if self.connection is None:
                self.connection = HTTPConnection(HOST, self.port, timeout=self.patience)
            self.connection.request("GET", path, headers=forwarded | ACCEPTED | (headers or {}))
            response = self.connection.getresponse()
            body, size = b"", 0
            while chunk := response.read(1 << 16):
                size += len(chunk)
                if keep_body:
                    body += chunk
                if time.perf_counter() - began > self.patience:
                    raise TimeoutError
        except (OSError, HTTPException):
            self.close()
            return Answer(0, {}, 0, time.perf_counter() - began, b"")
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, headers, size, time.perf_counter() - began, body)

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None


def load(server, paths, *, connections, seconds, headers=None, fast=True):
    """Ask a server for `paths`, one after the other, for some seconds; return the Load."""
    before = server.cpu_seconds()
    if WRK and fast:
        requests, took, failed = _with_wrk(
            server.port, paths, connections, seconds, ACCEPTED | (headers or {})
        )
    else:
        requests, took, failed = _with_threads(server.port, paths, connections, seconds, headers)
    return Load(requests, took, server.cpu_seconds() - before, failed)


def _with_wrk(port, paths, connections, seconds, headers):
    script = SCRIPT % (
        ", ".join(map(_lua, paths)),
        ", ".join(f"[{_lua(name)}] = {_lua(value)}" for name, value in headers.items()),
    )
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory, "paths.lua")
        file.write_text(script)
        command = [WRK, "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s"]
        done = subprocess.run(  # noqa: S603
            [*command, "--timeout", f"{PATIENCE}s", "-s", str(file), f"http://{HOST}:{port}"],
            capture_output=True,
            text=True,
            check=True,
            timeout=seconds + PATIENCE,
        )
    [result] = [line.split()[1:] for line in done.stdout.splitlines() if line.startswith("RESULT")]
    requests, microseconds, failed = map(int, result)
    return requests, microseconds / 1e6, failed


def _lua(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _with_threads(port, paths, connections, seconds, headers):
    """Every thread asks at least once, and once more while there is time for it."""
    turn = itertools.count()
    counts = []
    began = time.perf_counter()

    def ask():
        client = Client(port)
        while True:
            answer = client.get(paths[next(turn) % len(paths)], headers)
            counts.append(200 <= answer.status < 400)
            spent = time.perf_counter() - began + answer.seconds
            if spent > (seconds if len(counts) >= LEAST else LEAST * seconds):
                break
        client.close()

    threads = [threading.Thread(target=ask) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts), time.perf_counter() - began, len(counts) - sum(counts)
