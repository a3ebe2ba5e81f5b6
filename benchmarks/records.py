"""Made-up records that look like the real ones: sources, missions and transfers with their parts.

Objects are complete before they are saved: they have their numbers, and their parts are at hand
where `searched()`, `custody()` and the search look for them, so that all that is derived follows
from the project's own code without asking the database once for each record.
"""

from decimal import Decimal

from diplomacy.models import Act, ActCitation, Transfer, TransferCitation
from lunar.edtf import EdtfDate
from lunar.sources.models import Citation, Record, Source
from missions.models import (
    Landing,
    LandingCitation,
    Mission,
    MissionCitation,
    MissionEvent,
    SampleReturn,
    SampleReturnCitation,
    Spacecraft,
)

THIS_YEAR = 2026

# How the acts of a transfer follow one another, by its kind, with how often out of a hundred.
COURSES = {
    Transfer.Kind.GIFT: {
        "given": 22,
        "given displayed": 20,
        "given confirmed": 12,
        "displayed": 10,
        "confirmed": 10,
        "given stored": 5,
        "given searched": 5,
        "given displayed confirmed": 5,
        "given stolen": 2,
        "given lost recovered": 2,
        "offered": 2,
        "offered refused": 2,
        "given destroyed": 1,
        "never_delivered": 1,
        "given sold": 1,
    },
    Transfer.Kind.LOAN: {
        "lent": 32,
        "lent displayed": 20,
        "requested approved lent": 16,
        "requested": 8,
        "requested approved": 6,
        "requested refused": 5,
        "lent returned": 8,
        "requested blocked": 2,
        "lent consumed": 3,
    },
    Transfer.Kind.EXCHANGE: {"exchanged": 80, "exchanged displayed": 20},
    Transfer.Kind.SALE: {"sold": 70, "stolen seized": 30},
}
KINDS = {"gift": 62, "loan": 28, "exchange": 8, "sale": 2}
OUTCOMES = {"success": 50, "failure": 25, "partial_failure": 12, "planned": 10, "in_progress": 3}
STATED = {"exact": "{} g", "about": "about {} g", "planned": "{} g asked for"}


class Parts(list):
    """The parts of a record that is not saved yet, with what derivations ask of a queryset."""

    def all(self):
        return self

    def count(self):
        return len(self)

    def filter(self, **wanted):
        return Parts(one for one in self if all(getattr(one, n) == v for n, v in wanted.items()))

    def values_list(self, name, *, flat):
        return [getattr(one, name) for one in self]


def have(record, **parts):
    """Let `record` answer for the rows that belong to it as if they had been fetched."""
    record._prefetched_objects_cache = {name: Parts(rows) for name, rows in parts.items()}


