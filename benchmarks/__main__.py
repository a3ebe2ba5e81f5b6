"""Measure the site beside its peers; see benchmarks/README.md."""

import argparse
import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import report
from benchmarks.generate import SEED
from benchmarks.peers import ROOT, Workshop
from benchmarks.run import run
from benchmarks.servers import postgresql_database, postgresql_process

DEFAULT_RECORDS, FEW_RECORDS = [30_000], [1_000]


def main():
    options = parse()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Ended."))  # with all servers, as by Ctrl-C
    options.kept.mkdir(parents=True, exist_ok=True)
    results = {}
    postgresql = os.environ.get("DATABASE_URL")
    database_server = postgresql_process() if postgresql else None
    for records in options.records:
        if postgresql:
            os.environ["DATABASE_URL"] = postgresql_database(postgresql, records)
        data = options.data or database(records, options.kept)
        tell(f"{records:,} records in {'PostgreSQL' if postgresql else data}")
        with tempfile.TemporaryDirectory(prefix="lunar-record-benchmarks-") as directory:
            workshop = Workshop(data, options.kept, Path(directory), options.port, database_server)
            found = run(workshop, tell, quick=options.quick, only=options.only)
            if not (options.quick or options.only):
                found["load_seconds"] = seconds_to_load(Path(directory, "empty"))
        results[records] = found
        write("", *report.tables(found))
    smallest, *larger = sorted(results)
    for records in larger:
        write(f"From {smallest:,} to {records:,} records")
        write(*report.goal_lines(report.growth(results[smallest], results[records])))
    if options.json:
        options.json.write_text(json.dumps(as_json(results), indent=1))


def parse():
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--records", type=int, nargs="+", help="sizes: 1000 30000 300000; 30000 unless said"
    )
    parser.add_argument("--quick", action="store_true", help="rough figures of 1,000 records")
    parser.add_argument("--json", type=Path, help="write everything that was found into this file")
    parser.add_argument("--only", nargs="+", default=(), help="pages by their names: list search")
    parser.add_argument("--data", type=Path, help="a LUNAR_DATA_DIR filled by benchmarks.generate")
    parser.add_argument("--port", type=int, default=8100, help="the first of six ports")
    parser.add_argument(
        "--kept",
        type=Path,
        default=Path(tempfile.gettempdir(), "lunar-record-benchmarks"),
        help="where databases and Datasette are kept for the next run",
    )
    options = parser.parse_args()
    options.records = options.records or (FEW_RECORDS if options.quick else DEFAULT_RECORDS)
    return options


def database(records, kept):
    """Return the data directory of a database with so many records, made if there is none yet."""
    url = os.environ.get("DATABASE_URL", "")
    data = kept / f"data-{records}-{hashlib.sha256(url.encode()).hexdigest()[:12] if url else SEED}"
    complete = data / "complete"
    if not complete.exists():
        tell(f"Making {records:,} records, once")
        target = [] if url else ["--into", data]
        command = [sys.executable, "-m", "benchmarks.generate", str(records), "--seed", str(SEED)]
        subprocess.run([*command, *target], cwd=ROOT, check=True)  # noqa: S603
        data.mkdir(exist_ok=True)
        complete.touch()
    return data


def seconds_to_load(directory):
    """Return how long the fixtures take to load into an empty SQLite database."""
    own = {"LUNAR_ENV": "local", "LUNAR_DATA_DIR": str(directory), "DATABASE_URL": ""}
    began = 0
    for command in ("migrate", "load_record"):
        began = time.perf_counter()
        subprocess.run(  # noqa: S603
            [sys.executable, ROOT / "manage.py", command, "-v0"],
            env={**os.environ, **own},
            check=True,
            stdout=subprocess.DEVNULL,
        )
    return time.perf_counter() - began


def as_json(results):
    """Return the results with their goals, each told in full."""
    found = {
        str(records): one
        | {"goals": [vars(goal) | {"is_met": goal.is_met} for goal in report.goals(one)]}
        for records, one in results.items()
    }
    smallest = min(results)
    growth = {
        str(records): [vars(goal) for goal in report.growth(results[smallest], results[records])]
        for records in results
        if records != smallest
    }
    return {"sizes": found, "growth": growth}


def tell(text):
    """Say what is being done."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')}  {text}\n")


def write(*lines):
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
