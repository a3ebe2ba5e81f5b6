"""Rows of the database by their natural keys, many at once."""

from lunar.canonical.shapes import shapes
from lunar.desk.exchange.cells import key_leaves

BATCH = 500  # keys of one query


def with_keys(queryset):
    """Load with the rows of a canonical model the natural keys of all that they refer to."""
    shape = shapes()[queryset.model]
    paths = set()
    for field in shape.columns:
        if field.is_relation:
            for lookup, _ in key_leaves(field.related_model):
                paths.add("__".join([field.name, *lookup.split("__")[:-1]]))
    links = [field.name for field in shape.links]
    return queryset.select_related(*paths).prefetch_related(*links)


def rows_of_parents(model, names):
    """Return the rows of `model` whose key begins with one of `names`: all parts of a mission."""
    [(lookup, _), *_] = key_leaves(model)
    names, found = sorted(names), []
    for start in range(0, len(names), BATCH):
        batch = {f"{lookup}__in": names[start : start + BATCH]}
        found += with_keys(model._base_manager.filter(**batch))
    return found


def rows_by_key(model, keys):
    """Return {natural key: row} of those of the `keys` that are in the database."""
    rows = {row.natural_key(): row for row in rows_of_parents(model, {key[0] for key in keys})}
    return {key: rows[key] for key in keys if key in rows}
