"""A short table within a page, with the way to all of its rows."""

from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse

from lunar.paging import RecordPaginator
from lunar.tables import RecordTable

ROWS = 25


@dataclass
class Listed:
    """The first rows of a list; `url` leads to the whole list if there is more of it."""

    table: RecordTable
    count: int
    url: str

    @property
    def records(self):
        return list(self.table.records)


def listed(table_class, queryset, *, caption, url, order_by="-date", rows=ROWS, **options):
    """Return the first `rows` of `queryset` as a table, or None where there is nothing."""
    table = table_class(queryset, order_by=order_by, caption=caption, **options)
    paginator = RecordPaginator(
        table.data.data, rows, name=f"{table_class.__name__} {url}", order=order_by, is_indexed=True
    )
    table.show(paginator.page(1))
    count = paginator.count
    return Listed(table, count, url if count > rows else "") if count else None


def list_url(name, **asked):
    """Return the address of a list of this app, filtered."""
    query = QueryDict(mutable=True)
    query.update({key: value for key, value in asked.items() if value})
    return f"{reverse(f'diplomacy:{name}')}?{query.urlencode()}"


def pair_url(one, other):
    """Return the address of the page of two countries; their codes come in alphabetical order."""
    return reverse("diplomacy:pair", args=sorted([one.code, other.code]))
