import time

import pytest
from django.urls import reverse

from lunar.desk.models import Suggestion
from lunar.desk.suggestions import stamps
from tests.webforms import form_fields


@pytest.fixture
def send(client, monkeypatch):
    """Open the form for a record as a reader does, fill it in and send it after a while."""

    def send(record, field="", *, after=60, **said):
        page = address_of(record, field)
        fields = form_fields(client.get(page)) | {"source": "NASA press kit, p. 3"} | said
        now = time.time()
        with monkeypatch.context() as patch:
            patch.setattr(stamps.time, "time", lambda: now + after)
            return client.post(page, fields)

    return send


@pytest.fixture
def suggest(send):
    """Send a suggestion that is taken, and return it."""

    def suggest(record, field="", **said):
        response = send(record, field, **said)
        assert response.status_code == 302, response.content.decode()
        return Suggestion.objects.latest("pk")

    return suggest


def address_of(record, field=""):
    key = record.natural_key()[0]
    return f"{reverse('suggest')}?record={record._meta.model_name}/{key}&field={field}"
