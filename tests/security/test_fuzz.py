"""No request of any shape ends in a 5xx, costs without bound, or is refused without our words.

A few hundred requests in the suite. The whole run, and another one:

    LUNAR_FUZZ=20000 python -m pytest tests/security/test_fuzz.py -n 0 -s
    LUNAR_FUZZ=20000 LUNAR_FUZZ_SEED=7 python -m pytest tests/security/test_fuzz.py -n 0 -s

LUNAR_FUZZ_FIRST begins at another number: with LUNAR_FUZZ=1 it makes one that failed again.
"""

import logging
import os
import sys
import traceback
from collections import Counter

import pytest
from django.db import connection, reset_queries, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from diplomacy.models import Transfer
from lunar.data.builds import current_build
from lunar.desk.models import Suggestion
from tests.factories import make_user
from tests.security.hostile import Requests
from tests.security.server import look_of
from tests.webforms import main_form_fields

pytestmark = pytest.mark.django_db

NUMBER = int(os.environ.get("LUNAR_FUZZ", "300"))
FIRST = int(os.environ.get("LUNAR_FUZZ_FIRST", "0"))
SEED = os.environ.get("LUNAR_FUZZ_SEED", "0")
# Queries of one request: of a page, and of a form with 250 rows of a record and their citations,
# each of which is checked and shown again. What editors send may be a form without its fields, or
# ask for all checks of the record.
MOST_QUERIES, MOST_QUERIES_OF_FORMS = 100, 3000

FORMS_OF_READERS = [
    "/suggest/?record=mission/chang-e-5",
    "/suggest/?record=transfer/loan-2025&field=mass_g",
    "/admin/login/",
]


@pytest.fixture
def editor_client(world, settings):
    settings.API_RATE_LIMIT = 10**9
    current_build()  # the files of the record: made once, for whoever asks first
    client = Client()
    client.force_login(make_user("Reviewer"))
    return client


@pytest.fixture
def forms(world, editor_client):
    """{address: its fields as a browser would send them}, of forms for everybody and the desk's."""
    transfer = Transfer.objects.get(slug="loan-2025")
    suggestion = Suggestion.objects.waiting().first()
    of_the_desk = [
        "/admin/account/",
        "/admin/password_change/",
        "/admin/second-factor/set-up/",
        "/admin/missions/mission/add/",
        "/admin/missions/mission/import/",
        f"/admin/missions/mission/{world.mission.pk}/change/",
        f"/admin/missions/mission/{world.mission.pk}/history/1/",
        f"/admin/diplomacy/transfer/{transfer.pk}/change/",
        f"/admin/desk/suggestion/{suggestion.pk}/change/",
    ]
    anybody = Client()
    found = {path: main_form_fields(anybody.get(path)) for path in FORMS_OF_READERS}
    return found | {path: main_form_fields(editor_client.get(path)) for path in of_the_desk}


@pytest.fixture(autouse=True)
def quiet():
    """Nothing is to be read in what hundreds of refusals write into the log."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


def test_every_request_is_answered(world, editor_client, forms):
    requests = Requests(world, forms, SEED)
    session = editor_client.session.session_key
    wrong, statuses, costs = [], Counter(), Counter()
    for number in range(FIRST, FIRST + NUMBER):
        request = requests.make(number)
        reset_queries()  # what is kept of them is bounded
        with transaction.atomic(), CaptureQueriesContext(connection) as queries:
            answer = request.ask(session)
            transaction.set_rollback(True)
        statuses[answer.status] += 1
        costs[f"{request.method[:9]} {request.path[:90]} {answer.status}"] = len(queries)
        wrong += [f"{number} {request}: {what}" for what in problems(request, answer, len(queries))]
    told = [f"{NUMBER:,} requests: {sorted(statuses.items())}", *map(str, costs.most_common(5))]
    sys.stdout.write("\n".join(["", *told, ""]))

    assert not wrong, f"{len(wrong)} problems\n\n" + "\n\n".join(wrong[:20])


def problems(request, answer, queries):
    """Yield what is wrong with an answer, in words."""
    if answer.status >= 500:
        yield "".join(traceback.format_exception(answer.error))[-3000:]
    is_form = request.is_form or (request.is_logged_in and request.method == "POST")
    bound = MOST_QUERIES_OF_FORMS if is_form else MOST_QUERIES
    if queries > bound:
        yield f"{queries} queries"
    yield from look_of(answer)
