from django.db.models import Count, Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView

from diplomacy.countries import taking_part
from diplomacy.feeds import filter_query
from diplomacy.filters import (
    AgreementFilterSet,
    CountryFilterSet,
    DisplayFilterSet,
    TransferFilterSet,
)
from diplomacy.models import Act, Adherence, Agreement, Practice, Transfer, TransferSeries
from diplomacy.pages import (
    AgreementPage,
    CountryPage,
    HomePage,
    PairPage,
    PracticePage,
    SeriesPart,
    TransferPage,
)
from diplomacy.pages.listed import list_url, pair_url
from diplomacy.pictures.matrix import TransfersMatrix
from diplomacy.tables import AgreementTable, CountryTable, DisplayTable, TransferTable
from lunar.details import RecordDetailView
from lunar.lists import RecordListView
from lunar.parties.models import Country
from lunar.serving.remembered import remembered
from lunar.sources.evidence import with_evidence


class HomeView(TemplateView):
    template_name = "diplomacy/home.html"
    page_parameters = TransfersMatrix.parameters

    def get(self, request, *args, **kwargs):
        page = HomePage(request.GET)
        status = 200 if page.matrix.form.is_valid() else 400
        return self.render_to_response(self.get_context_data(page=page, **kwargs), status=status)


class TransferListView(RecordListView):
    queryset = Transfer.objects.public().for_list()
    table_class = TransferTable
    filterset_class = TransferFilterSet
    template_name = "diplomacy/transfer_list.html"
    caption = TransferTable.caption
    default_sort = "-date"
    noun = ("transfer", "transfers")

    def table_options(self, asked):
        return {"by": asked.get("by")}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {
            "series": self._series(context["form"].cleaned_data.get("series")),
            "feed_query": filter_query(context["filterset"]),
        }

    def _series(self, slug):
        """Return what is known of the series asked for; None if none is."""
        named = TransferSeries.objects.public().prefetch_related(*with_evidence(TransferSeries))
        series = named.filter(slug=slug).first() if slug else None
        return SeriesPart(series) if series else None


class TransferDetailView(RecordDetailView):
    queryset = (
        Transfer.objects.with_parties()
        .select_related("reciprocates")
        .prefetch_related(
            Prefetch("acts", Act.objects.with_parties()),
            *with_evidence(Transfer, "acts"),
            "missions",
        )
    )
    page_class = TransferPage


class DisplayListView(RecordListView):
    queryset = Transfer.objects.public().goodwill().for_list()
    table_class = DisplayTable
    filterset_class = DisplayFilterSet
    template_name = "diplomacy/display_list.html"
    caption = DisplayTable.caption
    default_sort = "recipient"
    noun = ("goodwill display", "goodwill displays")

    def get_context_data(self, **kwargs):
        return super().get_context_data(statuses=self._statuses(), **kwargs)

    def _statuses(self):
        """Return [(a display of the status, number of displays, address of their list)]."""
        counted = self.get_queryset().order_by().values_list("status").annotate(n=Count("pk"))
        numbers = remembered("displays by status", lambda: dict(counted))
        return [
            (Transfer(status=status), numbers[status], list_url("display-list", status=status))
            for status in Transfer.Status.values
            if status in numbers
        ]


class CountryListView(RecordListView):
    table_class = CountryTable
    filterset_class = CountryFilterSet
    template_name = "diplomacy/country_list.html"
    caption = CountryTable.caption
    default_sort = "name"
    noun = ("country or other party", "countries and other parties")

    def get_queryset(self):
        return taking_part()


class CountryDetailView(RecordDetailView):
    queryset = Country.objects.select_related("part_of").prefetch_related(*with_evidence(Country))
    page_class = CountryPage
    template_name = "diplomacy/country_detail.html"
    slug_field = "code"
    slug_url_kwarg = "code"

    def get(self, request, *args, **kwargs):
        code = self.kwargs["code"]
        if code == code.upper():
            return super().get(request, *args, **kwargs)
        self.kwargs["code"] = code.upper()
        if not self.named(self.get_queryset()).exists() and not self.withdrawal():
            raise Http404("No country has this code.")
        address = reverse("diplomacy:country-detail", kwargs=self.kwargs, query=request.GET)
        return redirect(address, permanent=True)


class PairView(TemplateView):
    template_name = "diplomacy/pair.html"
    page_parameters = ()

    def get(self, request, *args, **kwargs):
        asked = [kwargs["one"], kwargs["other"]]
        codes = sorted(code.upper() for code in asked)
        if codes[0] == codes[1]:
            raise Http404("A country has no page with itself.")
        self.countries = [get_object_or_404(Country.objects.public(), code=code) for code in codes]
        if asked != codes:
            return redirect(pair_url(*self.countries), permanent=True)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(page=PairPage(*self.countries), **kwargs)


class AgreementListView(RecordListView):
    table_class = AgreementTable
    filterset_class = AgreementFilterSet
    template_name = "diplomacy/agreement_list.html"
    caption = AgreementTable.caption
    default_sort = "opened"
    noun = ("agreement", "agreements")

    def get_queryset(self):
        return Agreement.objects.public().with_country_count()


class AgreementDetailView(RecordDetailView):
    queryset = Agreement.objects.prefetch_related(
        Prefetch(
            "adherences",
            Adherence.objects.of_public_countries().select_related("country", "organization"),
        ),
        *with_evidence(Agreement, "adherences"),
    )
    page_class = AgreementPage


class PracticeDetailView(RecordDetailView):
    queryset = Practice.objects.select_related("follows").prefetch_related(
        *with_evidence(Practice), "countries"
    )
    page_class = PracticePage
