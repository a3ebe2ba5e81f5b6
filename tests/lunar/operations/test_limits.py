"""The limits of what a request may bring, at, below and above each number in the settings."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
ACCEPTED, REFUSED = 200, 400


def send(client, data, **more):
    return client.post(reverse("admin:login"), data, **more).status_code


@pytest.mark.parametrize(("more", "status"), [(-1, ACCEPTED), (0, ACCEPTED), (1, REFUSED)])
def test_a_form_has_so_many_bytes(client, more, status):
    begun = b"username=moon&note="
    size = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + more

    assert send(client, begun.ljust(size, b"x"), content_type=FORM) == status


@pytest.mark.parametrize(("more", "status"), [(-1, ACCEPTED), (0, ACCEPTED), (1, REFUSED)])
def test_a_form_has_so_many_fields(client, more, status):
    number = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + more

    assert send(client, "&".join(["a=1"] * number), content_type=FORM) == status


@pytest.mark.parametrize(("more", "status"), [(-1, ACCEPTED), (0, ACCEPTED), (1, REFUSED)])
def test_a_form_has_so_many_files(client, more, status):
    number = settings.DATA_UPLOAD_MAX_NUMBER_FILES + more
    files = {f"file-{n}": SimpleUploadedFile("a.csv", b"a,b") for n in range(number)}

    assert send(client, files) == status


@pytest.mark.parametrize(("more", "status"), [(-1, ACCEPTED), (0, ACCEPTED), (1, REFUSED)])
def test_an_address_has_so_many_parameters(client, more, status):
    number = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + more

    assert client.get("/missions/?" + "&".join(["a"] * number)).status_code == status
