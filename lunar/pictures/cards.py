"""Cards: the image that other sites show beside a link to a record (Open Graph)."""

from dataclasses import dataclass, field
from functools import cache

import resvg_py
from django.core.exceptions import FieldDoesNotExist
from django.template.loader import render_to_string
from django.templatetags.static import static

from diplomacy.countries import taking_part
from diplomacy.models import Agreement, Practice, Transfer
from lunar.mass import mass_in_words
from lunar.parties.models import Country, Organization, Person
from lunar.pictures import draw, files, lettering
from lunar.sources.models import Source
from missions.models import Mission, Programme

WIDTH, HEIGHT = 1200, 630  # px, as the sites that show cards ask for
LEFT, ROOM = 72, 690  # px of the column of text
NAME_SIZES = ((68, 2), (56, 2), (46, 3))  # the first size at which the name has so few lines
ANSWER_SIZE, NATIVE_SIZE, LABEL_SIZE, VALUE_SIZE = 29, 32, 20, 28
FIGURES_AT = 556  # baseline of their labels
GAP = 40
MISSING = "\U0010fffd"  # of private use: no font has it


@dataclass
class Card:
    """What a card says: `figures` are (label, value) pairs, the most telling first."""

    kind: str
    name: str
    native_name: str = ""
    answer: str = ""
    figures: list = field(default_factory=list)


SITE = Card(
    kind="",
    name="Who went to the Moon, what they brought back, and who was given it",
    answer="Every mission, gift, loan, exchange, request and refusal, with its sources.",
)


def card_of(kind, slug):
    """Return the Card of a public record, or None."""
    record = KINDS[kind].find(slug) if kind in KINDS else None
    if record is None:
        return None
    figures, answer = KINDS[kind].draw(record)
    name, others = str(record), [part for part in _other_names(record) if can_draw(part)]
    if others and not can_draw(name):
        name = others.pop(0)
    return Card(
        kind=KINDS[kind].label,
        name=name,
        native_name=" · ".join(others),
        answer=answer,
        figures=[(label, str(value)) for label, value in figures if value not in ("", None, 0)],
    )


def kind_of(record):
    """Return (kind, slug) of the card of a record, or None if its kind has none."""
    for name, kind in KINDS.items():
        if isinstance(record, kind.model):
            return name, getattr(record, kind.key)
    return None


