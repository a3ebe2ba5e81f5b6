"""Sample data for the gallery of components: made in code, so that no record is needed.

The gallery shows each component in all its states, also in those that the record rarely has; the
browser tests photograph it.
"""

from decimal import Decimal
from functools import cached_property
from types import SimpleNamespace

from django import forms

from diplomacy.models import Act, Adherence, Transfer
from lunar.edtf import EdtfDate, EdtfFormField, time_element
from lunar.filters import ListForm, WordsField
from lunar.pictures import pictures
from lunar.sources.evidence import Fact, Note, SourceEntry
from lunar.sources.models import Citation, Source
from lunar.sources.models.record import Absence
from lunar.tables import BadgeColumn, Column, DateColumn, LinkColumn, MassColumn, RecordTable, badge
from lunar.templatetags.record import outcome_badge
from missions.models import Mission, MissionCitation, MissionEvent

SAMPLES = [
    ("Chang'e 5", "2020-11-23", Mission.Outcome.SUCCESS, "1731", "嫦娥五号"),
    ("Luna 15", "1969-07-13", Mission.Outcome.FAILURE, None, "Луна-15"),
    ("Apollo 13", "1970-04-11", Mission.Outcome.PARTIAL_FAILURE, None, ""),
    ("A return from an unnamed crater, planned for longer than most", "2030~", "planned", None, ""),
    ("Luna 24", "1976-08", Mission.Outcome.SUCCESS, "0.0601", "Луна-24"),
]
BAD_VALUES = {"q": "soil", "outcome": "success", "from": "22/05/1978", "page": "0", "sort": "size"}


class SampleTable(RecordTable):
    caption = "Missions made up or shortened for this page"

    name = LinkColumn("Mission", sort=("name",))
    native_name = Column("Native name", absent_as="")
    launch = DateColumn("launch", "Launch")
    outcome = BadgeColumn("Outcome", accessor="get_outcome_display", sort=("outcome",))
    mass_g = MassColumn("Samples")

    def render_outcome(self, record):
        return outcome_badge(record)


class SampleForm(ListForm):
    """The form of a list, with one field of each kind."""

    q = WordsField(label="Search", required=False)
    outcome = forms.ChoiceField(
        label="Outcome", required=False, choices=[("", "Any"), *Mission.Outcome.choices]
    )
    field_order = ("q", "outcome", "from", "sort", "per_page", "page")

    def __init__(self, data=None, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["from"] = EdtfFormField(
            label="From", required=False, help_text="1972, 1972-04 or 1972-04-13"
        )
        self.fields["sort"].choices = [("", "Usual order"), *SampleTable.sorts()]
        self.order_fields(self.field_order)


class Gallery:
    """Everything that the gallery's template shows."""

    @property
    def badges(self):
        """Return [(heading, badges)]: every value that is shown as text with a symbol."""
        groups = [
            ("Outcomes of missions", Mission.Outcome),
            ("Statuses of transfers", Transfer.Status),
            ("Kinds of transfer", Transfer.Kind),
            ("Acts", Act.Kind),
            ("Steps into and out of agreements", Adherence.Step),
            ("Citations", Citation.Stance),
        ]
        found = [(heading, [badge(*choice) for choice in kind.choices]) for heading, kind in groups]
        return [*found, ("Disputed", [badge("stolen", "Stolen", disputed=True)])]

    @cached_property
    def sources(self):
        """Two sources that do not agree."""
        first = _source(
            title="The sample bag, weighed again",
            publisher="Academy of Moons",
            published="2020-12-19",
            standing=Source.Standing.PRIMARY,
            url="https://example.org/weighed",
        )
        second = _source(
            title="Лунный грунт: сколько его на самом деле",
            title_english="Lunar soil: how much there really is",
            publisher="Evening Paper",
            published="1976-08~",
            language="ru",
            standing=Source.Standing.SECONDARY,
        )
        return [SourceEntry(1, first), SourceEntry(2, second)]

    @cached_property
    def facts(self):
        """A value with footnotes, one that is disputed, one of many words, all kinds of nothing."""
        first, second = self.sources
        supports = _cite(
            first.source, locator="table 2", quote="1 731 g", note="The body that weighed it."
        )
        disputes = _cite(
            second.source, stance="disputes", stated_value="about 2 kg", note="Before it was opened"
        )
        first.uses += [("Mass returned", supports)]
        second.uses += [("Mass returned", disputes)]
        notes = [Note(1, supports)]
        words = "A value of many words, which has to break into several lines on a phone. " * 3
        return [
            Fact("launch", "Launch", time_element(EdtfDate("2020-11-23")), notes=notes),
            Fact(
                "mass_g",
                "Mass returned",
                "1,731 g",
                notes=[*notes, Note(2, disputes)],
                disputes=[Note(2, disputes)],
                reasons=notes,
            ),
            Fact("material", "Material", words.strip(), notes=notes),
            *(
                Fact(
                    f"absent-{kind.value}",
                    "A value that is not there",
                    "",
                    absence=kind,
                )
                for kind in Absence
            ),
        ]

    @property
    def answer(self):
        """The answer that a record page begins with."""
        fact = self.facts[1]
        return Fact("answer", "", "It brought back 1,731 g of soil.", notes=fact.notes)

    @property
    def events(self):
        """Events with and without a date, one of them a first."""
        told = [
            ("2020-11-23", "Launched from Wenchang", False),
            ("2020-12-01", "Landed in the Ocean of Storms, the youngest ground yet sampled", True),
            ("1969/1970", "Something happened, nobody knows when", False),
            ("", "Something else happened", False),
        ]
        return [
            Fact(
                f"event-{i}",
                "",
                MissionEvent(date=d, title=title, is_first=first),
                notes=self.facts[0].notes,
            )
            for i, (d, title, first) in enumerate(told, 1)
        ]

    @property
    def table(self):
        return SampleTable(
            [_mission(*row) for row in SAMPLES],
            order_by="-launch",
            sort_link=lambda _: "#gallery-tables",
        )

    @property
    def empty_table(self):
        return SampleTable(
            [], caption="A list in which nothing fits", sort_link=lambda _: "#gallery-tables"
        )

    @property
    def form(self):
        """A form with a mistake in almost every field."""
        return SampleForm(BAD_VALUES)

    @property
    def filterset(self):
        chosen = [
            ("Outcome", "Success", "#gallery-forms"),
            ("From", "22 May 1978", "#gallery-forms"),
        ]
        return SimpleNamespace(chosen=chosen)

    @property
    def pages(self):
        """The pager in the middle of a long list."""
        numbers = [1, 2, "…", 11, 12, 13, "…", 39, 40]
        return [(n, "" if n == "…" else "#gallery-pager", n == 12) for n in numbers]

    @property
    def pictures(self):
        """Every registered picture, as it is without parameters."""
        return [cls() for cls in pictures()]


def _mission(name, launch, outcome, grams, native_name):
    mission = Mission(name=name, launch=launch, outcome=outcome, native_name=native_name)
    mission.mass_g = grams and Decimal(grams)
    mission.get_absolute_url = lambda: "#gallery-tables"
    return mission


def _source(**fields):
    source = Source(kind=Source.Kind.PAPER, **fields)
    source.get_absolute_url = lambda: "#sources-heading"
    return source


def _cite(source, **fields):
    return MissionCitation(subject=Mission(name="Chang'e 5"), field="name", source=source, **fields)
