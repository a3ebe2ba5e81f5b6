"""Many keys in one parameter: the rows are found, and by an index, on both databases."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lunar.data.among import among
from lunar.data.records import public_models, public_records
from missions.models import Mission
from tests.factories import make_mission

pytestmark = pytest.mark.django_db


def test_rows_are_found_by_many_keys_and_by_none():
    missions = [make_mission() for _ in range(3)]
    pks = [mission.pk for mission in missions[:2]]

    assert set(Mission.objects.filter(pk__in=among(pks))) == set(missions[:2])
    assert list(Mission.objects.filter(pk__in=among([]))) == []


@pytest.mark.parametrize("model", public_models(), ids=lambda model: model.__name__)
def test_everything_of_a_record_is_found_by_an_index(model):
    with CaptureQueriesContext(connection) as queries:
        public_records(model, [1, 2])

    assert queries
    for query in queries:
        assert scans(query["sql"]) == []


def scans(sql):
    """Return the steps of a query's plan that read a whole table."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Else it reads tables as small as those of tests whole, whatever indexes there are.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}")
            return [line for (line,) in cursor if "Seq Scan" in line]
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return [
            line[3] for line in cursor if line[3].startswith("SCAN ") and "json_" not in line[3]
        ]
