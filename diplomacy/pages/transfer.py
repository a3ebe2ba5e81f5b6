from functools import cached_property

from django.db.models import Q
from django.utils.html import format_html

from diplomacy.models import Practice, Transfer
from diplomacy.pages.listed import list_url, pair_url
from diplomacy.tables import first_public, holder_of, party
from lunar.sources.evidence import Evidence, Fact
from lunar.templatetags.record import all_linked, linked, status_badge, when

OTHERS = 10

# How the parties of an act are named in its line: by whom it came about, and towards whom.
PREPOSITIONS = {
    "requested": ("by", "from"),
    "approved": ("by", "for"),
    "blocked": ("by", "for"),
    "moved": ("from", "to"),
    "confirmed": ("from", "with"),
    "displayed": ("from", "by"),
    "stored": ("from", "by"),
    "searched": ("by", "for"),
    "stolen": ("from", "by"),
    "seized": ("from", "by"),
    "recovered": ("from", "by"),
}


def parties(act):
    """Return [(preposition, party as a link)] for the line of an act: “by China to France”."""
    before_from, before_to = PREPOSITIONS.get(act.kind, ("by", "to"))
    named = [
        (before_from, first_public(act.from_organization, act.from_person, act.from_country)),
        (before_to, first_public(act.to_organization, act.to_person, act.to_country)),
    ]
    return [(preposition, linked_in_text(party)) for preposition, party in named if party]


def linked_in_text(party):
    """Return a link to a party under its name as it stands in a sentence."""
    name = getattr(party, "in_text", str(party))
    return format_html('<a href="{}">{}</a>', party.get_absolute_url(), name)


class TransferPage:
    """A transfer: the answer, what passed, where it is now, the acts, what is connected."""

    def __init__(self, transfer):
        self.transfer = transfer
        self.evidence = Evidence(transfer)
        # In reading order, because that numbers the sources.
        self.answer = self.evidence.fact("summary")
        self.standing = self._standing()
        self.facts = self._facts()
        self.acts = [(self.evidence.part(act), parties(act)) for act in transfer.acts.all()]
        self.sources = self.evidence.sources()

    def _standing(self):
        """Return the facts that follow from the acts; a transfer only sought has no whereabouts."""
        transfer = self.transfer
        facts = [Fact("status", "Status", status_badge(transfer))]
        if transfer.is_unsettled:
            return facts
        holder = self.evidence.fact("holder", linked(holder_of(transfer)), label="Holder")
        if not any(citation.field == "holder" for citation in transfer.citations.all()):
            holder.notes = []  # it rests on the acts, which have sources of their own
        return [
            *facts,
            holder,
            self._derived("place", transfer.place),
            self._derived("last_confirmed", when(transfer.last_confirmed)),
        ]

    def _derived(self, name, value):
        label = self.transfer.field_label(name)
        return Fact(name, label, value, None if value else self.transfer.absence(name))

    def _facts(self):
        transfer, fact = self.transfer, self.evidence.fact
        facts = [
            fact("kind", transfer.get_kind_display()),
            *self._party("giver", "Giver", "Giving body", "Given by"),
            *self._party("recipient", "Recipient", "Receiving body", "Received by"),
            fact("mass_g", self._mass(), label="Mass"),
            fact("material"),
            fact("missions", all_linked(transfer.missions.all())),
            *self.evidence.optional("occasion"),
            *self.evidence.optional("meaning", label="Said to stand for"),
            *self.evidence.if_cited("title"),
        ]
        answered = linked(transfer.reciprocates)
        return [
            *facts,
            *self.evidence.optional("reciprocates", answered, label="In return for"),
        ]

    def _party(self, side, country_label, body_label, person_label):
        """Yield who acted on one side, from the country to the person in office at the time."""
        if party(self.transfer, side) is None:
            yield self.evidence.fact(side, "", label=country_label)
        transfer, optional = self.transfer, self.evidence.optional
        person = linked(getattr(transfer, f"{side}_person"))
        office = getattr(transfer, f"{side}_office")
        if person and office:
            person = format_html("{}, {}", person, office)
        if party(transfer, side):
            yield from optional(side, linked(getattr(transfer, side)), label=country_label)
        body = linked(getattr(transfer, f"{side}_organization"))
        yield from optional(f"{side}_organization", body, label=body_label)
        yield from optional(f"{side}_person", person, label=person_label)

    def _mass(self):
        words, stated = self.transfer.mass_words, self.transfer.mass_as_stated
        if words and stated:
            return format_html('{} <span class="hint">(stated as “{}”)</span>', words, stated)
        return words or stated

    @cached_property
    def returned_by(self):
        """The public transfers made in return for this one."""
        return list(self.transfer.reciprocated_by.public())

    @cached_property
    def series(self):
        series = self.transfer.series
        return series if series and series.is_public else None

    @cached_property
    def series_url(self):
        return list_url("transfer-list", series=self.series.slug)

    @cached_property
    def practices(self):
        within = Q(transfers=self.transfer)
        if self.transfer.series:
            within |= Q(series=self.transfer.series)
        return list(Practice.objects.public().filter(within).distinct())

    @cached_property
    def pair(self):
        """The two countries, if both have pages; else None."""
        countries = [self.transfer.giver, self.transfer.recipient]
        if None in countries or countries[0] == countries[1]:
            return None
        return countries if all(country.is_public for country in countries) else None

    @cached_property
    def pair_url(self):
        return pair_url(*self.pair)

    @cached_property
    def others_of_pair(self):
        between = Transfer.objects.public().between(*self.pair)
        return list(between.exclude(pk=self.transfer.pk)[:OTHERS])
