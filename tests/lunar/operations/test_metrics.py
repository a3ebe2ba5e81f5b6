import re

import pytest
from django.db import OperationalError
from django.test import Client

from lunar.operations import metrics
from lunar.serving.state import current_state
from lunar.views import ExclusionsView
from tests.factories import make_mission

pytestmark = pytest.mark.django_db
TOKEN = "a token of these tests alone"


@pytest.fixture
def told(settings):
    """Return {line's name: number} of the figures, and the client that asks for more."""
    settings.METRICS_TOKEN = TOKEN
    client = Client(raise_request_exception=False)

    def told():
        text = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).text
        return {
            name: float(number) for name, number in re.findall(r"^(lunar_.*) (\S+)$", text, re.M)
        }

    told.client = client
    return told


@pytest.mark.parametrize(
    ("token", "given"),
    [
        ("", f"Bearer {TOKEN}"),
        ("", "Bearer "),
        ("", ""),
        (TOKEN, ""),
        (TOKEN, TOKEN),
        (TOKEN, f"Bearer {TOKEN}x"),
        (TOKEN, "Bearer "),
        (TOKEN, "Bearer ünknown"),
    ],
)
def test_without_the_token_there_is_no_such_page(settings, token, given):
    settings.METRICS_TOKEN = token

    response = Client().get("/metrics", headers={"authorization": given})

    assert response.status_code == 404
    assert "lunar_requests" not in response.text


def test_requests_are_counted_by_route_method_and_status(told):
    make_mission(slug="luna-1")
    line = 'lunar_requests_total{method="GET",route="missions:mission-detail",status="200"}'
    before = told().get(line, 0)

    told.client.get("/missions/luna-1/")
    told.client.get("/missions/luna-1/?q=x")

    after = told()
    assert after[line] == before + 2
    assert after['lunar_request_seconds_count{route="missions:mission-detail"}'] >= 2


def test_made_up_addresses_and_methods_make_no_lines_of_their_own(told):
    told.client.get("/no/such/page/")
    told.client.generic("MOON", "/no/such/page/")
    told()  # which is counted as well
    before = set(told())

    for n in range(5):
        told.client.get(f"/no/such/page/{n}/")
        told.client.generic(f"MOON{n}", f"/no/such/page/{n}/")

    assert set(told()) == before


def test_failures_of_the_database_are_counted(told, monkeypatch):
    def fail(view):
        raise OperationalError

    line = 'lunar_database_errors_total{kind="OperationalError"}'
    before = told().get(line, 0)
    monkeypatch.setattr(ExclusionsView, "get_queryset", fail)

    told.client.get("/about/exclusions/")

    assert told()[line] == before + 1


def test_the_revision_is_told_if_the_database_answers(told, monkeypatch):
    assert told()["lunar_data_revision"] == current_state().number

    def fail():
        raise OperationalError

    monkeypatch.setattr(metrics, "current_state", fail)
    assert "lunar_data_revision" not in told()
    assert told()
