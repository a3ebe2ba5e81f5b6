"""Indices that have the order of `chronological`, for lists of many rows."""

from django.db.backends.ddl_references import Statement
from django.db.models import Index

from lunar.edtf.fields import chronological

EMPTY_LAST = " NULLS LAST"


class PlainOrder(Statement):
    """A statement without the place of empty values, to be read only once its table is named.

    A migration that rebuilds a table on SQLite gives the new one its name afterwards.
    """

    def __str__(self):
        return super().__str__().replace(EMPTY_LAST, "")


class ChronologicalIndex(Index):
    """An index by a date, empty dates last, as `chronological` sorts.

    SQLite knows no place of empty values in an index; it reads the same one for any.
    """

    def create_sql(self, model, schema_editor, using="", **kwargs):
        statement = super().create_sql(model, schema_editor, using, **kwargs)
        if schema_editor.connection.vendor == "sqlite":
            return PlainOrder(statement.template, **statement.parts)
        return statement


def date_indexes(field_name, *, name, **options):
    """Return the two indices by which rows are listed from the first date and from the last."""
    return [
        ChronologicalIndex(*chronological(field_name), name=f"{name}_first", **options),
        ChronologicalIndex(
            *chronological(field_name, descending=True), name=f"{name}_last", **options
        ),
    ]
