"""One run: the site beside its peers on one database, page after page and in turn."""

import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack

from benchmarks import peers
from benchmarks.measure import SLOW, Client, load
from benchmarks.pages import Page
from benchmarks.servers import ServerError

MOST_CONNECTIONS = 16
PATIENCE = {"full": 20, "quick": 8}  # seconds for one page
SECONDS = {"full": 1.0, "quick": 0.3}  # of load for one number
WARMING = 6  # requests for each address before what is measured
LONGEST_WARMING = 20  # times what the load lasts
LONGEST_WAIT = 300  # seconds until a server has done what nobody waits for any more

# Of which pages the same bytes are served as files, for the goals of cached pages.
AS_FILES = {"list", "record: transfer", "API, 100 rows"}


def run(workshop, tell, *, quick=False, only=()):
    """Measure every page at every server; return all that was found, as JSON takes it."""
    pace = "quick" if quick else "full"
    peers.prepare_site(workshop)
    pages = _pages(workshop, only)
    found = {"pages": {}, "notes": []}
    with ExitStack() as stack:
        servers = _started(workshop, stack, found["notes"])
        found["start_up"] = {
            name: {"seconds": server.started_in, "cpu_seconds": server.started_cpu}
            for name, server in servers.items()
        }
        site = servers["not cached"]
        for page in sorted(pages, key=lambda page: page.draws_all):
            if page.draws_all and "memory_mb" not in found:
                found["memory_mb"] = _memory(site)
            tell(page.name)
            found["pages"][page.name] = _measure(page, servers, workshop, pace)
        found.setdefault("memory_mb", _memory(site))
    return found


def _memory(server):
    total, own = server.memory_mb()
    return {"all": total, "own": own, "processes": len(server.processes())}


def _pages(workshop, only):
    asked = subprocess.run(
        [sys.executable, "-m", "benchmarks.pages"],
        env={**os.environ, **workshop.environment()},
        cwd=peers.ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    pages = [Page(**page) for page in json.loads(asked.stdout)]
    return [page for page in pages if not only or page.name in only]


def _started(workshop, stack, notes):
    """Start all servers; one that cannot be is left out with a note."""
    makers = {
        "not cached": lambda: peers.site(workshop, 0, cache="off"),
        "cached": lambda: peers.site(workshop, 1, cache="on"),
        "plain": lambda: peers.plain(workshop, 2),
        "datasette": lambda: peers.datasette(workshop, 3),
        "nginx": lambda: peers.nginx(workshop, 4),
        "granian file": lambda: peers.granian_static(workshop, 5),
    }
    if os.environ.get("DATABASE_URL"):
        del makers["datasette"]
        notes.append("Datasette serves SQLite only: left out.")
        if workshop.database:
            notes.append("CPU includes that of the PostgreSQL server.")
        else:
            notes.append("PostgreSQL runs elsewhere: its CPU is not in these figures.")
    if not peers.NGINX:
        del makers["nginx"]
        notes.append("nginx is not installed: left out.")
    servers = {}
    for name, make in makers.items():
        try:
            servers[name] = stack.enter_context(make())
        except (ServerError, subprocess.CalledProcessError) as error:
            if name in {"not cached", "cached"}:
                raise
            notes.append(f"{name} is left out: {error}")
    return servers


def _measure(page, servers, workshop, pace):
    """Measure one page at every server that has it."""
    asked = {}
    for name, server in servers.items():
        paths = page.addresses(name)
        if name in {"nginx", "granian file"}:
            paths = _as_file(page, asked, workshop, name)
        is_hopeless = name == "cached" and not asked["not cached"].in_time
        if paths and not is_hopeless:
            asked[name] = _Asked(server, paths, pace)
    if "cached" in asked and asked["cached"].etag:
        etag = {"If-None-Match": asked["cached"].etag}
        asked["conditional"] = _Asked(servers["cached"], page.site[:1], pace, etag)
    for connections in (1, MOST_CONNECTIONS):
        for one in asked.values():
            if connections == 1 or (pace == "full" and one.is_fast):
                one.load(connections)
    return {
        "queries": page.queries,
        "rows": page.rows,
        "servers": {name: one.found() for name, one in asked.items()},
    }


def _as_file(page, asked, workshop, server):
    """Write the site's own answer as a file; return its address, or nothing."""
    if page.name not in AS_FILES or not asked["not cached"].body:
        return []
    name = f"{page.name.translate(str.maketrans(': ,', '---'))}.html"
    (workshop.static() / name).write_bytes(asked["not cached"].body)
    return [f"/{name}" if server == "nginx" else f"/static/{name}"]


class _Asked:
    """What one server answers to one kind of page, and what that costs."""

    def __init__(self, server, paths, pace, headers=None):
        self.server, self.paths, self.headers = server, paths, headers or {}
        self.patience, self.seconds = PATIENCE[pace], SECONDS[pace]
        self.is_quick = pace == "quick"
        self.loads = {}
        self._ask_first()

    def _ask_first(self):
        """Ask for each address once: what the first request for it costs."""
        before = self.server.cpu_seconds()
        client = Client(self.server.port, self.patience)
        answers = []
        for path in self.paths:
            answers.append(client.get(path, self.headers, keep_body=not answers))
            if not answers[-1].status:
                break
        client.close()
        after = self.server.cpu_seconds()
        self.first = answers[0]
        self.body, self.etag = self.first.body, self.first.headers.get("etag", "")
        self.first_ms = 1000 * sum(answer.seconds for answer in answers) / len(answers)
        self.first_cpu_ms = 1000 * (after - before) / len(answers)
        self.in_time = all(answer.status for answer in answers)
        if self.in_time:
            self._warm_up()
        else:
            _settle(self.server)

    def _warm_up(self):
        """Let every worker see every address, each time over a connection that any may get."""
        ends = time.monotonic() + LONGEST_WARMING * self.seconds
        for path in self.paths * WARMING:
            client = Client(self.server.port, self.patience)
            client.get(path, self.headers)
            client.close()
            if time.monotonic() > ends:
                break

    @property
    def is_fast(self):
        return self.in_time and self.loads[1].seconds / max(1, self.loads[1].requests) < SLOW

    def load(self, connections):
        if self.in_time:
            fast = self.first.seconds < SLOW and not self.is_quick
            self.loads[connections] = load(
                self.server,
                self.paths,
                connections=connections,
                seconds=self.seconds,
                headers=self.headers,
                fast=fast,
            )

    def found(self):
        if not self.in_time:
            return {"over_seconds": self.patience}
        requests = sum(one.requests for one in self.loads.values())
        cpu = sum(one.cpu_seconds for one in self.loads.values())
        return {
            "status": self.first.status,
            "bytes": self.first.size,
            "first_ms": self.first_ms,
            "first_cpu_ms": self.first_cpu_ms,
            "cpu_ms": 1000 * cpu / requests if requests else None,
            "requests": requests,
            "failed": sum(one.failed for one in self.loads.values()),
            "per_second": {str(n): one.per_second for n, one in self.loads.items()},
        }


def _settle(server):
    """Wait until a server has done what nobody waits for any more."""
    ends = time.monotonic() + LONGEST_WAIT
    busy = server.cpu_seconds()
    while time.monotonic() < ends:
        time.sleep(0.5)
        if server.cpu_seconds() - busy < 0.05:
            return
        busy = server.cpu_seconds()
