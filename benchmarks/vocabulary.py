"""What made-up records are made of: parties, vocabularies and sentences of the real record."""

import re
from collections import defaultdict
from itertools import accumulate

from diplomacy.models import Act, Transfer, TransferCitation, TransferSeries
from lunar.parties.models import Country, Organization, Person
from lunar.sources.models import Source
from missions.models import Mission, MissionEvent, MissionType, Programme, SampleReturn

SENTENCE_END = re.compile(r"(?<=[.!?])\s+")

# Syllables of places that nobody knows: a few thousand rare words, as names are in real records.
BEGINNINGS = (
    "Kar Vel Tor Mal Sen Bri Ost Nor Lan Ard Fen Gol Hal Ist Jor Kel Lum Mor Nev Or".split()
)
MIDDLES = "a e i o u an er il on ur am el ir od us".split()
ENDINGS = "grad ville stad burg ton mark field holm dor nia berg port sk mere va".split()

GIVERS = {"US": 45, "CN": 22, "SUHH": 10, "RU": 6, "JP": 4, "IN": 3}  # of 100, the rest anybody


class Vocabulary:
    """The loaded record, read once; every list is in an order that both databases agree on."""

    def __init__(self, random):
        self.random = random
        self.countries = list(Country.objects.order_by("code"))
        self.organizations = list(Organization.objects.select_related("country").order_by("slug"))
        self.people = list(Person.objects.select_related("country").order_by("slug"))
        self.programmes = list(Programme.objects.order_by("slug"))
        self.types = list(MissionType.objects.order_by("slug"))
        self.series = list(TransferSeries.objects.order_by("slug"))
        self.goodwill = [series for series in self.series if series.is_goodwill]
        self.sampled = [
            sample.mission
            for sample in SampleReturn.objects.select_related("mission").order_by("mission__slug")
        ]
        self.bodies = _by_country(self.organizations)
        self.persons = _by_country(self.people)
        often = [country for country in self.countries if country.code in GIVERS]
        self.givers = [*sorted(often, key=lambda c: -GIVERS[c.code]), *self.countries]
        rest = (100 - sum(GIVERS.values())) / len(self.countries)
        weights = [GIVERS[country.code] for country in self.givers[: len(often)]]
        self.giver_weights = list(accumulate([*weights, *[rest] * len(self.countries)]))
        # The first countries of a shuffled list receive far more than the last, as in life.
        self.recipients = random.sample(self.countries, len(self.countries))
        self.recipient_weights = list(accumulate(1 / (n + 5) for n in range(len(self.recipients))))
        transfers = Transfer.objects.order_by("slug")
        self.summaries = _sentences(transfers, "summary")
        self.materials = _texts(transfers, "material")
        self.occasions = _texts(transfers, "occasion")
        self.meanings = _texts(transfers, "meaning")
        self.act_notes = _texts(Act.objects, "note")
        self.reasons = _texts(Act.objects, "quoted_reason")
        self.places = _texts(Act.objects, "place")
        missions = Mission.objects.order_by("slug")
        self.aims, self.results = _sentences(missions, "aim"), _sentences(missions, "result")
        self.vehicles, self.sites = (
            _texts(missions, "launch_vehicle"),
            _texts(missions, "launch_site"),
        )
        self.events = _texts(MissionEvent.objects, "title")
        self.titles = _texts(Source.objects, "title")
        self.publishers = _texts(Source.objects, "publisher")
        self.authors = _texts(Source.objects, "authors")
        self.source_notes = _texts(Source.objects, "note")
        self.quotes = _texts(TransferCitation.objects, "quote")
        self.citation_notes = _texts(TransferCitation.objects, "note")

    def one_of(self, values):
        return values[int(self.random.random() * len(values))]

    def sometimes(self, share, values):
        """Return one of some texts, or "" for nothing in all but a `share` of cases."""
        return self.one_of(values) if self.random.random() < share else ""

    def text(self, sentences, most):
        """Return one to `most` sentences."""
        return " ".join(self.one_of(sentences) for _ in range(self.random.randint(1, most)))

    def town(self):
        """Return the name of a place that is on no map."""
        return "".join(map(self.one_of, (BEGINNINGS, MIDDLES, ENDINGS)))

    def giver(self):
        return self.random.choices(self.givers, cum_weights=self.giver_weights)[0]

    def recipient(self, giver):
        """Return a country other than the giver."""
        while True:
            [country] = self.random.choices(self.recipients, cum_weights=self.recipient_weights)
            if country is not giver:
                return country

    def date(self, earliest, latest):
        """Return a date of these years, known to the day, the month or the year, or about."""
        year = self.random.randint(earliest, latest)
        known = self.random.random()
        if known < 0.15:
            return f"{year}"
        if known < 0.2:
            return f"{year}~"
        month = self.random.randint(1, 12)
        if known < 0.4:
            return f"{year}-{month:02}"
        return f"{year}-{month:02}-{self.random.randint(1, 28):02}"


def _by_country(parties):
    found = defaultdict(list)
    for party in parties:
        found[party.country_id].append(party)
    return found


def _texts(rows, field):
    """Return the different texts in a column, sorted; something even of a record without any."""
    found = rows.order_by().exclude(**{field: ""}).values_list(field, flat=True)
    return sorted(set(found)) or ["Nothing is told of it."]


def _sentences(rows, field):
    return sorted({s for text in _texts(rows, field) for s in SENTENCE_END.split(text)})
