"""Read-only mode: pages go on, nothing is changed, and nothing that was typed is lost."""

import json
import re
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, OperationalError, transaction
from django.test import Client
from django.urls import reverse

from lunar.canonical import loader
from lunar.desk.models import Suggestion
from lunar.operations.models import ReadOnly, ReadOnlyQuerySet
from lunar.parties.models import Country
from tests.factories import make_mission
from tests.html import Page
from tests.lunar.desk.suggestions.conftest import address_of
from tests.webforms import form_fields
from tests.world import HOSTILE

pytestmark = pytest.mark.django_db
REASON = "The server moves until noon."


def run(*arguments, **options):
    output = StringIO()
    call_command(*arguments, stdout=output, **options)
    return output.getvalue()


@pytest.fixture
def read_only():
    run("read_only", "on", reason=REASON)


def test_the_command_turns_it_on_and_off_and_tells():
    assert run("read_only", "status") == "Changes are let through.\n"
    assert run("read_only", "on", reason=f" {REASON} ").endswith(f" UTC: {REASON}\n")
    since = ReadOnly.objects.get().since
    run("read_only", "on", reason="Until one o'clock.")
    assert run("read_only", "status").endswith("UTC: Until one o'clock.\n")
    assert ReadOnly.objects.get().since == since
    assert run("read_only", "off") == "Changes are let through.\n"
    assert run("read_only", "off") == "Changes are let through.\n"


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301])
def test_it_is_not_turned_on_without_a_reason_to_show(reason):
    with pytest.raises(CommandError, match="reason"):
        run("read_only", "on", reason=reason)

    assert not ReadOnly.objects.exists()


def test_there_is_one_row_or_none():
    with pytest.raises(IntegrityError), transaction.atomic():
        ReadOnly.objects.create(pk=2, reason="A second one.")


@pytest.mark.parametrize("path", ["/", "/missions/", "/suggest/", "/api/v1/", "/admin/login/"])
def test_pages_go_on(client, read_only, path):
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_every_method_that_may_change_something_is_refused(client, read_only, settings, method):
    settings.READ_ONLY_RETRY_SECONDS = 17

    response = getattr(client, method)("/suggest/")

    assert response.status_code == 503
    assert response["Retry-After"] == "17"
    assert response["Cache-Control"] == "private, no-store"
    assert REASON in response.content.decode()
    assert Page(response).problems == []


def test_the_api_says_as_ever_that_it_changes_nothing(client, read_only):
    assert client.post("/api/v1/missions/", {}).status_code == 405


def test_what_an_editor_typed_is_kept_and_can_be_sent_again(editor_client, read_only):
    address = reverse("admin:parties_country_add")
    typed = form_fields(editor_client.get(address)) | {
        "code": "FR",
        "name": f"\nFrance {HOSTILE}",
        "kind": "state",
    }

    refused = editor_client.post(address, typed)

    assert refused.status_code == 503
    assert not Country.objects.exists()
    assert Page(refused).problems == []
    again = form_fields(refused)
    del typed["csrfmiddlewaretoken"]  # the page has its own
    assert {name: again[name] for name in typed} == typed
    run("read_only", "off")
    sent = editor_client.post(address, again)
    assert sent.status_code == 302, sent.content.decode()
    assert Country.objects.get().code == "FR"


def test_what_a_reader_typed_is_kept(client, read_only):
    address = address_of(make_mission(), "launch")
    typed = form_fields(client.get(address)) | {"source": "The log of the launch site"}

    refused = client.post(address, typed)

    assert form_fields(refused)["source"] == "The log of the launch site"
    assert not Suggestion.objects.exists()


def test_a_password_goes_into_no_page(client, read_only):
    refused = client.post(reverse("admin:login"), {"username": "moon", "password": "far-side"})

    page = refused.content.decode()
    assert refused.status_code == 503
    assert "far-side" not in page
    assert "Send again" not in page


def test_a_file_has_to_be_chosen_again(client, read_only):
    sent = {"note": "x", "file": SimpleUploadedFile("record.csv", b"a,b")}

    assert "Files are not kept" in client.post("/suggest/", sent).content.decode()


def test_no_other_site_has_its_text_shown_here(read_only):
    client = Client(enforce_csrf_checks=True)

    response = client.post("/suggest/", {"source": "From elsewhere"})

    assert response.status_code == 403
    assert "From elsewhere" not in response.content.decode()


def test_the_desk_says_so_on_every_page(editor_client, client, read_only):
    assert REASON in editor_client.get(reverse("admin:index")).content.decode()
    assert REASON in editor_client.get(reverse("admin:parties_country_add")).content.decode()
    assert REASON in client.get(reverse("admin:login")).content.decode()
    run("read_only", "off")
    assert "No changes can be saved" not in editor_client.get(reverse("admin:index")).text


@pytest.mark.parametrize(
    "command",
    [
        ["load_record"],
        ["adopt_changes", "--reason", "Found."],
        ["add_editor", "moon", "--role", "Editor"],
        ["check_record", "--fix"],
        ["forget_senders"],
    ],
)
def test_commands_that_write_refuse(read_only, command):
    with pytest.raises(CommandError, match="despite-read-only") as refused:
        run(*command)

    assert REASON in str(refused.value)


def test_commands_that_only_look_go_on(read_only):
    assert run("check_record").endswith("The record is sound: nothing found.\n")
    assert run("adopt_changes", "--check") == "Nothing to record.\n"


@pytest.mark.parametrize(
    ("command", "told"),
    [(["read_only", "status"], "Has it been migrated?"), (["load_record"], "Nothing was loaded")],
)
def test_without_tables_commands_say_so(monkeypatch, command, told):
    def fail(queryset):
        raise OperationalError("no such table: operations_readonly")

    monkeypatch.setattr(ReadOnlyQuerySet, "first", fail)
    monkeypatch.setattr(loader, "load", lambda *args, **options: fail(None))

    with pytest.raises(CommandError, match=re.escape(told)):
        run(*command)


def test_maintenance_itself_may_write(read_only):
    assert run("forget_senders", "--despite-read-only") == "0 senders forgotten.\n"


def test_health_says_so(client, read_only):
    assert json.loads(client.get("/healthz").content)["read_only"] == REASON
