"""How the public data name records: by id, name and address, with a query for each kind."""

from collections import defaultdict
from functools import cache

from django.db import models

from lunar.canonical.shapes import shapes
from lunar.data.among import among
from lunar.sources.models import Record

KEY = "-key-"  # stands for any key in the address of a page


class Names:
    """{primary key: {"id", "name", "page"}} of the records of each kind; others have none.

    What is not public has no name. `absolute` makes the address of a page one that can be followed
    from anywhere.
    """

    def __init__(self, absolute=str):
        self._absolute = absolute
        self._found = defaultdict(dict)

    def of(self, model):
        """Return {primary key: name} of all of one kind that have been looked up or learnt."""
        return self._found[model]

    def look_up(self, model, pks):
        """Learn the names of the public records of one kind that have these primary keys."""
        missing = pks - self._found[model].keys()
        if missing:
            rows = model._base_manager.filter(pk__in=among(missing)).order_by()
            if issubclass(model, Record):
                rows = rows.filter(is_public=True)
            self.learn(model, rows.values_list("pk", *name_columns(model)))

    def learn(self, model, rows):
        """Learn names from rows (primary key, key, name) of what is public."""
        found = self._found[model]
        if hasattr(model, "get_absolute_url"):
            page = model(**{name_columns(model)[0]: KEY}).get_absolute_url()
            start, _, end = self._absolute(page).partition(KEY)
            for pk, key, name in rows:
                found[pk] = {"id": key, "name": name, "page": f"{start}{key}{end}"}
        else:
            found.update((pk, {"id": key, "name": name}) for pk, key, name in rows)


@cache
def name_columns(model):
    """Return the columns with the key and the name of a record: ("slug", "title").

    The name is the column that `str()` of a record shows.
    """
    texts = [
        field.name
        for field in shapes()[model].columns
        if isinstance(field, (models.CharField, models.TextField))
    ]
    shown = str(model(**{name: name for name in texts}))
    if shown not in texts:
        raise TypeError(f"{model.__name__} is not called by one of its columns: {shown}")
    return shapes()[model].key[0].name, shown
