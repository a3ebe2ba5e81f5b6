"""Views of the plain project."""

import csv

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.generic import DetailView, ListView
from django_filters.views import FilterView
from django_tables2 import SingleTableMixin

from benchmarks.plain.lists import MissionFilter, MissionTable, TransferFilter, TransferTable
from diplomacy.models import Transfer
from lunar.parties.models import Country
from lunar.sources.models import Source
from missions.models import Mission

PUBLIC = {"is_public": True}
COLUMNS = ["slug", "title", "date", "kind", "giver", "recipient", "mass_g", "material", "status"]


class TransferList(SingleTableMixin, FilterView):
    queryset = Transfer.objects.filter(**PUBLIC).select_related("giver", "recipient")
    table_class = TransferTable
    filterset_class = TransferFilter
    paginate_by = 50
    template_name = "plain/list.html"


class MissionList(SingleTableMixin, FilterView):
    queryset = Mission.objects.filter(**PUBLIC).select_related("programme")
    table_class = MissionTable
    filterset_class = MissionFilter
    paginate_by = 50
    template_name = "plain/list.html"


class Search(ListView):
    template_name = "plain/search.html"
    paginate_by = 20

    def get_queryset(self):
        q = self.request.GET.get("q", "")
        return Transfer.objects.filter(
            Q(title__icontains=q)
            | Q(material__icontains=q)
            | Q(occasion__icontains=q)
            | Q(summary__icontains=q)
            | Q(giver__name__icontains=q)
            | Q(recipient__name__icontains=q),
            **PUBLIC,
        ).order_by("title")


class TransferDetail(DetailView):
    queryset = Transfer.objects.filter(**PUBLIC).select_related(
        "giver", "giver_organization", "recipient", "recipient_organization", "series"
    )
    template_name = "plain/transfer.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            acts=self.object.acts.all(),
            missions=self.object.missions.all(),
            citations=self.object.citations.select_related("source"),
            **kwargs,
        )


class MissionDetail(DetailView):
    queryset = Mission.objects.filter(**PUBLIC).select_related("programme")
    template_name = "plain/mission.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            countries=self.object.countries.all(),
            operators=self.object.operators.all(),
            spacecraft=self.object.spacecraft.all(),
            landings=self.object.landings.all(),
            events=self.object.events.all(),
            citations=self.object.citations.select_related("source"),
            **kwargs,
        )


class CountryDetail(DetailView):
    """A country with the first of its transfers."""

    queryset = Country.objects.filter(**PUBLIC)
    slug_field = "code"
    template_name = "plain/country.html"

    def get_context_data(self, **kwargs):
        related = Transfer.objects.filter(**PUBLIC).select_related("giver", "recipient")
        return super().get_context_data(
            given=related.filter(giver=self.object)[:50],
            received=related.filter(recipient=self.object)[:50],
            missions=self.object.missions.filter(**PUBLIC)[:50],
            citations=self.object.citations.select_related("source"),
            **kwargs,
        )


class SourceDetail(DetailView):
    model = Source
    template_name = "plain/source.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            transfers=self.object.transfercitation_set.select_related("subject"),
            missions=self.object.missioncitation_set.select_related("subject"),
            **kwargs,
        )


def as_json(transfer):
    return {
        name: str(value) if (value := getattr(transfer, name)) is not None else None
        for name in COLUMNS
    } | {
        "citations": [
            {"field": one.field, "source": one.source.slug, "title": one.source.title}
            for one in transfer.citations.all()
        ]
    }


def api_list(request):
    rows = TransferList.queryset.prefetch_related("citations__source")
    page = Paginator(rows, int(request.GET.get("per_page", 50))).get_page(request.GET.get("page"))
    return JsonResponse(
        {"count": page.paginator.count, "results": [as_json(transfer) for transfer in page]}
    )


def api_record(request, slug):
    return JsonResponse(as_json(get_object_or_404(TransferList.queryset, slug=slug)))


class Echo:
    """What a CSV writer writes to: it hands each line on."""

    def write(self, value):
        return value


def as_csv(request):
    writer = csv.writer(Echo())
    rows = TransferList.queryset.iterator(chunk_size=2000)
    lines = (writer.writerow([getattr(transfer, name) for name in COLUMNS]) for transfer in rows)
    return StreamingHttpResponse(lines, content_type="text/csv")
