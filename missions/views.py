from django.db.models import Prefetch
from django.views.generic import TemplateView

from lunar.details import RecordDetailView
from lunar.lists import RecordListView
from lunar.sources.evidence import with_evidence
from missions.filters import MissionFilterSet, ProgrammeFilterSet, SampleFilterSet
from missions.models import (
    CrewMember,
    Figure,
    Landing,
    Mission,
    Programme,
    SampleReturn,
    Spacecraft,
)
from missions.pages import FiguresPart, MissionPage, ProgrammePage
from missions.pictures.mass import MassReturned
from missions.pictures.moon_map import MoonMap
from missions.tables import LandingTable, MissionTable, ProgrammeTable, SampleTable


class MissionListView(RecordListView):
    table_class = MissionTable
    filterset_class = MissionFilterSet
    template_name = "missions/mission_list.html"
    caption = MissionTable.caption
    default_sort = "launch"
    noun = ("mission", "missions")

    def get_queryset(self):
        missions = Mission.objects.public().for_list()
        return missions if self.request.GET.get("visitors") == "yes" else missions.to_the_moon()


class MissionDetailView(RecordDetailView):
    queryset = Mission.objects.select_related("programme", "sample_return").prefetch_related(
        # In the usual order of each, without that of the missions.
        Prefetch("spacecraft", Spacecraft.objects.order_by("number")),
        Prefetch("landings", Landing.objects.select_related("spacecraft").order_by("number")),
        Prefetch(
            "crew",
            CrewMember.objects.of_public_people()
            .select_related("person")
            .order_by("position", "pk"),
        ),
        *with_evidence(Mission, "spacecraft", "landings", "events", "crew", "sample_return"),
        "operators",
        "countries",
        "types",
    )
    page_class = MissionPage


class ProgrammeListView(RecordListView):
    table_class = ProgrammeTable
    filterset_class = ProgrammeFilterSet
    template_name = "missions/programme_list.html"
    default_sort = "started"
    noun = ("programme", "programmes")

    def get_queryset(self):
        return Programme.objects.public().prefetch_related("countries").with_mission_count()


class ProgrammeDetailView(RecordDetailView):
    queryset = Programme.objects.prefetch_related(
        *with_evidence(Programme), "countries", "operators"
    )
    page_class = ProgrammePage


class SampleListView(RecordListView):
    table_class = SampleTable
    filterset_class = SampleFilterSet
    template_name = "missions/sample_list.html"
    default_sort = "-mass_g"
    noun = ("sample return", "sample returns")

    def get_queryset(self):
        return SampleReturn.objects.public().for_list()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        figures = Figure.objects.public().prefetch_related(*with_evidence(Figure))
        asked = context["filterset"]
        return context | {
            "total_g": asked.qs.total_g(),
            "figures": FiguresPart(figures),
            "chart": MassReturned(asked.data, asked),
            "narrow_chart": MassReturned(asked.data | {"layout": "narrow"}, asked),
        }


class MapView(TemplateView):
    """The Moon map and the table of the same landings."""

    template_name = "missions/map.html"
    page_parameters = MoonMap.parameters

    def get_context_data(self, **kwargs):
        picture = MoonMap(self.request.GET)
        filterset = picture.filterset
        table = LandingTable(
            filterset.qs.none() if picture.is_crowded else filterset.qs,
            order_by=filterset.form.cleaned_data.get("sort") if filterset.is_valid() else "",
            sort_link=lambda alias: filterset.link(sort=alias) + "#table",
        )
        return super().get_context_data(
            picture=picture,
            filterset=filterset,
            form=filterset.form,
            table=table,
            whole=filterset.link(site=""),
            **kwargs,
        )

    def render_to_response(self, context, **kwargs):
        status = 200 if context["filterset"].is_valid() else 400
        return super().render_to_response(context, status=status, **kwargs)
