import pytest
from django.urls import reverse

from tests.factories import make_country


@pytest.mark.parametrize(
    "query",
    [
        "?id__in=9223372036854775808",
        "?id__in=1,99999999999999999999",
        "?state__exact=%00",
        "?name__contains=a%00",
    ],
)
def test_what_a_database_cannot_compare_with_is_no_failure(editor_client, query):
    """SQLite cannot with such numbers, PostgreSQL cannot with NUL."""
    response = editor_client.get(reverse("admin:parties_country_changelist") + query)

    assert response.status_code in {200, 400}


@pytest.mark.parametrize("field", ["", "nonsense"])
def test_a_made_up_target_field_is_a_bad_request(editor_client, field):
    page = reverse("admin:parties_country_change", args=[make_country().pk])

    assert editor_client.get(page, {"_to_field": field}).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["", "login/", "parties/country/", "no-such-page/"])
def test_admin_answers_are_kept_nowhere(client, path):
    response = client.get(reverse("admin:index") + path)

    assert response["Cache-Control"] == "private, no-store"
    assert "style-src-attr 'unsafe-inline'" in response["Content-Security-Policy"]
