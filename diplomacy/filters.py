from collections import Counter

from django import forms
from django.db.models import Count, Q

from diplomacy.countries import FLEW, GAVE, JOINED, NAMED, RECEIVED, held_in
from diplomacy.models import Agreement, Transfer
from diplomacy.models.transfer import NOTHING_PASSED, PASSED
from lunar.filters import ConditionFacet, Facet, ListForm, RecordFilterSet
from lunar.parties.models import Country, Organization, Person

Status = Transfer.Status
GONE = Q(status__in=[Status.MISSING, Status.STOLEN, Status.DESTROYED])
CONFIRMED = ~Q(last_confirmed="") & ~GONE


HOLDERS = ("holder_country", "holder_organization", "holder_person")


class HolderFacet(Facet):
    """The country that holds the material now, itself or through a body or person of it."""

    def options(self, queryset):
        held = queryset.order_by().values_list(*HOLDERS).annotate(n=Count("pk"))
        country_of = [
            lambda pk: pk,
            dict(Organization.objects.values_list("pk", "country")).get,
            dict(Person.objects.values_list("pk", "country")).get,
        ]
        numbers = Counter()
        for *holders, n in held:
            countries = (find(pk) for find, pk in zip(country_of, holders, strict=True) if pk)
            numbers[next(filter(None, countries), None)] += n
        holders = Country.objects.public().filter(pk__in=[pk for pk in numbers if pk])
        return {country.code: (country.name, numbers[country.pk]) for country in holders}

    def label_of(self, value, model):
        named = Country.objects.public().filter(code=value)
        return named.values_list("name", flat=True).first() or ""

    def apply(self, queryset, value):
        return queryset.filter(held_in(Country.objects.get(code=value)))


class TransferListForm(ListForm):
    by = forms.ChoiceField(
        label="Group by",
        required=False,
        choices=[("", "Nothing"), ("giver", "Giver"), ("recipient", "Recipient")],
    )


class TransferFilterSet(RecordFilterSet):
    facets = (
        Facet("kind", "Kind", "kind", choices=Transfer.Kind),
        Facet("status", "Status", "status", choices=Status),
        ConditionFacet(
            "passed",
            "Took place",
            {
                "yes": ("Material passed", PASSED),
                "no": ("Sought or offered, nothing passed", NOTHING_PASSED),
            },
        ),
        Facet("giver", "Giver", "giver__code", "giver__name"),
        Facet("recipient", "Recipient", "recipient__code", "recipient__name"),
        HolderFacet("holder", "Held in", "holder_country"),
        Facet("series", "Series", "series__slug", "series__name"),
        Facet("mission", "From mission", "missions__slug", "missions__name"),
    )
    date_field = "date"

    class Meta(RecordFilterSet.Meta):
        form = TransferListForm


class DisplayFilterSet(RecordFilterSet):
    facets = (
        Facet("series", "Series", "series__slug", "series__name"),
        Facet("status", "Status", "status", choices=Status),
        ConditionFacet(
            "whereabouts",
            "Whereabouts",
            {
                "confirmed": ("Confirmed at some time", CONFIRMED),
                "never": ("Never confirmed", Q(last_confirmed="") & ~GONE),
                "gone": ("Missing, stolen or destroyed", GONE),
            },
        ),
        Facet("kind", "Kind of recipient", "recipient__kind", choices=Country.Kind),
    )


class CountryFilterSet(RecordFilterSet):
    facets = (
        Facet("kind", "Kind", "kind", choices=Country.Kind),
        ConditionFacet(
            "part",
            "Part played",
            {
                "gave": ("Gave or lent material", GAVE),
                "received": ("Received or hold material", RECEIVED),
                "named": ("Named in any transfer", NAMED),
                "flew": ("Flew missions", FLEW),
                "joined": ("Joined agreements", JOINED),
            },
        ),
    )


class AgreementFilterSet(RecordFilterSet):
    facets = (
        Facet("kind", "Kind", "kind", choices=Agreement.Kind),
        Facet("country", "Country", "adherences__country__code", "adherences__country__name"),
    )
    date_field = "opened"
