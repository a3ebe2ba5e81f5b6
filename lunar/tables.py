"""Tables of records on django-tables2: one template, light columns, sorting with a last place.

Cells are made by plain Python, by one function for each column that is put together once for a
table: django-tables2 finds out for every cell anew what its column needs.
"""

import inspect
from functools import cache, lru_cache, partial
from html import escape

import django_tables2 as tables
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db.models import F, Manager
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from lunar.edtf import chronological, time_element
from lunar.mass import mass_in_words
from lunar.sources.models.record import Absence

BLANK = (None, "")


def absent(record, field):
    """Return the marked-up kind of nothing that a blank `field` of `record` is."""
    absence = record.absence(field) if hasattr(record, "absence") else Absence.NOT_RESEARCHED
    return format_html('<span class="absent">{}</span>', absence.label)


class Column(tables.Column):
    """A column that shows a value or says which kind of nothing it is.

    `sort` names what it sorts by: lookups, or a function of `descending` that returns order_by
    expressions; a column without it cannot be sorted. Rows without a value always come last.
    `absent_as` stands in their cells where no value was to be expected.
    """

    empty_values = ()

    def __init__(self, *args, sort=(), absent_as=None, **kwargs):
        kwargs.setdefault("orderable", bool(sort))
        super().__init__(*args, **kwargs)
        self.sort = (sort,) if isinstance(sort, str) else sort
        self.absent_as = absent_as

    def is_indexed(self, model):
        """Return whether an index of `model` has the order of this column."""
        return not callable(self.sort) and required(model).issuperset(self.sort)

    def order(self, queryset, is_descending):
        if callable(self.sort):
            places = self.sort(descending=is_descending)
        else:
            places = [self._place(queryset.model, path, is_descending) for path in self.sort]
        return queryset.order_by(*places, "pk"), True

    def _place(self, model, path, is_descending):
        place = F(path)
        # To an index of a column that knows no empty values, their place would be another order.
        last = None if path in required(model) else True
        return place.desc(nulls_last=last) if is_descending else place.asc(nulls_last=last)

    def render(self, value, record, bound_column):
        if value not in BLANK:
            return self.show(value, record)
        return absent(record, bound_column.name) if self.absent_as is None else self.absent_as

    def show(self, value, record):
        """Return the cell for a value that is there."""
        return value


