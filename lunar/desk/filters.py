"""What the address of the log of changes may ask for, and which two revisions to compare."""

from datetime import UTC, datetime, time, timedelta

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.text import capfirst

from lunar.desk.log import moment_of
from lunar.desk.models import Revision
from lunar.desk.titles import record_models
from lunar.edtf import EdtfFormField
from lunar.filters import ConditionFacet, Facet, RecordFilterSet, WordsField
from lunar.text import fold


class TitleFilter(filters.Filter):
    """Revisions of records whose title at that time had every one of the words."""

    field_class = WordsField

    def filter(self, queryset, value):
        if not value:
            return queryset
        words = fold(value).split()
        # What was withdrawn is not found by its title either: a notice does not tell it.
        told = queryset.filter(shown=Revision.Shown.WHOLE)
        titles = told.order_by().values_list("title", flat=True).distinct()
        found = [title for title in titles if words and all(w in fold(title) for w in words)]
        return told.filter(title__in=found)


class DayFilter(filters.Filter):
    """Revisions made on or after, or on or before, a date (EDTF, in UTC)."""

    field_class = EdtfFormField

    def __init__(self, *, is_start, label):
        super().__init__(label=label, help_text="2026 or 2026-11-23, in UTC")
        self.is_start = is_start

    def filter(self, queryset, value):
        if not value:
            return queryset
        if self.is_start:
            return queryset.filter(made_at__gte=_midnight(value.earliest or value.latest))
        last = value.latest or value.earliest
        if last.year == 9999:
            return queryset
        return queryset.filter(made_at__lt=_midnight(last + timedelta(days=1)))


class MomentField(forms.CharField):
    """The exact moment of one change, as the log itself writes it."""

    def clean(self, value):
        value = super().clean(value)
        if value:
            try:
                moment_of(value)
            except ValueError:
                raise forms.ValidationError(
                    "Write a moment such as 2026-11-23T03:18:22.000000Z."
                ) from None
        return value


class MomentFilter(filters.Filter):
    field_class = MomentField

    def filter(self, queryset, value):
        return queryset.filter(made_at=moment_of(value)) if value else queryset


class LogOrder:
    """The order of the log besides the usual one, the latest first."""

    OLDEST_FIRST = "oldest"

    @classmethod
    def sorts(cls):
        return [(cls.OLDEST_FIRST, "Oldest first")]


class ChangeFilterSet(RecordFilterSet):
    facets = [
        ConditionFacet(
            "kind",
            "Kind of record",
            {
                name: (capfirst(model._meta.verbose_name), Q(label=model._meta.label_lower))
                for name, model in record_models().items()
            },
        ),
        Facet("way", "How", "way", choices=Revision.Way),
    ]

    def __init__(self, data, queryset):
        super().__init__(data, queryset, table_class=LogOrder)

    @classmethod
    def get_filters(cls):
        return super().get_filters() | {
            "q": TitleFilter(label="Words in the title"),
            "from": DayFilter(is_start=True, label="From"),
            "to": DayFilter(is_start=False, label="To"),
            "at": MomentFilter(label="At the moment", help_text="Of one large change"),
        }


class CompareForm(forms.Form):
    """Which two revisions of one record to compare; unbound unless the address names any."""

    NAMES = ("from", "to")

    def __init__(self, asked, revisions):
        """Take the parameters of the address and the revisions there are, the latest first."""
        given = {name: asked[name] for name in self.NAMES if asked.get(name)}
        super().__init__(given or None)
        choices = [(str(r.number), f"{r.number}, {r.made_at:%Y-%m-%d %H:%M}") for r in revisions]
        latest = [value for value, _ in choices[:2]]
        for name, label in zip(self.NAMES, ("Before", "After"), strict=True):
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=choices,
                initial=latest[-1 if name == "from" else 0] if latest else None,
                error_messages={
                    "required": "Choose both revisions.",
                    "invalid_choice": "There is no such revision to compare.",
                },
            )

    def chosen(self):
        """Return the numbers (before, after), or None if nothing was asked for or it is wrong."""
        if not self.is_bound or not self.is_valid():
            return None
        return int(self.cleaned_data["from"]), int(self.cleaned_data["to"])


def _midnight(day):
    return datetime.combine(day, time.min, tzinfo=UTC)
