"""What the record pages of this app show, in reading order."""

from functools import cached_property

from django.db.models import Count, F, Window

from lunar.edtf import chronological
from lunar.sources.evidence import Evidence, native
from lunar.templatetags.record import all_linked, in_grams, linked, outcome_badge, when
from missions import computed
from missions.models import Mission
from missions.positions import accuracy_in_words, position_in_words
from missions.tables import MissionTable

TRANSFERS_SHOWN = 12


class MissionPage:
    """A mission as a reference entry: the answer, facts, events, craft, samples, sources."""

    def __init__(self, mission):
        self.mission = mission
        self.evidence = Evidence(mission)
        # In reading order, because that numbers the sources.
        self.answer = self.evidence.fact("result")
        self.facts = self._facts()
        self.landings = [self._landing(landing) for landing in mission.landings.all()]
        self.sample = self._sample()
        self.events = [self.evidence.part(event) for event in mission.events.all()]
        self.spacecraft = [self._craft(craft) for craft in mission.spacecraft.all()]
        self.crew = [self.evidence.part(member) for member in mission.crew.all()]
        self.sources = self.evidence.sources()

    def _facts(self):
        mission, fact, optional = self.mission, self.evidence.fact, self.evidence.optional
        mass = mission.launch_mass_kg
        return [
            *self.evidence.if_cited("name"),
            *optional("aim"),
            fact("outcome", outcome_badge(mission)),
            fact("types", ", ".join(kind.name for kind in mission.types.all())),
            fact("launch", when(mission.launch)),
            fact("launch_vehicle"),
            fact("launch_site"),
            *optional(
                "launch_mass_kg",
                "" if mass is None else f"{mass.normalize():,f} kg",
                label="Launch mass",
            ),
            *self._end(),
            fact("programme", linked(mission.programme)),
            fact("operators", all_linked(mission.operators.all())),
            fact("countries", all_linked(mission.countries.all())),
            fact("cospar_id", mission.cospar_id or mission.get_no_cospar_reason_display()),
            *optional("other_names"),
            *optional("name_meaning"),
            *optional("native_name", native(mission.native_name, mission.native_language)),
        ]

    def _end(self):
        """A mission that flies or is to fly has no end; of any other, it has to be found out."""
        ended = when(self.mission.ended)
        if self.mission.outcome in {Mission.Outcome.PLANNED, Mission.Outcome.IN_PROGRESS}:
            return self.evidence.optional("ended", ended)
        return [self.evidence.fact("ended", ended)]

    def _landing(self, landing):
        fact, optional = self.evidence.fact, self.evidence.optional
        facts = [
            fact("kind", landing.get_kind_display(), of=landing),
            fact("date", when(landing.date), of=landing),
            fact("position", position_in_words(landing), of=landing),
            *optional("side", computed.computed(landing.side_label), of=landing),
            *optional(
                "accuracy_m",
                accuracy_in_words(landing),
                of=landing,
                label="Position accurate to",
            ),
            fact("site_name", of=landing),
            *computed.facts(landing, self.mission),
        ]
        return {"landing": landing, "facts": facts}

    def _sample(self):
        sample = getattr(self.mission, "sample_return", None)
        if sample is None:
            return None
        fact = self.evidence.fact
        return [
            fact("mass_g", in_grams(sample.mass_g), of=sample, label="Mass returned"),
            fact("side", sample.get_side_display(), of=sample, label="Collected on the"),
            fact("material", sample.get_material_display(), of=sample),
            fact("returned", when(sample.returned), of=sample, label="Reached Earth"),
            fact("landed_at", of=sample),
        ]

    def _craft(self, craft):
        fact, optional = self.evidence.fact, self.evidence.optional
        facts = [
            *self.evidence.if_cited("name", of=craft),
            fact("role", craft.get_role_display(), of=craft),
            *optional("native_name", native(craft.native_name, craft.native_language), of=craft),
            *optional("name_meaning", of=craft),
            *optional("fate", of=craft),
        ]
        return {"craft": craft, "facts": facts}

    @cached_property
    def transfers(self):
        """The first public transfers of this mission's material, the many displays last."""
        single_first = F("series__is_goodwill").asc(nulls_first=True)
        ordered = self.mission.transfers.public().order_by(
            single_first, *chronological("date"), "slug"
        )
        return list(ordered.annotate(number_of_all=Window(Count("pk")))[:TRANSFERS_SHOWN])

    @cached_property
    def transfer_count(self):
        return self.transfers[0].number_of_all if self.transfers else 0


class ProgrammePage:
    """A programme: what it is, its facts, its missions."""

    def __init__(self, programme):
        self.evidence = evidence = Evidence(programme)
        fact, optional = evidence.fact, evidence.optional
        self.answer = fact("summary")
        self.facts = [
            *evidence.if_cited("name"),
            fact("started", when(programme.started), label="Began"),
            *optional("ended", when(programme.ended)),
            fact("countries", all_linked(programme.countries.all())),
            fact("operators", all_linked(programme.operators.all())),
            *optional("name_meaning"),
            *optional("native_name", native(programme.native_name, programme.native_language)),
        ]
        self.missions = MissionTable(
            programme.missions.public().for_list(),
            order_by="launch",
            exclude=["programme"],
            caption=f"Missions of {programme}",
        )
        self.sources = evidence.sources()


class FiguresPart:
    """Totals that this record computes beside what sources state, with their evidence."""

    def __init__(self, figures):
        evidence = Evidence(*figures)
        self.figures = [
            {"figure": figure, "fact": self._fact(evidence, figure)} for figure in figures
        ]
        self.sources = evidence.sources()

    def _fact(self, evidence, figure):
        value = figure.value_in_words("value")
        return evidence.fact("value", value, of=figure, label=figure.name)
