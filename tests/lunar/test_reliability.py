"""The page of promises: every proof that it names is there."""

import pytest
from django.conf import settings

from lunar.reliability import SECTIONS
from tests.html import Page

PATHS = sorted({path for part in SECTIONS for one in part.promises for path in one.proofs})


@pytest.mark.parametrize("path", PATHS)
def test_every_proof_is_there(path):
    assert (settings.BASE_DIR / path).is_file()


@pytest.mark.parametrize(
    ("contacts", "told"),
    [
        ([], "It has named no contact for this yet."),
        (["mailto:a@example.org"], '<a href="mailto:a@example.org">a@example.org</a>'),
        (["https://example.org/report"], '<a href="/.well-known/security.txt">'),
    ],
)
@pytest.mark.django_db
def test_the_page_says_what_is_promised_and_where_to_report(client, settings, contacts, told):
    settings.SECURITY_CONTACTS = contacts
    page = Page(client.get("/about/reliability/"))

    assert page.problems == []
    assert told in page.html
    assert "tests/security/test_fuzz.py" in page.html
