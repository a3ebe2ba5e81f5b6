from dataclasses import dataclass

from diplomacy.models import Adherence
from lunar.sources.evidence import Evidence, Fact
from lunar.templatetags.record import when


@dataclass
class Step:
    """One step of a country; `left` is the later withdrawal of the same country."""

    fact: Fact
    adherence: Adherence
    left: Adherence | None


class AgreementPage:
    """An agreement: what it says, its dates, and who took part when."""

    def __init__(self, agreement):
        self.evidence = evidence = Evidence(agreement)
        fact = evidence.fact
        self.answer = fact("summary")
        self.facts = [
            fact("kind", agreement.get_kind_display()),
            fact("opened", when(agreement.opened)),
            fact("in_force", when(agreement.in_force), label="In force"),
        ]
        if agreement.long_name:
            self.facts.insert(0, fact("name", agreement.long_name, label="Official title"))
        else:
            self.facts += evidence.if_cited("name")
        adherences = list(agreement.adherences.all())
        withdrawals = {a.country_id: a for a in adherences if a.step == Adherence.Step.WITHDREW}
        self.steps = [
            Step(
                evidence.part(adherence, label=str(adherence)),
                adherence,
                None
                if adherence.step == Adherence.Step.WITHDREW
                else withdrawals.get(adherence.country_id),
            )
            for adherence in adherences
        ]
        self.country_count = len({a.country_id for a in adherences} - set(withdrawals))
        self.sources = evidence.sources()
