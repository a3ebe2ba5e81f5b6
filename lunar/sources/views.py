from lunar.details import RecordDetailView
from lunar.lists import RecordListView
from lunar.sources.evidence import group_statements
from lunar.sources.filters import SourceFilterSet
from lunar.sources.models import Source
from lunar.sources.tables import SourceTable


class SourceListView(RecordListView):
    table_class = SourceTable
    filterset_class = SourceFilterSet
    template_name = "sources/source_list.html"
    default_sort = "-published"
    noun = ("source", "sources")

    def get_queryset(self):
        return Source.objects.public()


class SourceDetailView(RecordDetailView):
    """A source and every public value that rests on it or that it disputes."""

    queryset = Source.objects.all()
    template_name = "sources/source_detail.html"

    def get_context_data(self, **kwargs):
        by_record = [
            (
                record,
                group_statements((c.subject_label, c.get_absolute_url(), c) for c in citations),
            )
            for record, citations in self.object.citations_by_record()
        ]
        return super().get_context_data(by_record=by_record, **kwargs)
