from functools import cached_property

from django.urls import reverse

from diplomacy.countries import held_in, partners
from diplomacy.models import Transfer
from diplomacy.pages.listed import list_url, listed, pair_url
from diplomacy.tables import HeldTable, TransferTable, holder_of
from lunar.edtf import chronological
from lunar.parties.models import Country
from lunar.sources.evidence import Evidence, native
from lunar.templatetags.record import all_linked, linked, when
from missions.tables import MissionTable

SHORT_CODE = 2


class CountryPage:
    """A country: who it is and was, what it gave, received and holds, flew and joined."""

    def __init__(self, country):
        self.country = country
        self.evidence = Evidence(country)
        self.facts = self._facts()
        self.sources = self.evidence.sources()

    def _facts(self):
        country, fact = self.country, self.evidence.fact
        is_former = country.kind == Country.Kind.FORMER_STATE
        facts = [
            fact("name"),
            fact("kind", country.get_kind_display()),
            fact("code", label=code_label(country)),
        ]
        if country.native_name:
            name = native(country.native_name, country.native_language)
            facts.insert(1, fact("native_name", name))
        for name, label in (("valid_from", "Began"), ("valid_to", "Ended")):
            date = when(getattr(country, name))
            if is_former:
                facts.append(fact(name, date, label=label))
            else:
                facts += self.evidence.optional(name, date, label=label)
        if country.part_of and country.part_of.is_public:
            facts.append(fact("part_of", linked(country.part_of)))
        for name, label in (("predecessors", "Followed"), ("successors", "Followed by")):
            others = getattr(country, name).public()
            if others or (is_former and name == "successors"):
                facts.append(fact(name, all_linked(others), label=label))
        return facts

    @cached_property
    def figures(self):
        """How often it took part, each with the anchor of the section that shows it."""
        counts = [
            ("holds", "transfer held now", "transfers held now", self.held),
            ("gave", "transfer made or asked of it", "transfers made or asked of it", self.gave),
            (
                "received",
                "transfer received or sought",
                "transfers received or sought",
                self.received,
            ),
            ("displays", "goodwill display received", "goodwill displays received", self.displays),
            ("missions", "mission flown or planned", "missions flown or planned", self.missions),
        ]
        found = [
            (anchor, one if part.count == 1 else several, part.count)
            for anchor, one, several, part in counts
            if part
        ]
        if self.adherences:
            n = len({adherence.agreement_id for adherence in self.adherences})
            found.append(("agreements", "agreement" if n == 1 else "agreements", n))
        return found

    @cached_property
    def gave(self):
        return listed(
            TransferTable,
            self._transfers().filter(giver=self.country),
            caption=f"Transfers that {self.country.in_text} made or was asked for",
            url=list_url("transfer-list", giver=self.country.code),
            exclude=["giver"],
        )

    @cached_property
    def received(self):
        """What it received or asked for; the displays have a table of their own."""
        return listed(
            TransferTable,
            self._transfers().filter(recipient=self.country).exclude(series__is_goodwill=True),
            caption=f"Transfers that {self.country.in_text} received or asked for",
            url=list_url("transfer-list", recipient=self.country.code),
            exclude=["recipient"],
        )

    @cached_property
    def displays(self):
        return listed(
            HeldTable,
            self._transfers().goodwill().filter(recipient=self.country),
            caption=f"Goodwill displays given to {self.country.in_text}",
            url=list_url("transfer-list", recipient=self.country.code),
            order_by="title",
        )

    @cached_property
    def held(self):
        return listed(
            HeldTable,
            self._transfers().filter(held_in(self.country)),
            caption=f"Held now in {self.country.in_text}, as the acts of each transfer tell",
            url=list_url("transfer-list", holder=self.country.code),
            order_by="title",
        )

    @cached_property
    def holdings(self):
        """[(transfer, who holds its material)] of what is shown as held now."""
        return [(transfer, holder_of(transfer)) for transfer in self.held.records]

    @cached_property
    def missions(self):
        return listed(
            MissionTable,
            self.country.missions.public().to_the_moon().for_list(),
            caption=f"Missions of {self.country.in_text}",
            url=f"{reverse('missions:mission-list')}?country={self.country.code}",
            order_by="-launch",
            exclude=["countries"],
        )

    @cached_property
    def adherences(self):
        steps = self.country.adherences.public().select_related("agreement")
        return list(steps.order_by(*chronological("date"), "agreement__slug", "step"))

    @cached_property
    def partners(self):
        """[(other country, number of transfers, address of the page of the two)]."""
        return [(other, n, pair_url(self.country, other)) for other, n in partners(self.country)]

    @cached_property
    def parts(self):
        return list(self.country.parts.public())

    def _transfers(self):
        return Transfer.objects.public().for_list()


def code_label(country):
    """Return by which standard, if any, the code of `country` is given."""
    if country.code.startswith("X-"):
        return "Code in this record"
    if country.code.startswith("US-"):
        return "ISO 3166-2 code"
    return "ISO 3166-1 code" if len(country.code) == SHORT_CODE else "ISO 3166-3 code"
