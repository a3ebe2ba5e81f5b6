"""How the site and its peers are served: each with the set-up that its own documentation names."""

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.servers import HOST, ServerError, running

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = Path(__file__).with_name("datasette-requirements.txt")
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")

# What Datasette shows for a foreign key, and what it searches.
LABELS = {
    "diplomacy_transfer": "title",
    "diplomacy_transferseries": "name",
    "missions_mission": "name",
    "missions_programme": "name",
    "parties_country": "name",
    "parties_organization": "name",
    "parties_person": "name",
    "sources_source": "title",
}
FULL_TEXT = """
    CREATE VIRTUAL TABLE diplomacy_transfer_fts USING fts5(
      title, material, occasion, meaning, summary,
      content="diplomacy_transfer", content_rowid="id"
    );
    INSERT INTO diplomacy_transfer_fts (diplomacy_transfer_fts) VALUES ('rebuild');
    ANALYZE;
"""
DATASETTE_SETTINGS = {
    "default_page_size": 50,
    "suggest_facets": "off",
    "max_csv_mb": 0,
    "sql_time_limit_ms": 30_000,
    "default_cache_ttl": 0,
}
NGINX_CONFIG = """
daemon off; worker_processes 2; pid {directory}/nginx.pid; error_log {directory}/nginx.log;
events {{ worker_connections 256; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
  open_file_cache max=100; types {{ text/html html; }}
  client_body_temp_path {directory}; proxy_temp_path {directory}; fastcgi_temp_path {directory};
  uwsgi_temp_path {directory}; scgi_temp_path {directory};
  server {{ listen {host}:{port}; root {directory}; }}
}}
"""


@dataclass
class Workshop:
    """Where a run keeps its files, and what it serves; `kept` outlives the run."""

    data: Path  # a LUNAR_DATA_DIR
    kept: Path
    directory: Path
    first_port: int
    database: int | None = None  # process of the PostgreSQL server that site and plain ask
    workers: int = 2

    def port(self, number):
        return self.first_port + number

    def environment(self, **more):
        """Return the production settings of the site, for a private network without HTTPS."""
        own = {
            "DJANGO_SETTINGS_MODULE": "lunar.settings",
            "LUNAR_ENV": "production",
            "LUNAR_SECRET_KEY": secrets.token_urlsafe(48),
            "LUNAR_ALLOWED_HOSTS": HOST,
            "LUNAR_HTTPS": "off",
            "LUNAR_LOG_LEVEL": "WARNING",  # no peer writes a line for each request either
            "LUNAR_PROXIES": "1",
            "LUNAR_DATA_DIR": str(self.data),
            "PYTHONPATH": str(ROOT),
        }
        return {**own, **more}

    def log(self, name):
        return self.directory / f"{name}.log"

    def static(self):
        """Return the directory of the bytes that static servers serve."""
        path = self.directory / "static"
        path.mkdir(exist_ok=True)
        return path


def granian(port, workers, application, *options):
    program = Path(sys.executable).with_name("granian")
    shared = ["--interface", "wsgi", "--host", HOST, "--port", port, "--no-ws", "--http", "1"]
    return [program, *shared, "--workers", workers, "--blocking-threads", 2, *options, application]


def site(workshop, number, *, cache):
    """The site itself; `cache` is "on" or "off"."""
    port = workshop.port(number)
    return running(
        f"site, page cache {cache}",
        port,
        granian(port, workshop.workers, "lunar.wsgi:application"),
        ready="/about/",
        env=workshop.environment(LUNAR_PAGE_CACHE=cache),
        cwd=ROOT,
        log=workshop.log(f"site-{cache}"),
        database=workshop.database,
    )


def plain(workshop, number):
    port = workshop.port(number)
    return running(
        "plain",
        port,
        granian(port, workshop.workers, "benchmarks.plain.wsgi:application"),
        ready="/countries/FR/",
        env=workshop.environment(DJANGO_SETTINGS_MODULE="benchmarks.plain.settings"),
        cwd=ROOT,
        log=workshop.log("plain"),
        database=workshop.database,
    )


