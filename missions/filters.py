from django import forms

from lunar.edtf import EdtfDate, overlaps
from lunar.filters import ConditionFacet, Facet, ListForm, RecordFilterSet
from missions.models import Landing, Mission, SampleReturn


class MissionListForm(ListForm):
    visitors = forms.ChoiceField(
        label="Gravity-assist flights",
        required=False,
        choices=[("", "Left out"), ("yes", "Included")],
    )


class MissionFilterSet(RecordFilterSet):
    facets = (
        Facet("programme", "Programme", "programme__slug", "programme__name"),
        Facet("country", "Country", "countries__code", "countries__name"),
        Facet("type", "Type", "types__slug", "types__name"),
        Facet("outcome", "Outcome", "outcome", choices=Mission.Outcome),
        Facet("side", "Landed on", "landings__side", choices=Landing.Side),
    )
    date_field = "launch"

    class Meta(RecordFilterSet.Meta):
        form = MissionListForm


class ProgrammeFilterSet(RecordFilterSet):
    facets = (Facet("country", "Country", "countries__code", "countries__name"),)
    date_field = "started"


class SampleFilterSet(RecordFilterSet):
    facets = (
        Facet("country", "Country", "mission__countries__code", "mission__countries__name"),
        Facet("side", "From", "side", choices=Landing.Side),
        Facet("material", "Material", "material", choices=SampleReturn.Material),
    )
    date_field = "returned"


DECADES = {f"{year}s": EdtfDate(f"{year // 10}X") for year in range(1950, 2030, 10)}


class LandingForm(ListForm):
    """The map and its table show all rows at once, and can look closer at one place."""

    per_page = None
    page = None
    site = forms.ChoiceField(label="Look closer at", required=False)


class LandingFilterSet(RecordFilterSet):
    """Filters of the Moon map; rows are Landings."""

    facets = (
        Facet("programme", "Programme", "mission__programme__slug", "mission__programme__name"),
        Facet("country", "Country", "mission__countries__code", "mission__countries__name"),
        Facet("kind", "Kind", "kind", choices=Landing.Kind),
        Facet("outcome", "Outcome of the mission", "mission__outcome", choices=Mission.Outcome),
        ConditionFacet(
            "decade",
            "Decade",
            {name: (name, overlaps("date", decade)) for name, decade in DECADES.items()},
        ),
    )

    class Meta(RecordFilterSet.Meta):
        form = LandingForm

    @classmethod
    def get_filters(cls):
        return {name: found for name, found in super().get_filters().items() if name != "q"}

    def _set_options(self):
        placed = self.queryset.filter(latitude__isnull=False).order_by("mission__name")
        sites = placed.values_list("mission__slug", "mission__name").distinct()
        self.form.fields["site"].choices = [("", "The whole Moon"), *sites]
        super()._set_options()
