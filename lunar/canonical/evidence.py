"""Checks of the evidence: what the record says without a source that supports it."""

from collections import defaultdict

from lunar.canonical.findings import finding
from lunar.canonical.shapes import shapes
from lunar.sources.models import Citation, Record

# Values that say which row it is rather than something about it: any citation supports them.
NAMING = {"name", "title", "kind"}

# Cited names that are no field of the model, and the columns that hold the value. Names in neither
# are computed: what they are computed from is cited.
COLUMNS = {
    "position": ("latitude",),
    "from_party": ("from_country_id", "from_organization_id", "from_person_id"),
    "to_party": ("to_country_id", "to_organization_id", "to_person_id"),
}


def uncited_records():
    """Yield records that are published without any supporting citation, and so are not seen."""
    for model in shapes():
        if issubclass(model, Record):
            for record in model._base_manager.filter(
                state=Record.State.PUBLISHED, citation_count=0
            ):
                yield finding(record, "state", "is published without a supporting citation.")


def uncited_values():
    """Yield values of published records, or of their parts, that no citation supports.

    A citation of a row as a whole supports all of its values.
    """
    for citations in shapes():
        if issubclass(citations, Citation):
            yield from _uncited_values(citations)


def _uncited_values(citations):
    supported = defaultdict(set)
    supporting = citations.objects.filter(stance=Citation.Stance.SUPPORTS).order_by()
    for pk, field in supporting.values_list("subject_id", "field"):
        supported[pk].add(field)
    model = citations.subject_model()
    to_record = citations.OWNER_PATH.partition("__")[2]
    key = [field.name for field in shapes()[model].key if field.is_relation]
    rows = model._base_manager.filter(
        **{f"{to_record}__state" if to_record else "state": Record.State.PUBLISHED}
    )
    linked = {field.name: _linked(field) for field in shapes()[model].links}
    for row in rows.select_related(*key):
        cited = supported[row.pk]
        if "" in cited:
            continue
        for name in model.CITED_FIELDS:
            stated = row.pk in linked[name] if name in linked else _states(row, name)
            if stated and name not in cited and not (name in NAMING and cited):
                yield finding(row, name, "is shown without a source that supports it.")


def _linked(field):
    """Return the primary keys of the rows that have any link in a many-to-many field."""
    column = f"{field.m2m_field_name()}_id"
    return set(field.remote_field.through._base_manager.values_list(column, flat=True))


def _states(row, name):
    """Return whether `row` has a value of its own in the column or columns meant by `name`."""
    fields = shapes()[type(row)].fields
    if name in fields:
        return getattr(row, fields[name].attname) not in (None, "", False)
    return any(getattr(row, column) is not None for column in COLUMNS.get(name, ()))
