"""A database with the real record and any number of made-up ones: `python -m benchmarks.generate`.

    python -m benchmarks.generate 300000 --into DIRECTORY
    DATABASE_URL=postgres://… python -m benchmarks.generate 300000

The directory is then a LUNAR_DATA_DIR. The same number and seed give the same rows.
"""

import argparse
import os
import sys
import time
from pathlib import Path

SEED = 1969


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generate", description=__doc__)
    parser.add_argument("records", type=int, help="how many records to make up: 300000")
    parser.add_argument("--into", type=Path, help="directory for a SQLite database")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    if options.into:
        options.into.mkdir(parents=True, exist_ok=True)
        os.environ["LUNAR_DATA_DIR"] = str(options.into)
        os.environ.pop("DATABASE_URL", None)
    elif not os.environ.get("DATABASE_URL"):
        parser.error("say where: --into DIRECTORY, or a PostgreSQL database in DATABASE_URL")
    generate(options.records, options.seed)


def generate(records, seed):
    """Fill the database that the environment names; it must be empty."""
    os.environ.setdefault("LUNAR_ENV", "local")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lunar.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from benchmarks.filling import fill
    from lunar.canonical.loader import load
    from lunar.sources.models import Source

    call_command("migrate", verbosity=0)
    if Source.objects.exists():
        sys.exit("This database has records already: name an empty one.")
    load(settings.BASE_DIR / "fixtures")
    run_on_sqlite("PRAGMA synchronous=OFF", "PRAGMA cache_size=-262144")  # no harm in a power cut
    started = time.monotonic()
    for done in fill(records, seed):
        seconds = time.monotonic() - started
        sys.stdout.write(f"\r{done:,} of {records:,} records, {seconds:.0f} s")
        sys.stdout.flush()
    sys.stdout.write("\n")
    run_on_sqlite("PRAGMA wal_checkpoint(TRUNCATE)")


def run_on_sqlite(*statements):
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


if __name__ == "__main__":
    main()
