"""Filters by a few values, each shown with its number of rows."""

from dataclasses import dataclass

from django.db.models import Count, Q

from lunar.serving.remembered import remembered


@dataclass(frozen=True)
class Facet:
    """A filter by one of the values that occur, each shown with its number of rows.

    `path` leads to the value in the address, `label_path` to what people read; for a field with
    choices give `choices` instead. Of a field with choices, or of a record with a page of its own,
    any value may be asked for, even while no row has it.
    """

    name: str
    label: str
    path: str
    label_path: str = ""
    choices: type | None = None

    def options(self, queryset):
        """Return {value: (label, number of rows)} of what occurs in `queryset`."""
        if self.label_path:
            return self._related_options(queryset)
        numbers = {value: n for value, n in self._numbers(queryset, self.path) if value}
        labels = self.choices.choices if self.choices else ((v, v) for v in sorted(numbers))
        return {str(value): (label, numbers[value]) for value, label in labels if value in numbers}

    def _related_options(self, queryset):
        """Return the options of a facet by related records; no draft is named."""
        relation, _, name = self.path.rpartition("__")
        numbers = dict(self._numbers(queryset, relation))
        related = self._related(queryset.model)
        rows = related._base_manager.filter(pk__in=[pk for pk in numbers if pk])
        if _has_drafts(related):
            rows = rows.filter(is_public=True)
        label = self.label_path.rpartition("__")[2]
        found = rows.order_by(label, "pk").values_list("pk", name, label)
        return {str(value): (words, numbers[pk]) for pk, value, words in found}

    def _numbers(self, queryset, path):
        """Return (value, number of rows) of what `path` leads to."""
        if queryset.query.group_by:  # rows with numbers of their own would be counted with those
            keys = queryset.order_by().values("pk")
            queryset = queryset.model._base_manager.filter(pk__in=keys)
        rows = queryset.order_by().values_list(path)
        # Only the parts of a record may have one value several times.
        is_part = any(field.one_to_many for field in _fields(queryset.model, path))
        return rows.annotate(n=Count("pk", distinct=is_part))

    def label_of(self, value, model):
        """Return what people read for a value that no row may have; "" if it is not one."""
        if self.choices:
            return dict(self.choices.choices).get(value, "")
        related = self._related(model)
        if not (self.label_path and _has_drafts(related)):
            return ""
        named = related._base_manager.filter(is_public=True, **{self.path.split("__")[-1]: value})
        return named.values_list(self.label_path.split("__")[-1], flat=True).first() or ""

    def apply(self, queryset, value):
        """Return the rows with this value; a row with two such values still comes once.

        A related record is asked for by its key, of which a database knows how many rows have it.
        """
        model, path = queryset.model, self.path
        if self.label_path:
            path, value = path.rpartition("__")[0], self._key_of(value, model)
        if any(field.one_to_many or field.many_to_many for field in _fields(model, path)):
            return queryset.filter(pk__in=model._base_manager.filter(**{path: value}).values("pk"))
        return queryset.filter(**{path: value})

    def _key_of(self, value, model):
        """Return the primary key of the related record with this value, 0 if there is none."""
        related, name = self._related(model), self.path.rpartition("__")[2]
        keys = related._base_manager.filter(**{name: value}).order_by().values_list("pk", flat=True)
        label = f"{related._meta.label_lower} {name} {value}"
        return remembered(f"key {label}", lambda: next(iter(keys), 0))

    def _related(self, model):
        return _fields(model, self.path)[-1].model


def _fields(model, path):
    """Return the fields that a lookup path leads through."""
    fields = []
    for name in path.split("__"):
        fields.append(model._meta.get_field(name))
        model = fields[-1].related_model
    return fields


def _has_drafts(model):
    return any(field.name == "is_public" for field in model._meta.fields)


@dataclass(frozen=True)
class ConditionFacet:
    """A filter by one of a few named conditions, each shown with its number of rows.

    `conditions` maps the value in the address to what people read and a `Q`. Unlike the values of
    a `Facet`, each may be asked for even while no row fits it.
    """

    name: str
    label: str
    conditions: dict[str, tuple[str, Q]]

    def options(self, queryset):
        """Return {value: (label, number of rows)} in the order of the conditions."""
        rows = queryset.order_by()
        return {
            value: (label, rows.filter(condition).count())
            for value, (label, condition) in self.conditions.items()
        }

    def label_of(self, value, model):
        """Return "": its options name every value that there is."""
        return ""

    def apply(self, queryset, value):
        return queryset.filter(self.conditions[value][1])