def svg(card):
    """Return the card as SVG text."""
    for size, most in NAME_SIZES:
        name = lettering.lines(card.name, size, ROOM, lettering.SERIF_BOLD)
        if len(name) <= most:
            break
    name = lettering.lines(card.name, size, ROOM, lettering.SERIF_BOLD, most=most)
    y = 138 + size
    placed = [{"text": text, "y": y + i * size * 1.12} for i, text in enumerate(name)]
    y = placed[-1]["y"] + 16 if placed else y
    native = []
    for text in lettering.lines(card.native_name, NATIVE_SIZE, ROOM, lettering.SERIF, most=2):
        y += NATIVE_SIZE + 6
        native.append({"text": text, "y": y})
    figures = _placed(card.figures)
    step = ANSWER_SIZE * 1.36
    last = (FIGURES_AT - LABEL_SIZE - 24) if figures else FIGURES_AT + 30
    most = max(1, int((last - y - 10) // step))
    answer = lettering.lines(card.answer, ANSWER_SIZE, ROOM, most=min(most, 4))
    y += 10
    return render_to_string(
        "pictures/card.svg",
        {
            "card": card,
            "moon": files.data_uri(static("lunar/img/moon-near-side.webp")),
            "name": placed,
            "native": native,
            "answer": [{"text": t, "y": y + (i + 1) * step} for i, t in enumerate(answer)],
            "figures": figures,
            "sizes": {
                "name": size,
                "native": NATIVE_SIZE,
                "answer": ANSWER_SIZE,
                "label": LABEL_SIZE,
                "value": VALUE_SIZE,
            },
            "left": LEFT,
            "labels_at": FIGURES_AT,
            "values_at": FIGURES_AT + 36,
        },
    )


def can_draw(text):
    """Return whether some font here has the letters of `text`; ours lack Chinese and others."""
    others = {c for c in text if not c.isspace() and not lettering.has(c)}
    return not others or all(_is_drawn(character) for character in others)


@cache
def _is_drawn(character):
    return _probe(character) != _probe(MISSING)


@cache
def _probe(character):
    # A name with a number in it has to stand in quotes.
    font = "&apos;Source Serif 4&apos;"
    text = f'<text y="30" font-size="30" font-family="{font}">{character}</text>'
    probe = f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">{text}</svg>'
    return resvg_py.svg_to_bytes(svg_string=probe, font_files=draw.font_files())


def _placed(figures):
    """Return as many figures as fit beside each other, with their places."""
    x, found = LEFT, []
    for label, value in figures:
        room = LEFT + ROOM - x
        if room < 90:
            break
        shown = lettering.lines(value, VALUE_SIZE, room, lettering.SERIF_BOLD, most=1)
        wide = max(
            lettering.width(label, LABEL_SIZE),
            *(lettering.width(text, VALUE_SIZE, lettering.SERIF_BOLD) for text in shown),
        )
        if not shown or wide > room or (found and shown[0].endswith(lettering.ELLIPSIS)):
            continue
        found.append({"label": label, "value": shown[0], "x": x})
        x += wide + GAP
    return found


def _other_names(record):
    """Return its name in its own language and what that means, or its title in English."""
    try:
        record._meta.get_field("native_name")
    except FieldDoesNotExist:
        names = [getattr(record, "title_english", "")]
    else:
        meaning = getattr(record, "name_meaning", "")
        names = [record.native_name, f"“{meaning}”" if meaning else ""]
    return [name for name in names if name]


def _words(date):
    return date.in_words if date else ""


def _named(record):
    """Return the name of a related record; "" for none and for a draft."""
    return record.name if record is not None and record.is_public else ""


def _mission(mission):
    sample = getattr(mission, "sample_return", None)
    return [
        ("Launch", _words(mission.launch)),
        ("Outcome", mission.get_outcome_display()),
        ("Brought back", mass_in_words(sample.mass_g) if sample and sample.mass_g else ""),
    ], mission.result or mission.aim


def _transfer(transfer):
    return [
        ("Date", _words(transfer.date)),
        ("Status", transfer.get_status_display()),
        ("Mass", transfer.mass_words),
        ("Kind", transfer.get_kind_display()),
    ], transfer.summary or transfer.occasion or transfer.material


def _country(country):
    return [
        (label, getattr(country, count, 0))  # one that takes no part yet has no counts
        for label, count in (
            ("Holds now", "held_count"),
            ("Gave", "given_count"),
            ("Received", "received_count"),
            ("Missions", "mission_count"),
            ("Agreements", "agreement_count"),
        )
    ], f"What {country.in_text} gave, received and holds of the Moon, each with its sources."


def _programme(programme):
    return [
        ("Began", _words(programme.started)),
        ("Ended", _words(programme.ended)),
        ("Missions in the record", programme.mission_count),
    ], programme.summary


def _practice(practice):
    return [
        ("First known case", _words(practice.started)),
        ("Also called", practice.other_names),
    ], practice.summary


def _agreement(agreement):
    return [
        ("Kind", agreement.get_kind_display()),
        ("Opened", _words(agreement.opened)),
        ("Countries taking part", agreement.country_count),
    ], agreement.summary or agreement.long_name


def _person(person):
    return [("Acted for", _named(person.country))], person.known_for


def _organization(organization):
    return [
        ("Country", _named(organization.country)),
        ("City", organization.city),
        ("Holds now", organization.held_count),
    ], f"{organization.get_kind_display()}: missions, gifts and loans of lunar material."


def _source(source):
    return [
        ("Published", _words(source.published)),
        ("Statements in the record", source.cited_by),
    ], f"{source.publisher}. {source.get_standing_display()} source."


@dataclass(frozen=True)
class Kind:
    """Records that have cards: what people call one, and how it is found and drawn."""

    label: str
    model: type
    draw: callable
    load: callable = lambda public: public  # adds what `draw` shows
    key: str = "slug"

    def find(self, slug):
        """Return the public record with this key, or None."""
        named = {self.key: slug}
        public = self.model.objects.public()
        return self.load(public).filter(**named).first() or public.filter(**named).first()


KINDS = {  # by their names in the address
    "missions": Kind("Mission", Mission, _mission, lambda p: p.select_related("sample_return")),
    "programmes": Kind("Programme", Programme, _programme, lambda p: p.with_mission_count()),
    "transfers": Kind("Transfer", Transfer, _transfer),
    "countries": Kind("Country", Country, _country, lambda public: taking_part(), "code"),
    "practices": Kind("Practice", Practice, _practice),
    "agreements": Kind("Agreement", Agreement, _agreement, lambda p: p.with_country_count()),
    "people": Kind("Person", Person, _person, lambda p: p.select_related("country")),
    "organizations": Kind(
        "Organisation",
        Organization,
        _organization,
        lambda p: p.select_related("country").with_held_count(),
    ),
    "sources": Kind("Source", Source, _source),
}
