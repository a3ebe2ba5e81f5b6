"""What the canonical data consists of: one fixture file for each model, in load order."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, cached_property

from django.apps import apps
from django.db import models

# File name without .json, and the model whose rows it holds. A row refers only to rows of its own
# file or of a file above it.
FILES = {
    "sources": "sources.Source",
    "exclusions": "sources.Exclusion",
    "former_addresses": "desk.FormerAddress",
    "countries": "parties.Country",
    "organizations": "parties.Organization",
    "people": "parties.Person",
    "mission_types": "missions.MissionType",
    "programmes": "missions.Programme",
    "missions": "missions.Mission",
    "spacecraft": "missions.Spacecraft",
    "landings": "missions.Landing",
    "mission_events": "missions.MissionEvent",
    "crew": "missions.CrewMember",
    "sample_returns": "missions.SampleReturn",
    "figures": "missions.Figure",
    "transfer_series": "diplomacy.TransferSeries",
    "transfers": "diplomacy.Transfer",
    "acts": "diplomacy.Act",
    "agreements": "diplomacy.Agreement",
    "adherences": "diplomacy.Adherence",
    "practices": "diplomacy.Practice",
    "country_citations": "parties.CountryCitation",
    "organization_citations": "parties.OrganizationCitation",
    "person_citations": "parties.PersonCitation",
    "programme_citations": "missions.ProgrammeCitation",
    "mission_citations": "missions.MissionCitation",
    "spacecraft_citations": "missions.SpacecraftCitation",
    "landing_citations": "missions.LandingCitation",
    "mission_event_citations": "missions.MissionEventCitation",
    "crew_citations": "missions.CrewMemberCitation",
    "sample_return_citations": "missions.SampleReturnCitation",
    "figure_citations": "missions.FigureCitation",
    "transfer_series_citations": "diplomacy.TransferSeriesCitation",
    "transfer_citations": "diplomacy.TransferCitation",
    "act_citations": "diplomacy.ActCitation",
    "agreement_citations": "diplomacy.AgreementCitation",
    "adherence_citations": "diplomacy.AdherenceCitation",
    "practice_citations": "diplomacy.PracticeCitation",
}


@dataclass(frozen=True, eq=False)
class Shape:
    """Which fields of one model its fixture holds.

    `key` are the fields of the natural key, `columns` all fields with a column of their own, those
    of the key first, and `links` the many-to-many fields. `unique` names fields outside the key
    whose values no two rows share.
    """

    name: str
    model: type[models.Model]
    key: tuple[models.Field, ...]
    columns: tuple[models.Field, ...]
    links: tuple[models.ManyToManyField, ...]
    unique: tuple[str, ...]

    @property
    def file(self):
        return f"{self.name}.json"

    @property
    def label(self):
        return self.model._meta.label_lower

    @cached_property
    def fields(self):
        """Every field of the fixture by its name, in the order in which it is written."""
        return {field.name: field for field in (*self.columns, *self.links)}

    @cached_property
    def defaults(self):
        """What each field has, in canonical form, when a fixture leaves it out."""
        return {
            name: [] if field.many_to_many else canonical(field.get_default())
            for name, field in self.fields.items()
        }


def canonical(value):
    """Return a column's value as it stands in a fixture."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value  # plain, neither a choice nor EDTF


@cache
def shapes():
    """Return the Shape of every canonical model, in load order: {model: Shape}."""
    return {
        model: _shape(name, model)
        for name, model in ((name, apps.get_model(label)) for name, label in FILES.items())
    }


def _shape(name, model):
    columns = [f for f in model._meta.local_fields if f.serialize and not f.primary_key]
    constraints = [c for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]
    alone = [field.name for field in columns if field.unique] + [
        constraint.fields[0] for constraint in constraints if len(constraint.fields) == 1
    ]
    together = [c.fields for c in constraints if len(c.fields) > 1 and c.condition is None]
    key = together[0] if together else alone[:1]
    fields = {field.name: field for field in columns}
    return Shape(
        name=name,
        model=model,
        key=tuple(fields[name] for name in key),
        columns=tuple(fields[name] for name in dict.fromkeys([*key, *fields])),
        links=tuple(model._meta.local_many_to_many),
        unique=tuple(name for name in alone if name not in key),
    )
