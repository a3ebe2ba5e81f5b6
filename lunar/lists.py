"""The view behind every list of records: filter, sort, page, and say plainly what is wrong."""

from django.core.paginator import EmptyPage
from django.http import QueryDict
from django.utils.text import capfirst
from django.views.generic import TemplateView

from lunar.data import twins
from lunar.data.lists import ListFile
from lunar.filters import DEFAULT_PER_PAGE, asked_for
from lunar.paging import RecordPaginator


class RecordListView(TemplateView):
    """Shows `get_queryset()` through `filterset_class` and `table_class`.

    Answers 400 with a message beside the field for a bad parameter, and 404 with a way to the
    last page for a page beyond it. `?format=csv` (or json, xlsx) answers with all rows as a file.
    """

    table_class = None
    filterset_class = None
    queryset = None
    caption = ""
    default_sort = ""
    noun = ("record", "records")

    @classmethod
    def page_parameters(cls, **kwargs):
        return (*cls.filterset_class.parameters(), "format")

    def get_queryset(self):
        return self.queryset.all()

    def get(self, request, *args, **kwargs):
        file_format = request.GET.get("format")
        if file_format in twins.NAMES:
            return self.as_file(file_format)
        return super().get(request, *args, **kwargs)

    def get_filterset(self):
        return self.filterset_class(
            self.request.GET, self.get_queryset(), table_class=self.get_table_class()
        )

    def get_table(self, filterset, asked):
        """Return the table of all rows, in the order that the (cleaned) parameters ask for."""
        return self.get_table_class()(
            filterset.qs,
            order_by=asked.get("sort") or self.default_sort,
            caption=self.caption,
            sort_link=lambda alias: filterset.link(sort=alias),
            **self.table_options(asked),
        )

    def get_paginator(self, table, filterset, per_page):
        """Return the pages of the table's rows."""
        asked = getattr(filterset.form, "cleaned_data", {})
        return RecordPaginator(
            table.data.data,
            per_page,
            name=filterset.name,
            order=f"{','.join(table.order_by)} {self.table_options(asked)}",
            is_indexed=table.is_indexed,
        )

    def get_context_data(self, **kwargs):
        filterset = self.get_filterset()
        bad_format = asked_for(self.request.GET).get("format", "")
        self.status, beyond = 200, None
        if bad_format or not filterset.is_valid():
            self.status = 400
        asked = getattr(filterset.form, "cleaned_data", {})
        table = self.get_table(filterset, asked)
        per_page = int(asked.get("per_page") or DEFAULT_PER_PAGE)
        page = asked.get("page") or 1
        paginator = self.get_paginator(table, filterset, per_page)
        try:
            table.show(paginator.page(page))
        except EmptyPage:
            self.status, beyond = 404, page
            table.show(paginator.page(paginator.num_pages))
        return super().get_context_data(
            filterset=filterset,
            form=filterset.form,
            table=table,
            count=paginator.count,
            noun=self.noun[paginator.count != 1],
            pages=page_links(
                paginator, table.page.number, lambda number: filterset.link(page=number)
            ),
            page_beyond=beyond,
            bad_format=bad_format,
            twins=twins.twins(filterset.link(per_page="")) if filterset.is_valid() else [],
            canonical=filterset.link(page=table.page.number),
            **kwargs,
        )

    def as_file(self, file_format):
        """Answer with all rows of the list, of whatever page of it."""
        filterset = self.get_filterset()
        if not filterset.is_valid():
            errors = filterset.form.errors.get_json_data().items()
            wrong = [(name, error["message"]) for name, found in errors for error in found]
            return twins.problem(file_format, 400, wrong)
        asked = filterset.form.cleaned_data
        table = self.get_table(filterset, asked)
        headings = {column.name: column.header for column in table.columns}
        rows = ListFile(table.data.data, headings, self.request.build_absolute_uri)
        page = filterset.link(per_page="")
        about = twins.metadata(
            capfirst(self.noun[1]),
            self.request.build_absolute_uri(self.request.path + page.removesuffix("?")),
            query=QueryDict(page.removeprefix("?")).dict(),
            filters={label: str(value) for label, value, _ in filterset.chosen()},
            order=table.order_by[0] if table.order_by else "",
            count=len(rows.keys),
        )
        name = self.request.path.rstrip("/").rpartition("/")[2]
        return twins.answer(
            file_format,
            f"lunar-record-{name}{'-filtered' if filterset.chosen() else ''}",
            about=about,
            columns=rows.columns,
            rows=rows.rows(),
            documents=rows.sources(rows.documents()),
            after=lambda: {"sources": rows.cited_sources()},
        )

    def get_table_class(self):
        return self.table_class

    def table_options(self, asked):
        """Return what else the table needs to know of the (cleaned) parameters asked for."""
        return {}

    def render_to_response(self, context, **kwargs):
        return super().render_to_response(context, status=self.status, **kwargs)


def page_links(paginator, current, link):
    """Return [(label, address or "", is current)] for the pager; a gap has no address.

    `link` makes the address of a page from its number.
    """
    if paginator.num_pages == 1:
        return []
    return [
        (label, "", False)
        if label == paginator.ELLIPSIS
        else (label, link(label), label == current)
        for label in paginator.get_elided_page_range(current, on_each_side=2)
    ]
