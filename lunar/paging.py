"""Pages of a long ordered list, each found as quickly as the first."""

from array import array
from functools import cached_property

from django.core.paginator import Paginator

from lunar.serving.remembered import remembered

SHALLOW = 2_000  # rows that an index leads past at once
FEW = 20_000  # rows that are put in order sooner than an index finds those that fit


class RecordPaginator(Paginator):
    """Pages of an ordered queryset, whose rows are fetched by their keys alone.

    `name` tells its rows from those of any other filter, and `order` their order: how many there
    are, and in which order, is remembered under them for a state of the record. Where an index has
    the order (`is_indexed`), the first pages of a long list do not wait for it.
    """

    def __init__(self, rows, per_page, *, name, order="", is_indexed=False):
        super().__init__(rows, per_page)
        self.name, self.order, self.is_indexed = name, order, is_indexed

    @cached_property
    def count(self):
        return remembered(f"count {self.name}", self.object_list.order_by().count)

    def page(self, number):
        """Return the Page with its records. Raises EmptyPage and PageNotAnInteger."""
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        return self._get_page(self.records(start, start + self.per_page), number, self)

    def records(self, start, stop):
        """Return the records from one place of the order up to another."""
        keys = self.keys(start, stop)
        found = {one.pk: one for one in self.object_list.order_by().filter(pk__in=keys)}
        return [found[key] for key in keys if key in found]

    def keys(self, start, stop):
        """Return the primary keys of those records."""
        keys = self.object_list.values_list("pk", flat=True)
        if self.is_indexed and self.count > FEW and stop <= SHALLOW:
            return list(keys[start:stop])
        ordered = array("q")
        ordered.frombytes(
            remembered(
                f"order {self.name} {self.order}",
                lambda: array("q", keys.iterator(chunk_size=10_000)).tobytes(),
            )
        )
        return ordered[start:stop].tolist()
