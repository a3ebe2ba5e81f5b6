"""Many primary keys as one parameter of a query."""

import json

from django.db import connection
from django.db.models.expressions import RawSQL


def among(pks):
    """Return what stands for the keys in `pk__in=among(pks)`, however many there are.

    As a list, Django prepares each key for each query, which takes longer than reading the rows.
    """
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [list(pks)])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(pks))])
