"""Countries as they take part: what they gave, received, flew and joined."""

from functools import reduce
from operator import or_

from django.db.models import Count, Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from diplomacy.models import Adherence, Transfer
from lunar.parties.models import Country, Organization, Person
from missions.models import Mission

_transfers = Transfer.objects.public()


def _exists(queryset, path):
    return Q(Exists(queryset.filter(**{path: OuterRef("pk")})))


def _holdings(country):
    """Return the conditions under which `country` holds, of which a transfer fits one at most.

    By the keys of its bodies and people: databases that join them look at every transfer first.
    """
    here = OuterRef(country) if isinstance(country, OuterRef) else country
    bodies = Organization.objects.filter(country=here).values("pk")
    people = Person.objects.filter(country=here).values("pk")
    return [
        Q(holder_country=country),
        Q(holder_country=None, holder_organization__in=bodies),
        Q(holder_country=None, holder_organization=None, holder_person__in=people),
    ]


def held_in(country):
    """Return the condition under which `country`, or else a body or person of it, is the holder.

    `country` may be a country, its key or an OuterRef; the nearest named holder decides.
    """
    return reduce(or_, _holdings(country))


GAVE = _exists(_transfers.took_place(), "giver")
# Each by itself: no index serves two of them at once.
HOLDS = reduce(or_, (Q(Exists(_transfers.filter(one))) for one in _holdings(OuterRef("pk"))))
RECEIVED = _exists(_transfers.took_place(), "recipient") | HOLDS
NAMED = _exists(_transfers, "giver") | _exists(_transfers, "recipient")
FLEW = _exists(Mission.objects.public().to_the_moon(), "countries")
JOINED = _exists(Adherence.objects.public(), "country")


def taking_part():
    """Return the public countries that occur in a public transfer, mission or agreement.

    They carry `given_count` and `received_count` (transfers that took place), `held_count` (what
    they hold now), `mission_count` and `agreement_count`.
    """
    passed = _transfers.took_place()
    return (
        Country.objects.public()
        .filter(NAMED | RECEIVED | FLEW | JOINED)
        .annotate(
            given_count=_count(passed, Q(giver=OuterRef("pk"))),
            received_count=_count(passed, Q(recipient=OuterRef("pk"))),
            held_count=sum(_count(_transfers, one) for one in _holdings(OuterRef("pk"))),
            mission_count=_count(
                Mission.objects.public().to_the_moon(), Q(countries=OuterRef("pk"))
            ),
            agreement_count=_count(
                Adherence.objects.public(), Q(country=OuterRef("pk")), of="agreement"
            ),
        )
    )


def partners(country):
    """Return [(other country, number of public transfers with it)], the most frequent first."""
    counts = {}
    for here, there in (("giver", "recipient"), ("recipient", "giver")):
        counted = (
            _transfers.filter(**{here: country, f"{there}__is_public": True})
            .exclude(**{there: country})
            .order_by()
            .values_list(there)
            .annotate(n=Count("pk"))
        )
        for pk, n in counted:
            counts[pk] = counts.get(pk, 0) + n
    others = Country.objects.filter(pk__in=counts)
    return sorted(
        ((other, counts[other.pk]) for other in others), key=lambda pair: (-pair[1], pair[0].name)
    )


def _count(queryset, condition, of=None):
    """Return a subquery that counts the rows under `condition`, which refers to the outer row.

    Or the different values of the field `of` in them.
    """
    counted = (
        queryset.filter(condition)
        .order_by()
        .annotate(everything=Value(1))
        .values("everything")
        .annotate(n=Count(of, distinct=True) if of else Count("*"))
        .values("n")
    )
    return Coalesce(Subquery(counted), Value(0))
