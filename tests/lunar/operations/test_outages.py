"""What is answered while the database cannot do its work."""

import sqlite3

import psycopg
import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import ImproperlyConfigured
from django.db import (
    DEFAULT_DB_ALIAS,
    DataError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    connection,
    connections,
)
from django.test import Client
from django.urls import path

from lunar.operations import outages
from lunar.urls import handler500  # noqa: F401  (part of the addresses below)
from lunar.urls import urlpatterns as site
from tests.html import Page
from tests.lunar.test_views import CSP
from tests.webforms import form_fields

pytestmark = pytest.mark.django_db

TYPED = "Line one\nand “two” <b>&"


def sqlite_error(code):
    error = sqlite3.OperationalError("of the driver")
    error.sqlite_errorcode = code
    return error


def database_error(kind, cause=None):
    error = kind("not for the public")
    error.__cause__ = cause
    return error


def fail(request):
    raise fail.error


urlpatterns = [path("fails/", fail), path("api/v1/fails/", fail), *site]

OUTAGES = {
    "locked": database_error(OperationalError, sqlite_error(sqlite3.SQLITE_BUSY)),
    "snapshot": database_error(OperationalError, sqlite_error(sqlite3.SQLITE_BUSY_SNAPSHOT)),
    "full": database_error(OperationalError, sqlite_error(sqlite3.SQLITE_FULL)),
    "failing disk": database_error(OperationalError, sqlite_error(sqlite3.SQLITE_IOERR_WRITE)),
    "no file": database_error(OperationalError, sqlite_error(sqlite3.SQLITE_CANTOPEN)),
    "gone": database_error(OperationalError, psycopg.OperationalError()),
    "deadlock": database_error(OperationalError, psycopg.errors.DeadlockDetected()),
    "disk full": database_error(OperationalError, psycopg.errors.DiskFull()),
    "too slow": database_error(OperationalError, psycopg.errors.QueryCanceled()),
    "closed": database_error(InterfaceError, psycopg.InterfaceError()),
}
FAULTS = {
    "wrong statement": database_error(OperationalError, sqlite_error(sqlite3.SQLITE_ERROR)),
    "no table": database_error(ProgrammingError, psycopg.errors.UndefinedTable()),
    "bad data": database_error(DataError),
    "other": ImproperlyConfigured("not for the public"),
}


@pytest.fixture
def client(settings):
    settings.ROOT_URLCONF = __name__
    settings.DEBUG = False
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("name", OUTAGES)
@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_an_outage_is_told_in_words_for_a_while(client, name, method):
    fail.error = OUTAGES[name]

    response = getattr(client, method)("/fails/")

    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert response["Cache-Control"] == "private, no-store"
    assert {one.strip() for one in response["Content-Security-Policy"].split(";")} == {
        one.strip() for one in CSP.split(";")
    }
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert b"not for the public" not in response.content


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_the_program_is_none(client, name):
    fail.error = FAULTS[name]

    response = client.post("/fails/", {"aim": TYPED})

    assert response.status_code == 500
    assert b"Something went wrong here" in response.content


def test_a_reader_is_told_that_nothing_is_lost(client):
    fail.error = OUTAGES["gone"]

    page = Page(client.get("/fails/"))

    assert page.problems == []
    assert "<h1>The record is out of reach</h1>" in page.text
    assert "Nothing is lost." in page.text


def test_whoever_saves_gets_back_all_that_was_sent(client):
    fail.error = OUTAGES["locked"]
    sent = {"aim": TYPED, "types": ["1", "2"], "_continue": "Save", "empty": ""}

    response = client.post("/fails/", sent)

    page = response.content.decode()
    assert "This could not be saved" in page
    assert "Nothing was changed." in page
    assert form_fields(response) == sent
    assert Page(response).problems == []


@pytest.mark.parametrize("name", ["password", "new_password1"])
def test_a_password_is_not_sent_back(client, name):
    fail.error = OUTAGES["locked"]

    response = client.post("/fails/", {"username": "editor", name: "far-side-2019"})

    page = response.content.decode()
    assert "far-side-2019" not in page
    assert "Go back, and send it again" in page


def test_a_file_has_to_be_chosen_again(client, tmp_path):
    fail.error = OUTAGES["locked"]
    (tmp_path / "people.csv").write_text("slug,name")

    with (tmp_path / "people.csv").open() as file:
        response = client.post("/fails/", {"reason": "As the list says.", "file": file})

    assert "Go back, and send it again" in response.content.decode()


def test_what_is_too_much_to_be_read_is_not_sent_back(client, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    fail.error = OUTAGES["locked"]

    response = client.post("/fails/", {str(n): "1" for n in range(3)})

    assert response.status_code == 503
    assert "Go back, and send it again" in response.content.decode()


def test_a_program_is_told_as_of_any_problem(client):
    fail.error = OUTAGES["gone"]

    response = client.get("/api/v1/fails/")

    assert (response.status_code, response["Content-Type"]) == (503, "application/problem+json")
    assert response["Retry-After"] == "30"
    assert response["Cache-Control"] == "no-store"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response.json()["type"].endswith("/api/v1/docs/#problem-unavailable")


class Lost:
    """A connection that ends between the word to commit and the answer."""

    def commit(self):
        raise psycopg.OperationalError("the connection is lost")


def test_a_commit_without_an_answer_is_told_as_what_it_is(client):
    """What SQLite says of a commit is certain."""
    other = connections.create_connection(DEFAULT_DB_ALIAS)
    other.connection = Lost()
    with pytest.raises(Exception, match="the connection is lost") as lost:
        other._commit()
    fail.error = OperationalError("lost").with_traceback(lost.value.__traceback__)

    response = client.post("/fails/", {"aim": TYPED})

    is_told = "This may not have been saved" in response.content.decode()
    assert is_told == (connection.vendor == "postgresql")


def test_pages_met_by_an_outage_anywhere_need_no_database(client, monkeypatch):
    """Not even where a middleware meets it, before there is a view."""

    def load(self):
        raise OUTAGES["gone"]

    monkeypatch.setattr(SessionStore, "load", load)
    client.cookies["sessionid"] = "a" * 32

    response = client.get("/admin/")

    assert response.status_code == 503
    assert response["Cache-Control"] == "private, no-store"
    assert outages.is_outage(OUTAGES["gone"])
