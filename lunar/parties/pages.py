"""What the pages of people and organisations show: who they are and where they acted."""

from lunar.sources.evidence import Evidence, native
from lunar.templatetags.record import linked

MOST = 300  # records of one sort on a page; the ledger has them all


class PartyPage:
    """Facts of a person or organisation, and the public records they are part of.

    `most` is the number of records of one sort that are shown where there are more, else None.
    """

    def __init__(self, party):
        self.party = party
        self.evidence = Evidence(party)
        self.facts = self._facts()
        self.sources = self.evidence.sources()
        found = [(heading, records) for heading, records in self._connected() if records]
        self.connected = [(heading, records[:MOST]) for heading, records in found]
        self.most = MOST if any(len(records) > MOST for _, records in found) else None

    def _facts(self):
        native_name = native(self.party.native_name, self.party.native_language)
        return [
            *self.evidence.optional("native_name", native_name),
            self.evidence.fact("country", linked(self.party.country)),
        ]


class PersonPage(PartyPage):
    def _facts(self):
        known_for = self.evidence.fact("known_for", label="Part in this record")
        return [*self.evidence.if_cited("name"), known_for, *super()._facts()]

    def _connected(self):
        person = self.party
        flights = person.flights.public().select_related("mission")
        return [
            ("Flew on", [(flight.mission, flight.role) for flight in flights]),
            ("Gave", _in_office(person.transfers_given, "giver_office")),
            ("Received", _in_office(person.transfers_received, "recipient_office")),
            ("Holds", _in_office(person.transfers_held, "place")),
            ("Took part in", _acted_in(person)),
        ]


class OrganizationPage(PartyPage):
    def _facts(self):
        fact = self.evidence.fact
        return [
            fact("name"),
            fact("kind", self.party.get_kind_display()),
            *super()._facts(),
            fact("city"),
        ]

    def _connected(self):
        organization = self.party
        return [
            ("Missions", [(m, "") for m in _first(organization.missions)]),
            ("Gave or lent", _in_office(organization.transfers_given, "")),
            ("Received or asked for", _in_office(organization.transfers_received, "")),
            ("Holds", _in_office(organization.transfers_held, "place")),
            ("Took part in", _acted_in(organization)),
        ]


def _in_office(transfers, field):
    shown = _first(transfers.defer("search_text", "summary"))
    return [(t, getattr(t, field) if field else "") for t in shown]


def _first(records):
    """Return as many public records as a page shows, and one that tells of more."""
    return records.public()[: MOST + 1]


def _acted_in(party):
    """Return the public transfers in whose acts the party appears, with the kind of each act."""
    acts = [*_first(party.acts_from.with_transfer()), *_first(party.acts_to.with_transfer())]
    acts.sort(key=lambda act: (str(act.transfer), act.number))
    return list({act.pk: (act.transfer, str(act)) for act in acts}.values())