class LinkColumn(Column):
    """A record's name, linked to its page; with `to`, that of a related record."""

    def __init__(self, *args, to=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.to = to

    def show(self, value, record):
        target = getattr(record, self.to) if self.to else record
        if not getattr(target, "is_public", True):
            return value
        return format_html('<a href="{}">{}</a>', target.get_absolute_url(), value)


class RelatedColumn(Column):
    """The name of a related record, without a link; a draft is not told of."""

    def render(self, value, record, bound_column):
        if value is not None and not value.is_public:
            return absent(record, bound_column.name)
        return super().render(value, record, bound_column)

    def show(self, value, record):
        return str(value)


class DateColumn(Column):
    """An EDTF date in words."""

    def __init__(self, field, *args, **kwargs):
        kwargs.setdefault("sort", partial(chronological, field))
        super().__init__(*args, accessor=field, **kwargs)
        self.field = field

    def is_indexed(self, model):
        return "__" not in self.field

    def show(self, value, record):
        return time_element(value)


class MassColumn(Column):
    """A mass in grams, shown by size and aligned to the right."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("sort", ("mass_g",))
        kwargs.setdefault("attrs", {"td": {"class": "number"}, "th": {"class": "number"}})
        super().__init__(*args, **kwargs)

    def show(self, value, record):
        return mass_in_words(value)


class CountColumn(Column):
    """A number of things."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("attrs", {"td": {"class": "number"}, "th": {"class": "number"}})
        super().__init__(*args, **kwargs)


class BadgeColumn(Column):
    """A choice as text with a symbol that its value selects in the style sheet."""

    def render(self, value, record, bound_column):
        code = bound_column.accessor.resolve(record)
        if code in BLANK:
            return absent(record, bound_column.name)
        return badge(code, value)


@lru_cache(maxsize=256)
def badge_of(model, field, code, disputed=False):
    """Return the badge of a value of a field with choices."""
    labels = dict(model._meta.get_field(field).flatchoices)
    return badge(code, labels.get(code, code), disputed)


def badge(code, label, disputed=False):
    """Return a status as text with a symbol; `code` selects the symbol and colour."""
    mark = mark_safe(' <span class="disputed-mark">disputed</span>') if disputed else ""
    return format_html(
        '<span class="badge badge-{}">{}</span>{}', code.replace("_", "-"), label, mark
    )


class RecordTable(tables.Table):
    """Base of every table of records; the caption names it for those who do not see the page."""

    caption = ""

    class Meta:
        template_name = "_partials/table.html"
        order_by_field = "sort"
        empty_text = "Nothing in the record fits."

    def __init__(self, *args, caption="", sort_link=None, **kwargs):
        # A subclass without a Meta of its own does not inherit this one's options.
        kwargs.setdefault("empty_text", RecordTable._meta.empty_text)
        super().__init__(*args, **kwargs)
        self.caption = caption or self.caption
        self.sort_link = sort_link

    @classmethod
    def sorts(cls):
        """Return [(value of the `sort` parameter, what people read)]."""
        columns = [(name, col.header) for name, col in cls.base_columns.items() if col.orderable]
        return [
            choice
            for name, label in columns
            for choice in ((name, f"{label} ▲"), (f"-{name}", f"{label} ▼"))
        ]

    def header_cells(self):
        """Yield the header cells; sortable ones are links, the sorted one says so."""
        for column in self.columns:
            css = column.column.attrs.get("th", {}).get("class", "")
            attributes = format_html(' class="{}"', css) if css else mark_safe("")
            label = column.header
            if column.orderable and self.sort_link:
                alias = column.order_by_alias.next if column.is_ordered else column.name
                label = format_html('<a href="{}">{}</a>', self.sort_link(alias), label)
            if column.is_ordered and self.sort_link:
                falling = column.order_by_alias.is_descending
                attributes += format_html(
                    ' aria-sort="{}"', "descending" if falling else "ascending"
                )
            yield format_html('<th scope="col"{}>{}</th>', attributes, label)

    def show(self, page):
        """Show only the records of a Page."""
        self.page, self.paginator = page, page.paginator

    @property
    def is_indexed(self):
        """Whether an index has the order of the rows, so that its beginning is found at once."""
        columns = [self.columns[alias.bare].column for alias in self.order_by]
        return bool(columns) and all(column.is_indexed(self.data.model) for column in columns)

    @property
    def records(self):
        """The records shown: all, or those of the page."""
        return self.page.object_list if hasattr(self, "page") else self.data

    def body_rows(self):
        """Yield each row's cells; the first heads its row, the others carry their label."""
        opening, closing = self._cell_tags()
        cells = list(zip(opening, map(self._cell_of, self.columns), closing, strict=True))
        for record in self.records:
            row = [f"{start}{_escaped(cell(record))}{end}" for start, cell, end in cells]
            yield mark_safe("".join(row))  # noqa: S308  every cell was escaped above

    def _cell_of(self, column):
        """Return a function that makes a column's cell for a record."""
        read = reader(column.accessor, getattr(self.data, "model", None))
        render, names = column.render, parameters_of(column.render)
        fixed = {"bound_column": column} if "bound_column" in names else {}
        if "value" not in names:
            return lambda record: render(record=record, **fixed)
        if "record" not in names:
            return lambda record: render(value=read(record), **fixed)
        return lambda record: render(value=read(record), record=record, **fixed)

    def _cell_tags(self):
        opening, closing = [], []
        for position, column in enumerate(self.columns):
            css = column.column.attrs.get("td", {}).get("class", "")
            attributes = format_html(' class="{}"', css) if css else ""
            if position == 0:
                opening.append(format_html('<th scope="row"{}>', attributes))
                closing.append("</th>")
            else:
                opening.append(format_html('<td data-label="{}"{}>', column.header, attributes))
                closing.append("</td>")
        return opening, closing


def _escaped(cell):
    # As Django's conditional_escape, without what that does for translations.
    return cell if hasattr(cell, "__html__") else escape(str(cell))


@cache
def required(model):
    """Return the names of the columns of a model's own table that cannot be empty."""
    return {field.name for field in model._meta.fields if not field.null}


def parameters_of(render):
    """Return the names of the parameters of a function that makes cells."""
    return _parameters_of(getattr(render, "__func__", render))


@lru_cache(maxsize=1024)
def _parameters_of(function):
    return frozenset(inspect.signature(function).parameters)


def reader(accessor, model):
    """Return a function that reads from a row what an accessor (`mission__name`) leads to.

    Of a field with choices it is what people read. What is not there is None.
    """
    *path, last = accessor.split("__")
    labels = _labels(model, path, last)

    def read(row):
        for name in path:
            row = _step(row, name)
        value = _step(row, last)
        return labels.get(value, value) if labels else value

    return read


def _step(row, name):
    try:
        value = getattr(row, name, None)
    except ObjectDoesNotExist:
        return None
    return value() if callable(value) and not isinstance(value, Manager) else value


def _labels(model, path, last):
    """Return {value: label} of the choices of a field, {} if it has none."""
    try:
        for name in path:
            model = model._meta.get_field(name).related_model
        field = model._meta.get_field(last)
    except (AttributeError, FieldDoesNotExist):
        return {}
    return dict(getattr(field, "flatchoices", None) or {})