class Maker:
    """Makes records one by one; `first` holds the next free number of each model.

    Every source is cited by the mission of the same place in its row, so that all are public.
    """

    def __init__(self, vocabulary, first, sources):
        self.words, self.random = vocabulary, vocabulary.random
        self.next = dict(first)
        self.first_source, self.sources = first[Source], sources
        self.sampled = list(vocabulary.sampled)

    def source(self, n):
        words, random = self.words, self.random
        kind, standing = random.choice(Source.Kind.values), random.choice(Source.Standing.values)
        town = words.town()
        source = self._new(
            Source,
            slug=f"synthetic-{town.lower()}-{n}",
            title=f"{words.one_of(words.titles)[:250]}, {town}",
            authors=words.sometimes(0.1, words.authors),
            publisher=words.one_of(words.publishers),
            published=words.date(1969, THIS_YEAR) if random.random() < 0.9 else "",
            kind=kind,
            standing=standing,
            url=f"https://{town.lower()}.example.org/moon/{n}",
            archive_url=f"https://archive.example.org/{n}" if random.random() < 0.5 else "",
            accessed=f"{THIS_YEAR}-0{random.randint(1, 9)}-15",
            note=words.sometimes(0.6, words.source_notes),
        )
        if random.random() < 0.2:
            source.language = random.choice(["fr", "es", "zh-Hans", "ru", "ko"])
            source.title_english = source.title
        source.public_statements = 0  # so far; they are counted when all is there
        return source, []

    def mission(self, n):
        """Return a mission with its parts and their citations, and the links of each."""
        words, random = self.words, self.random
        [outcome] = random.choices(list(OUTCOMES), OUTCOMES.values())
        flown = outcome != Mission.Outcome.PLANNED
        year = random.randint(1958, THIS_YEAR - 1) if flown else random.randint(2027, 2040)
        programme = words.one_of(words.programmes) if random.random() < 0.7 else None
        town = words.town()
        mission = self._new(
            Mission,
            slug=f"{town.lower()}-{n}",
            state=Record.State.PUBLISHED,
            name=f"{town} {n % 60 + 1}",
            other_names=f"{town[:2].upper()}-{n}; {words.town()}" if random.random() < 0.6 else "",
            programme=programme,
            cospar_id=f"{year}-{n + 1000}A" if flown else None,
            no_cospar_reason="" if flown else Mission.NoCospar.NOT_LAUNCHED,
            launch=words.date(year, year),
            launch_vehicle=words.one_of(words.vehicles),
            launch_site=words.one_of(words.sites),
            launch_mass_kg=Decimal(random.randint(100, 9000)) if random.random() < 0.7 else None,
            outcome=outcome,
            aim=words.text(words.aims, 2),
            result=words.text(words.results, 3) if flown else "",
            ended=words.date(year + 1, year + 3) if outcome == Mission.Outcome.SUCCESS else "",
        )
        craft = [
            self._new(
                Spacecraft,
                mission=mission,
                number=number,
                name=f"{mission.name} {role}",
                role=role,
                fate=words.sometimes(0.3, words.results)[:300],
            )
            for number, role in enumerate(
                random.sample(["orbiter", "lander", "rover", "relay"], random.randint(1, 2)), 1
            )
        ]
        landings = [self._landing(mission, craft[-1], year)] if flown and n % 10 < 6 else []
        events = [
            self._new(
                MissionEvent,
                mission=mission,
                number=number,
                kind=random.choice(MissionEvent.Kind.values),
                date=words.date(year, year),
                title=words.one_of(words.events),
            )
            for number in range(1, random.randint(1, 4) if n % 3 == 0 else 1)
        ]
        sample = self._sample(mission, year) if landings and n % 100 == 0 else None
        if not sample:
            mission._state.fields_cache["sample_return"] = None
        cited = [(MissionCitation, mission, field) for field in ("launch", "outcome")]
        cited += [(LandingCitation, landing, "position") for landing in landings]
        cited += [(SampleReturnCitation, one, "mass_g") for one in filter(None, [sample])]
        citations = [
            self._citation(model, subject, field, (n - 1) % self.sources if at == 0 else None)
            for at, (model, subject, field) in enumerate(cited)
        ]
        have(
            mission,
            spacecraft=craft,
            landings=landings,
            events=_in_time(events),
            crew=[],
            citations=[one for one in citations if isinstance(one, MissionCitation)],
        )
        country = programme.countries.all()[0] if programme and programme.countries.all() else None
        country = country or words.giver()
        bodies = words.bodies[country.pk]
        links = [
            Mission.countries.through(mission=mission, country=country),
            Mission.types.through(mission=mission, missiontype=words.one_of(words.types)),
        ]
        if bodies:
            body = words.one_of(bodies)
            links.append(Mission.operators.through(mission=mission, organization=body))
        return mission, [*craft, *landings, *events, *filter(None, [sample]), *citations, *links]

    def _landing(self, mission, craft, year):
        random = self.random
        return self._new(
            Landing,
            mission=mission,
            number=1,
            spacecraft=craft,
            kind=random.choice(Landing.Kind.values),
            date=self.words.date(year, year),
            latitude=Decimal(random.randint(-8_900_000, 8_900_000)).scaleb(-5),
            longitude=Decimal(random.randint(-17_900_000, 17_900_000)).scaleb(-5),
            accuracy_m=random.choice([None, 10, 100, 1000]),
            site_name=f"Mare {self.words.town()}" if random.random() < 0.8 else "",
        )

    def _sample(self, mission, year):
        grams = Decimal(self.random.randint(100, 2_000_000))
        self.sampled.append(mission)
        return self._new(
            SampleReturn,
            mission=mission,
            mass_g=grams,
            mass_as_stated=f"{grams:,} g",
            material=self.random.choice(SampleReturn.Material.values),
            returned=self.words.date(year, year),
            landed_at=self.words.town(),
        )

    def transfer(self, n):
        """Return a transfer with its acts and their citations, and the links of each."""
        words, random = self.words, self.random
        is_display = n % 8 == 0
        giver = words.givers[0] if is_display else words.giver()
        recipient = words.recipient(giver)
        [kind] = ["gift"] if is_display else random.choices(list(KINDS), KINDS.values())
        series = words.one_of(words.goodwill) if is_display else None
        mission = words.one_of(words.sampled if is_display or n % 3 else self.sampled)
        body = words.one_of(words.bodies[recipient.pk] or [None])
        person = words.one_of(words.persons[giver.pk] or [None]) if n % 4 == 0 else None
        year = random.randint(1969, THIS_YEAR - 1)
        town = words.town()
        noun = (
            "Goodwill display" if is_display else words.one_of(["Moon rock", "Lunar soil", "Core"])
        )
        state = random.choice(["draft", "in_review"]) if n % 50 == 0 else "published"
        [certainty] = random.choices(["unknown", "exact", "about", "planned"], [15, 25, 55, 5])
        grams = Decimal(random.randint(5, 90_000)).scaleb(-3) if certainty != "unknown" else None
        transfer = self._new(
            Transfer,
            slug=f"{kind}-{giver.code.lower()}-{recipient.code.lower()}-{town.lower()}-{n}",
            state=state,
            title=f"{noun} from {giver.in_text} to {recipient.in_text}, {town} {year}",
            kind=kind,
            series=series or (words.one_of(words.series) if n % 5 == 0 else None),
            giver=giver,
            giver_organization=words.one_of(words.bodies[giver.pk] or [None]) if n % 2 else None,
            giver_person=person,
            giver_office="President" if person else "",
            recipient=recipient,
            recipient_organization=body,
            mass_g=grams,
            mass_certainty=certainty,
            mass_as_stated=STATED[certainty].format(grams) if grams and n % 3 == 0 else "",
            material=words.one_of(words.materials),
            occasion=words.sometimes(0.4, words.occasions),
            meaning=words.sometimes(0.05, words.meanings),
            summary=words.text(words.summaries, 3) if random.random() < 0.8 else "",
        )
        acts, citations = self._acts(transfer, kind, year, body, town), []
        fields = random.sample(["recipient", "mass_g", "summary", "material"], 2)
        citations = [self._citation(TransferCitation, transfer, field) for field in fields]
        for act in acts:
            told = [self._citation(ActCitation, act, "date")] if random.random() < 0.3 else []
            if random.random() < 0.02:
                dispute = {"stance": Citation.Stance.DISPUTES, "stated_value": "It never happened."}
                told.append(self._citation(ActCitation, act, "kind", **dispute))
            have(act, citations=told)
        have(transfer, acts=_in_time(acts), citations=citations)
        citations += [one for act in acts for one in act.citations.all()]
        links = [Transfer.missions.through(transfer=transfer, mission=mission)]
        return transfer, [*acts, *citations, *links]

    def _acts(self, transfer, kind, year, body, town):
        words, random = self.words, self.random
        courses = COURSES[kind]
        [course] = random.choices(list(courses), courses.values())
        acts = []
        for number, step in enumerate(course.split(), 1):
            stays = step in {"displayed", "confirmed", "stored"}
            museum = f"Museum of {town}" if random.random() < 0.5 else words.one_of(words.places)
            acts.append(
                self._new(
                    Act,
                    transfer=transfer,
                    number=number,
                    kind=step,
                    date=words.date(year, year) if random.random() < 0.9 else "",
                    place=museum if stays or random.random() < 0.3 else "",
                    to_organization=body if stays and body and random.random() < 0.3 else None,
                    quoted_reason=words.sometimes(0.02, words.reasons),
                    note=words.sometimes(0.5, words.act_notes),
                )
            )
            year = min(year + random.randint(1, 12), THIS_YEAR - 1)
        return acts

    def _citation(self, model, subject, field, source=None, **fields):
        """Cite a source by its place in the row of made-up ones, any unless it is named."""
        words = self.words
        source = int(self.random.random() * self.sources) if source is None else source
        return self._new(
            model,
            subject=subject,
            source_id=self.first_source + source,
            field=field,
            quote=words.sometimes(0.07, words.quotes),
            note=words.sometimes(0.45, words.citation_notes),
            **fields,
        )

    def _new(self, model, **fields):
        number = self.next[model]
        self.next[model] = number + 1
        return model(pk=number, **fields)


def _in_time(parts):
    """Return acts or events as the database orders them: by date, those without one last."""
    return sorted(parts, key=lambda one: (not one.date, _days(one.date), one.number))


def _days(date):
    if not isinstance(date, EdtfDate):
        return ()
    return date.earliest or date.latest, date.latest or date.earliest
