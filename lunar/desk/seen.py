"""At which revision an editor has seen records, many at once."""

from django.db.models import Max

from lunar.desk.models import Revision

BATCH = 500  # keys of one query


def latest_numbers(records):
    """Return {record: number of its latest revision or 0} of records of one model."""
    by_key = {record.natural_key()[0]: record for record in records}
    numbers = dict.fromkeys(records, 0)
    keys = list(by_key)
    for start in range(0, len(keys), BATCH):
        label = by_key[keys[start]]._meta.label_lower
        revisions = Revision.objects.filter(label=label, key__in=keys[start : start + BATCH])
        latest = revisions.order_by().values_list("key").annotate(Max("number"))
        numbers |= {by_key[key]: number for key, number in latest}
    return numbers
