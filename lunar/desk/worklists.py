"""What waits for an editor: lists of the desk, each with a count and a filtered list behind it.

A page of the admin names its worklists as `worklists = {queryset method: title}`; its list is
narrowed to one by `?work=<queryset method>`.
"""

from dataclasses import dataclass, field

from django.contrib import admin
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.text import capfirst

PARAMETER = "work"


class WorklistFilter(admin.SimpleListFilter):
    """Narrows a list of the desk to what waits there."""

    title = "what waits"
    parameter_name = PARAMETER

    def lookups(self, request, model_admin):
        return list(model_admin.worklists.items())

    def queryset(self, request, queryset):
        chosen = self.value()
        return getattr(queryset, chosen)() if chosen else queryset


@dataclass
class Worklist:
    """One kind of work, over all kinds of record; `entries` are (name, number, address)."""

    title: str
    entries: list = field(default_factory=list)

    @property
    def total(self):
        return sum(number for _, number, _ in self.entries)


def worklists(site, request):
    """Return what waits on the pages that the user may see, most urgent first, the empty last."""
    found = {}
    for model, page in site._registry.items():
        named = getattr(page, "worklists", None)
        if not named or not page.has_view_permission(request):
            continue
        numbers = model._base_manager.aggregate(
            **{
                name: Count("pk", filter=Q(pk__in=getattr(_rows(model), name)().values("pk")))
                for name in named
            }
        )
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for name, title in named.items():
            worklist = found.setdefault(title, Worklist(title))
            if numbers[name]:
                entry = (
                    capfirst(model._meta.verbose_name_plural),
                    numbers[name],
                    f"{address}?{PARAMETER}={name}",
                )
                worklist.entries.append(entry)
    return sorted(found.values(), key=lambda worklist: not worklist.entries)


def _rows(model):
    return model._default_manager.order_by()