def datasette(workshop, number):
    """Datasette on an immutable copy of the database, its rows counted beforehand."""
    program = _datasette_program(workshop.kept)
    database = _datasette_database(workshop, program)
    port = workshop.port(number)
    settings = [part for pair in DATASETTE_SETTINGS.items() for part in ("--setting", *pair)]
    command = [program, "serve", "-i", database, "--inspect-file", database.with_suffix(".counts")]
    metadata = workshop.directory / "metadata.json"
    tables = {table: {"label_column": column} for table, column in LABELS.items()}
    metadata.write_text(json.dumps({"databases": {"record": {"tables": tables}}}))
    return running(
        "datasette",
        port,
        [*command, "--metadata", metadata, *settings, "--host", HOST, "--port", port],
        ready="/-/versions.json",
        log=workshop.log("datasette"),
    )


def nginx(workshop, number):
    port, directory = workshop.port(number), workshop.static()
    file = workshop.directory / "nginx.conf"
    file.write_text(NGINX_CONFIG.format(directory=directory, host=HOST, port=port))
    with contextlib.suppress(KeyError, PermissionError):  # run as root, its workers are www-data
        shutil.chown(directory, "www-data")
        workshop.directory.chmod(0o755)
    return running("nginx", port, [NGINX, "-p", directory, "-c", file], log=workshop.log("nginx"))


def granian_static(workshop, number):
    port, directory = workshop.port(number), workshop.static()
    mounted = ("--static-path-route", "/static", "--static-path-mount", directory)
    return running(
        "static",
        port,
        granian(port, workshop.workers, "benchmarks.plain.wsgi:application", *mounted),
        ready="/countries/FR/",
        env=workshop.environment(DJANGO_SETTINGS_MODULE="benchmarks.plain.settings"),
        cwd=ROOT,
        log=workshop.log("static"),
    )


def _datasette_program(kept):
    """Return the program of an environment that has just what the requirements name."""
    mark = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:12]
    environment = kept / f"datasette-{mark}"
    program = environment / "bin" / "datasette"
    if not (environment / "complete").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=True)  # noqa: S603
        pip = [environment / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", REQUIREMENTS], check=True)  # noqa: S603
        (environment / "complete").touch()
    return program


def _datasette_database(workshop, program):
    """Return a copy of the database with full-text search as Datasette knows it, kept for later."""
    source = workshop.data / "record.sqlite3"
    stat = source.stat()
    directory = workshop.kept / f"record-{stat.st_size}-{stat.st_mtime_ns}"
    database = directory / "record.db"
    if not (directory / "record.counts").exists():
        for old in workshop.kept.glob("record-*"):
            shutil.rmtree(old)
        directory.mkdir(parents=True)
        with contextlib.closing(sqlite3.connect(source)) as connection:
            connection.execute("VACUUM INTO ?", [str(database)])
        with contextlib.closing(sqlite3.connect(database)) as connection:
            connection.executescript(FULL_TEXT)
        inspect = [program, "inspect", database, "--inspect-file", directory / "counting"]
        subprocess.run(inspect, check=True, env={**os.environ})  # noqa: S603
        (directory / "counting").rename(directory / "record.counts")
    return database


def prepare_site(workshop):
    """Bring the database to the present migrations and collect the static files.

    A migration looks at the whole search index afresh, so that there is none without need.
    """

    def manage(*command):
        program = [sys.executable, ROOT / "manage.py", *command]
        return subprocess.run(  # noqa: S603
            program, env={**os.environ, **workshop.environment()}, capture_output=True, text=True
        )

    commands = [["collectstatic", "--no-input"]]
    if manage("migrate", "--check").returncode:
        commands.append(["migrate"])
    for command in commands:
        done = manage(*command)
        if done.returncode:
            raise ServerError(f"{command[0]} fails: {done.stderr[-2000:]}")
