"""What of each kind of record is searched, and how it is shown when it is found."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from urllib.parse import unquote, urlsplit

from django.db import models

from diplomacy.models import Agreement, Practice, Transfer, TransferSeries
from lunar.addresses import PLACE
from lunar.parties.models import Country, Organization, Person
from lunar.sources.models import Source
from missions.models import Figure, Mission, Programme


@dataclass(frozen=True)
class Document:
    """What a record is found by.

    `sayings` tell of its names, such as their meaning: their words are words of a name, but they
    are no name by themselves. The first text is shown where no other fits better.
    """

    name: str
    other_names: list[str]
    sayings: list[str]
    texts: list[str]
    language: str = ""
    native_name: str = ""
    native_language: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of record: what people call it, and how one becomes a Document.

    `parts` are lookups of what its texts are taken from. Kinds come in the order in which records
    that are found equally well are shown.
    """

    model: type[models.Model]
    singular: str
    plural: str
    describe: Callable[[models.Model], Document]
    parts: tuple[str, ...] = ()
    key: str = "slug"

    @property
    def name(self):
        """The value of `?type=`: "mission"."""
        return self.model._meta.model_name

    def documents(self, record_ids):
        """Return {number: (key, Document)} of those of the records that are public."""
        through = getattr(self.model, "FOUND_THROUGH", ())
        records = self.model.objects.public().filter(pk__in=record_ids)
        records = records.prefetch_related(*dict.fromkeys((*self.parts, *through)))
        found = {}
        for record in records:
            document = self.describe(record)
            document.texts.extend(names_of_others(record, through))
            found[record.pk] = (getattr(record, self.key), document)
        return found

    def address(self, key):
        """Return the address of the record with this key."""
        return _address(self.model, self.key).replace(PLACE, key)


@cache
def _address(model, key):
    return model(**{key: PLACE}).get_absolute_url()


def names_of_others(record, paths):
    """Return the names of the public records that the lookups `paths` lead to from a record.

    A draft among them has no part in it: nobody shall learn of it by a search.
    """
    reached = [one for path in paths for one in _follow([record], path.split("__"))]
    return list(
        dict.fromkeys(
            name
            for other in reached
            if other.is_public
            for name in (str(other), getattr(other, "native_name", ""))
            if name
        )
    )


def _follow(records, steps):
    for step in steps:
        reached = []
        for record in records:
            value = getattr(record, step)
            reached += value.all() if isinstance(value, models.Manager) else [value]
        records = [one for one in reached if one is not None]
    return records


def parted(names):
    """Return the names in a text that separates them by semicolons."""
    return [name.strip() for name in names.split(";")]


def bare(name):
    """Return a name without what stands in brackets after it: “Eagle (lunar module)”."""
    return name.partition(" (")[0]


def _document(record, *, other_names=(), sayings=(), texts=()):
    return Document(
        name=str(record),
        other_names=[name for name in other_names if name],
        sayings=[saying for saying in dict.fromkeys(sayings) if saying],
        texts=[text for text in texts if text],
        native_name=getattr(record, "native_name", ""),
        native_language=getattr(record, "native_language", ""),
    )


def _mission(mission):
    craft, landings = mission.spacecraft.all(), mission.landings.all()
    sample = getattr(mission, "sample_return", None)
    return _document(
        mission,
        other_names=[
            *parted(mission.other_names),
            mission.cospar_id,
            *(name for one in craft for name in (bare(one.name), one.native_name)),
        ],
        sayings=[
            mission.name_meaning,
            *(saying for one in craft for saying in (one.name_meaning, one.name)),
        ],
        texts=[
            mission.result,
            mission.aim,
            *(event.title for event in mission.events.all()),
            *(landing.site_name for landing in landings),
            *(one.fate for one in craft),
            mission.launch_vehicle,
            mission.launch_site,
            *([sample.get_material_display(), sample.landed_at] if sample else []),
        ],
    )


def _programme(programme):
    return _document(programme, sayings=[programme.name_meaning], texts=[programme.summary])


def _transfer(transfer):
    acts = transfer.acts.all()
    return _document(
        transfer,
        texts=[
            transfer.summary,
            transfer.material,
            transfer.occasion,
            transfer.meaning,
            transfer.mass_as_stated,
            transfer.giver_office,
            transfer.recipient_office,
            *(text for act in acts for text in (act.quoted_reason, act.note, act.place)),
        ],
    )


def _series(series):
    return _document(series, texts=[series.summary, series.recipients_stated])


def _practice(practice):
    return _document(
        practice,
        other_names=parted(practice.other_names),
        texts=[practice.summary, practice.origin, practice.context],
    )


def _figure(figure):
    stated = [citation.stated_value for citation in figure.citations.all()]
    return _document(figure, texts=[figure.method, *stated])


def _agreement(agreement):
    return _document(agreement, other_names=[agreement.long_name], texts=[agreement.summary])


def _country(country):
    return _document(country, other_names=[country.code, country.name_in_text])


def _person(person):
    return _document(person, texts=[person.known_for])


def _organization(organization):
    return _document(organization, other_names=[organization.short_name], texts=[organization.city])


def _source(source):
    address = urlsplit(source.url)
    document = _document(
        source,
        other_names=[source.title_english],
        texts=[
            source.publisher,
            source.authors,
            source.note,
            unquote(address.netloc + address.path),
        ],
    )
    return replace(document, language=source.language)


@cache
def kinds():
    """Return every Kind by its name, in their order."""
    found = [
        Kind(
            Mission,
            "Mission",
            "Missions",
            _mission,
            ("spacecraft", "landings", "events", "sample_return"),
        ),
        Kind(Programme, "Programme", "Programmes", _programme),
        Kind(Country, "Country", "Countries", _country, key="code"),
        Kind(Practice, "Practice", "Practices", _practice),
        Kind(Figure, "Total", "Totals", _figure, ("citations",)),
        Kind(TransferSeries, "Series of transfers", "Series of transfers", _series),
        Kind(Agreement, "Agreement", "Agreements", _agreement),
        Kind(Person, "Person", "People", _person),
        Kind(Organization, "Organisation", "Organisations", _organization),
        Kind(Transfer, "Transfer", "Transfers", _transfer, ("acts",)),
        Kind(Source, "Source", "Sources", _source),
    ]
    return {kind.name: kind for kind in found}


def kind_of(model):
    """Return the Kind of a model, or None for what is not searched."""
    return kinds().get(model._meta.model_name)
