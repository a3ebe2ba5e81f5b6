"""Settings in processes of their own: production by default, and it refuses what is not safe."""

import os
import subprocess
import sys

import pytest

from lunar.settings import BASE_DIR, MIDDLEWARE

SAFE = {
    "LUNAR_ENV": "production",
    "LUNAR_SECRET_KEY": "a key of fifty characters, kept secret by its owner",
    "LUNAR_ALLOWED_HOSTS": "moon.example.org, www.moon.example.org",
}
SHOW = "from django.conf import settings as s; print(s.{})"


def python(*arguments, **environment):
    """Run Python in the project with no other settings than these; return the finished process."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("LUNAR_") and not name.endswith("_URL")
    }
    given = {name: value for name, value in environment.items() if value is not None}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=BASE_DIR,
        env=kept | {"DJANGO_SETTINGS_MODULE": "lunar.settings"} | given,
        capture_output=True,
        text=True,
        check=False,
    )


def start(**environment):
    return python("-c", SHOW.format("SECRET_KEY"), **SAFE | environment)


@pytest.mark.parametrize(
    ("unsafe", "message"),
    [
        ({"LUNAR_SECRET_KEY": None}, "LUNAR_SECRET_KEY needs at least 50 characters"),
        ({"LUNAR_SECRET_KEY": "x" * 49}, "LUNAR_SECRET_KEY needs at least 50 characters"),
        ({"LUNAR_ALLOWED_HOSTS": None}, "LUNAR_ALLOWED_HOSTS needs the site's host names"),
        ({"LUNAR_ALLOWED_HOSTS": " , "}, "LUNAR_ALLOWED_HOSTS needs the site's host names"),
        ({"LUNAR_ALLOWED_HOSTS": "a.org, *"}, "LUNAR_ALLOWED_HOSTS needs the site's host names"),
        ({"LUNAR_DEBUG": "on"}, "LUNAR_DEBUG must be off"),
        ({"LUNAR_ENV": "prod"}, "LUNAR_ENV has to be 'production' or 'local'"),
        ({"DATABASE_REPLICA_URL": "postgres://b/record"}, "DATABASE_REPLICA_URL needs the DATABAS"),
        ({"LUNAR_METRICS_TOKEN": "x" * 19}, "LUNAR_METRICS_TOKEN needs at least 20 characters"),
        ({"LUNAR_HTTPS": "no"}, "LUNAR_HTTPS has to be 'on' or 'off'"),
        ({"LUNAR_PROXIES": "one"}, "LUNAR_PROXIES has to be a whole number from 0 to 10"),
        ({"LUNAR_PROXIES": "-1"}, "LUNAR_PROXIES has to be a whole number from 0 to 10"),
        ({"LUNAR_PROXIES": "11"}, "LUNAR_PROXIES has to be a whole number from 0 to 10"),
        ({"LUNAR_PROXIES": "²"}, "LUNAR_PROXIES has to be a whole number from 0 to 10"),
        ({"CACHE_URL": "redis://:kept secret by its owner@"}, "CACHE_URL cannot be used"),
    ],
)
def test_production_refuses_to_start_unsafe(unsafe, message, tmp_path):
    process = start(LUNAR_DATA_DIR=str(tmp_path), **unsafe)

    assert process.returncode != 0
    assert message in process.stderr
    assert "kept secret by its owner" not in process.stderr


def test_production_is_the_default_and_all_that_is_missing_is_told_at_once(tmp_path):
    process = start(**dict.fromkeys(SAFE), LUNAR_DATA_DIR=str(tmp_path))

    assert "LUNAR_SECRET_KEY" in process.stderr
    assert "LUNAR_ALLOWED_HOSTS" in process.stderr
    assert list(tmp_path.iterdir()) == []


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    wrong = {
        "LUNAR_SECRET_KEY": "short",
        "LUNAR_PROXIES": "two",
        "LUNAR_HTTPS": "yes",
        "DATABASE_URL": "mysql://moon@host/record",
        "CACHE_URL": "memcached://host",
        "LUNAR_DATA_DIR": str(tmp_path),
    }

    process = start(**wrong)

    told = process.stderr.split("environment variables:")[1]
    assert [name for name in wrong if name not in told] == ["LUNAR_DATA_DIR"]


def test_production_starts_when_it_is_safe(tmp_path):
    process = start(LUNAR_SECRET_KEY="x" * 50, LUNAR_DATA_DIR=str(tmp_path))

    assert process.stdout == "x" * 50 + "\n"


def test_check_deploy_finds_nothing(tmp_path):
    process = python(
        *("-W", "error", "manage.py", "check", "--deploy", "--fail-level", "WARNING"),
        **SAFE,
        LUNAR_DATA_DIR=str(tmp_path),
    )

    assert process.returncode == 0, process.stderr
    assert "no issues" in process.stdout + process.stderr


@pytest.mark.parametrize(("https", "redirected"), [(None, True), ("on", True), ("off", False)])
def test_production_speaks_https_unless_it_is_told_not_to(tmp_path, https, redirected):
    show = SHOW.format("SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE")

    process = python("-c", show, **SAFE, LUNAR_HTTPS=https, LUNAR_DATA_DIR=str(tmp_path))

    assert process.stdout.split() == [str(redirected)] * 3


ASK = """
import django
django.setup()
from django.test import Client
answer = Client().get("/robots.txt", secure=True, headers={"host": "moon.example.org"})
print(answer.status_code, answer.get("Strict-Transport-Security"), sep="\\n")
"""


@pytest.mark.parametrize(
    ("https", "told"), [(None, "max-age=31536000; includeSubDomains; preload"), ("off", "None")]
)
def test_browsers_are_told_to_come_by_https_from_now_on(tmp_path, https, told):
    process = python("-c", ASK, **SAFE, LUNAR_HTTPS=https, LUNAR_DATA_DIR=str(tmp_path))

    assert process.stdout.splitlines()[-2:] == ["200", told], process.stderr  # after the log


def local(data, show="SECRET_KEY"):
    return python("-c", SHOW.format(show), LUNAR_ENV="local", LUNAR_DATA_DIR=str(data)).stdout


def test_a_local_key_is_made_once_and_kept_for_its_owner_alone(tmp_path):
    data = tmp_path / "new" / "place"

    first, second = local(data), local(data)

    assert len(first.strip()) >= 50
    assert first == second
    assert (data / "secret-key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in data.iterdir()] == ["secret-key"]


def test_debug_is_off_unless_it_is_asked_for_by_name(tmp_path):
    assert local(tmp_path, "DEBUG") == "False\n"
    process = python(
        *("-c", SHOW.format("DEBUG")),
        LUNAR_ENV="local",
        LUNAR_DEBUG="on",
        LUNAR_DATA_DIR=str(tmp_path),
    )
    assert process.stdout == "True\n"


def test_the_database_waits_for_writers_and_survives_a_power_cut(tmp_path):
    show = (
        "import django; django.setup()\n"
        "from django.db import connection\n"
        "with connection.cursor() as cursor:\n"
        "    print([cursor.execute(f'PRAGMA {name}').fetchone()[0]\n"
        "           for name in ('journal_mode', 'synchronous', 'busy_timeout', 'foreign_keys')])\n"
        "print(connection.settings_dict['OPTIONS']['transaction_mode'])"
    )

    process = python("-c", show, LUNAR_ENV="local", LUNAR_DATA_DIR=str(tmp_path))

    assert process.stdout == "['wal', 2, 20000, 1]\nIMMEDIATE\n"


def test_an_address_of_postgresql_replaces_the_file(tmp_path):
    show = SHOW.format("DATABASES['default']['ENGINE'], s.DATABASES['default']['NAME']")

    process = python(
        *("-c", show),
        LUNAR_ENV="local",
        LUNAR_DATA_DIR=str(tmp_path),
        DATABASE_URL="postgres://moon@/record?host=/run/postgresql",
    )

    assert process.stdout == "django.db.backends.postgresql record\n"


@pytest.mark.parametrize("environment", ["local", "production"])
def test_a_wrong_address_of_a_database_is_refused_without_its_password(tmp_path, environment):
    wrong = "postgres://moon:far@side@host/record"

    process = python(
        *("manage.py", "check"),
        **SAFE | {"LUNAR_ENV": environment},
        LUNAR_DATA_DIR=str(tmp_path),
        DATABASE_URL=wrong,
    )

    assert process.returncode != 0
    assert "ImproperlyConfigured: The site does not start" in process.stderr
    assert "DATABASE_URL cannot be used: it has more than one @" in process.stderr
    assert "side" not in process.stderr


def test_no_cache_keeps_pages_for_the_whole_site():
    assert [name for name in MIDDLEWARE if "cache" in name.lower()] == []


def test_contacts_for_security_are_addresses_that_can_be_followed(tmp_path):
    given = "moon@example.org, https://example.org/report tel:+44-20-1,"
    process = python(
        *("-c", SHOW.format("SECURITY_CONTACTS")),
        LUNAR_ENV="local",
        LUNAR_DATA_DIR=str(tmp_path),
        LUNAR_SECURITY_CONTACT=given,
    )

    assert process.stdout.split() == [
        "['mailto:moon@example.org',",
        "'https://example.org/report',",
        "'tel:+44-20-1']",
    ]
