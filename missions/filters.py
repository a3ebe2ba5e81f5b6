from django import forms

from lunar.filters import Facet, ListForm, RecordFilterSet
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
