"""What an index has to answer in a long list: its beginning, and the numbers of its facets."""

import re

import pytest
from django.db import connection
from django.db.models import Count

from diplomacy.models import Transfer
from diplomacy.tables import TransferTable
from lunar.sources.models import Source
from lunar.sources.tables import SourceTable
from missions.models import Mission
from missions.tables import MissionTable

pytestmark = pytest.mark.django_db


def plan(rows):
    """Return how the database would find `rows`, if whole tables cost it much to read or sort."""
    if connection.vendor == "sqlite":
        return rows.explain()
    with connection.cursor() as cursor:
        for costly in ("seqscan", "bitmapscan", "sort", "hashagg"):
            cursor.execute(f"SET LOCAL enable_{costly} = off")
        return rows.explain()


@pytest.mark.parametrize(
    ("table", "rows", "sort", "index"),
    [
        (TransferTable, Transfer.objects.public(), "date", "transfer_by_date"),
        (TransferTable, Transfer.objects.public(), "-date", "transfer_by_date"),
        (TransferTable, Transfer.objects.public(), "title", "transfer_by_title"),
        (TransferTable, Transfer.objects.public(), "-title", "transfer_by_title"),
        (MissionTable, Mission.objects.public(), "launch", "mission_by_launch"),
        (MissionTable, Mission.objects.public(), "-launch", "mission_by_launch"),
        (MissionTable, Mission.objects.public(), "name", "mission_by_name"),
        (SourceTable, Source.objects.public(), "-published", "source_by_date"),
        (SourceTable, Source.objects.public(), "title", "source_by_title"),
        (SourceTable, Source.objects.public(), "publisher", "source_by_publisher"),
        (SourceTable, Source.objects.public(), "-kind", "source_by_kind"),
        (SourceTable, Source.objects.public(), "standing", "source_by_standing"),
        (SourceTable, Source.objects.public(), "-cited_by", "source_by_statements"),
    ],
)
def test_the_first_rows_of_a_long_list_are_found_by_an_index(table, rows, sort, index):
    shown = table(rows, order_by=sort)

    assert shown.is_indexed
    assert index in plan(shown.data.data.values_list("pk")[:50])


@pytest.mark.parametrize("facet", ["kind", "status", "giver", "recipient", "series"])
def test_the_numbers_of_a_facet_are_counted_in_an_index(facet):
    counted = Transfer.objects.public().order_by().values_list(facet).annotate(n=Count("pk"))

    assert re.search(rf"transfer_by_{facet}\b", plan(counted))
