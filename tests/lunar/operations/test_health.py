import json
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from lunar.operations import health
from lunar.operations.version import VERSION
from lunar.serving.state import current_state

pytestmark = pytest.mark.django_db
SECRET = "far-side"


@pytest.fixture(autouse=True)
def new_process(monkeypatch):
    monkeypatch.setattr(health, "_migrated", False)


def broken(*args, **kwargs):
    raise OperationalError(f"no password {SECRET} for moon@db.example.org")


def ask(client, **headers):
    response = client.get("/healthz", headers=headers)
    assert response["Cache-Control"] == "no-store"
    assert SECRET not in response.content.decode()
    return response.status_code, json.loads(response.content)


def test_all_is_well(client):
    assert ask(client) == (
        200,
        {
            "status": "ok",
            "version": VERSION,
            "data_revision": current_state().number,
            "read_only": None,
            "parts": {"database": "ok", "migrations": "ok", "cache": "ok"},
        },
    )


def test_without_its_database_the_site_is_failing_and_the_process_lives(client, monkeypatch):
    monkeypatch.setattr(connection, "cursor", broken)

    status, said = ask(client)

    assert status == 503
    assert said["status"] == "failing"
    assert said["parts"]["database"] == "failed (OperationalError)"
    assert client.get("/healthz/live").status_code == 200


def test_without_its_migrations_the_site_is_failing_until_they_are_applied(client):
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("operations", "0001_read_only")

    status, said = ask(client)

    assert status == 503
    assert said["parts"]["migrations"] == "1 to be applied: manage.py migrate"
    recorder.record_applied("operations", "0001_read_only")
    assert ask(client)[0] == 200


def test_without_its_cache_the_site_goes_on(client, monkeypatch):
    for answer, told in ((lambda *args: "no answer", "no answer"), (broken, "failed (Operat")):
        cache = SimpleNamespace(set=lambda *args, **kwargs: None, get=answer)
        monkeypatch.setattr(health, "cache", cache)

        status, said = ask(client)

        assert status == 200
        assert said["status"] == "degraded"
        assert said["parts"]["cache"].startswith(told)


def test_migrations_are_looked_up_once_in_a_process(client, queries_of):
    first, second = queries_of(lambda: ask(client)), queries_of(lambda: ask(client))

    assert second < first
    assert second <= 3


@pytest.mark.parametrize("path", ["/healthz", "/healthz/live"])
@pytest.mark.parametrize("host", ["10.0.0.7:8000", "evil.example", "", "a b"])
def test_a_load_balancer_may_name_any_host_and_speak_http(client, settings, path, host):
    settings.SECURE_SSL_REDIRECT = True

    response = client.get(path, headers={"host": host})

    assert response.status_code == 200
    assert "evil" not in f"{response.headers}{response.content}"


@pytest.mark.parametrize("path", ["/", "/healthz/", "/healthz/live/", "//healthz", "/x/../healthz"])
def test_no_other_address_answers_to_another_host(client, path):
    assert client.get(path, headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("method", ["post", "put", "delete", "options"])
def test_health_is_only_read(client, method):
    response = getattr(client, method)("/healthz")

    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"


def test_health_has_the_headers_of_every_answer(client):
    response = client.head("/healthz")

    assert response.status_code == 200
    assert response.content == b""
    assert len(response["X-Request-ID"]) == 16
