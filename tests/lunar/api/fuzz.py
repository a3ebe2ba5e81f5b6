"""Whatever the OpenAPI document allows, and much that it does not, sent to the API.

No part of the test suite, as it needs a package of its own (see `fuzz` in pyproject.toml):

    python -m pytest tests/lunar/api/fuzz.py -n 0
    EXAMPLES=500 python -m pytest tests/lunar/api/fuzz.py -n 0

Each answer must be one that the document names, in its form; nothing may end in a 5xx.
"""

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from lunar.api.document import document
from lunar.wsgi import application

EXAMPLES = int(os.environ.get("EXAMPLES", "90"))  # for each of 24 addresses

load_all_checks()
# Which dates there are, and which countries, no schema can say: such values are refused as well.
CHECKED = [check for check in CHECKS.get_all() if check.__name__ != "positive_data_acceptance"]

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("default"),  # what schemathesis warns of is not ours
]


@pytest.fixture(scope="module")
def schema(world):
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", uncompressed)


def uncompressed(environ, start_response):
    """Answer as the site does: a client in the same process does not unpack what is compressed."""
    environ.pop("HTTP_ACCEPT_ENCODING", None)
    return application(environ, start_response)


@pytest.mark.parametrize("path", list(document()["paths"]))
def test_the_api_does_what_its_document_says(schema, path, settings):
    settings.API_RATE_LIMIT = 10**9
    operation = schema[path]["GET"]
    right, wrong = map(_cases(operation), (GenerationMode.POSITIVE, GenerationMode.NEGATIVE))

    @given(st.one_of(right, wrong) if operation.query or operation.path_parameters else right)
    @limited
    def check(case):
        case.call_and_validate(checks=CHECKED)

    check()


def _cases(operation):
    return lambda mode: operation.as_strategy(generation_mode=mode)


limited = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    database=None,
)
