"""The view behind every list of records: filter, sort, page, and say plainly what is wrong."""

from django.core.paginator import EmptyPage
from django.views.generic import TemplateView

from lunar.filters import DEFAULT_PER_PAGE


class RecordListView(TemplateView):
    """Shows `get_queryset()` through `filterset_class` and `table_class`.

    Answers 400 with a message beside the field for a bad parameter, and 404 with a way to the
    last page for a page beyond it.
    """

    table_class = None
    filterset_class = None
    queryset = None
    caption = ""
    default_sort = ""
    noun = ("record", "records")

    def get_queryset(self):
        return self.queryset.all()

    def get_context_data(self, **kwargs):
        filterset = self.filterset_class(
            self.request.GET, self.get_queryset(), table_class=self.get_table_class()
        )
        self.status, beyond = 200, None
        if not filterset.is_valid():
            self.status = 400
        asked = getattr(filterset.form, "cleaned_data", {})
        sort = asked.get("sort") or self.default_sort
        table = self.get_table_class()(
            filterset.qs,
            order_by=sort,
            caption=self.caption,
            sort_link=lambda alias: filterset.link(sort=alias),
            **self.table_options(asked),
        )
        per_page = int(asked.get("per_page") or DEFAULT_PER_PAGE)
        page = asked.get("page") or 1
        try:
            table.paginate(page=page, per_page=per_page)
        except EmptyPage:
            self.status, beyond = 404, page
            table.paginate(page=table.paginator.num_pages, per_page=per_page)
        return super().get_context_data(
            filterset=filterset,
            form=filterset.form,
            table=table,
            count=table.paginator.count,
            noun=self.noun[table.paginator.count != 1],
            pages=page_links(
                table.paginator, table.page.number, lambda number: filterset.link(page=number)
            ),
            page_beyond=beyond,
            canonical=filterset.link(page=table.page.number),
            **kwargs,
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
