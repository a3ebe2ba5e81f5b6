import pytest
from django.db import connection
from django.urls import reverse

from tests.factories import make_country


@pytest.mark.parametrize("query", ["?id__in=9223372036854775808", "?id__in=1,99999999999999999999"])
def test_a_number_beyond_the_database_is_no_failure(editor_client, query):
    response = editor_client.get(reverse("admin:parties_country_changelist") + query)

    # PostgreSQL compares with any number, and finds nothing.
    assert response.status_code == (400 if connection.vendor == "sqlite" else 200)


@pytest.mark.parametrize("field", ["", "nonsense"])
def test_a_made_up_target_field_is_a_bad_request(editor_client, field):
    page = reverse("admin:parties_country_change", args=[make_country().pk])

    assert editor_client.get(page, {"_to_field": field}).status_code == 400


@pytest.mark.parametrize("path", ["", "login/", "parties/country/", "no-such-page/"])
def test_admin_answers_are_kept_nowhere(client, path):
    response = client.get(reverse("admin:index") + path)

    assert response["Cache-Control"] == "private, no-store"
    assert "style-src-attr 'unsafe-inline'" in response["Content-Security-Policy"]
