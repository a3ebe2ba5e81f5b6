"""Tables and filters of the plain project."""

import django_filters
import django_tables2 as tables

from diplomacy.models import Transfer
from missions.models import Mission


class TransferTable(tables.Table):
    title = tables.Column(linkify=lambda record: f"/transfers/{record.slug}/")

    class Meta:
        model = Transfer
        fields = ["title", "date", "kind", "giver", "recipient", "mass_g", "status"]


class TransferFilter(django_filters.FilterSet):
    title = django_filters.CharFilter(lookup_expr="icontains")

    class Meta:
        model = Transfer
        fields = ["title", "kind", "status", "giver", "recipient", "series"]


class MissionTable(tables.Table):
    name = tables.Column(linkify=lambda record: f"/missions/{record.slug}/")

    class Meta:
        model = Mission
        fields = ["name", "programme", "launch", "outcome", "launch_vehicle"]


class MissionFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(lookup_expr="icontains")

    class Meta:
        model = Mission
        fields = ["name", "programme", "outcome", "countries"]
