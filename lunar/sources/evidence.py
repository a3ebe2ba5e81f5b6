"""The evidence of a record page: facts with footnotes, disputes beside them, sources at the end.

A page builds one `Evidence`, asks it for its facts in reading order, and shows `sources()` last;
sources are numbered in the order in which the page first needs them.
"""

from dataclasses import dataclass, field
from urllib.parse import quote_plus, urlencode

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.html import format_html

from lunar.sources.models import Citation
from lunar.sources.models.record import Absence

BLANK = (None, "", [], ())


@dataclass
class Note:
    """A citation as a page shows it: the number of its source, and the citation itself.

    `about` names the value it speaks of where the fact is a whole part (an act, an event).
    """

    number: int
    citation: Citation
    about: str = ""


@dataclass
class Fact:
    """One value of a page with what supports and what disputes it.

    `reasons` are the notes that argue for the chosen value or explain it. `tools` are those of the
    public record that states the value or, for a part, whose part it is; None for a value that
    nobody types in.
    """

    name: str
    label: str
    value: object
    absence: Absence | None = None
    notes: list[Note] = field(default_factory=list)
    disputes: list[Note] = field(default_factory=list)
    reasons: list[Note] = field(default_factory=list)
    tools: object = None

    @property
    def numbers(self):
        """The footnote numbers behind the value, each once, in order."""
        return sorted({note.number for note in self.notes})

    @property
    def label_in_text(self):
        """The label as it stands within a sentence: "launch", "COSPAR id"."""
        first, rest = self.label[:1], self.label[1:]
        return self.label if rest[:1].isupper() else first.lower() + rest

    @property
    def suggest_url(self):
        """Where a reader suggests a correction of this value; "" where that cannot be."""
        return self.tools.suggest_url(self.name) if self.tools else ""

    @property
    def cite_url(self):
        """Where a reader learns how to cite this value; "" where that cannot be."""
        return self.tools.cite_url(self.name) if self.tools else ""


class ValueTools:
    """Where readers cite a value of one public record, or suggest another; worked out once."""

    def __init__(self, record):
        self._suggest, self._cite = f"{suggest_url(record)}&field=", cite_url(record, "")

    def suggest_url(self, name):
        return self._suggest + quote_plus(name)

    def cite_url(self, name):
        """Return "" if the record has no page of its own."""
        return self._cite and self._cite + quote_plus(name)


@dataclass
class Statement:
    """What a source says in one place, with the labels of all the values it says it of."""

    citation: Citation
    labels: list[tuple[str, str]]


@dataclass
class SourceEntry:
    """A source in the list at the end of a page, with all that it says about this record."""

    number: int
    source: object
    uses: list[tuple[str, Citation]] = field(default_factory=list)

    @property
    def statements(self):
        """The uses that say more than the source's name: a locator, a quote or another value."""
        return group_statements(
            (label, "", citation)
            for label, citation in self.uses
            if citation.locator or citation.quote or citation.stated_value
        )


def group_statements(uses):
    """Return Statements of (label, address, citation) triples, alike ones together."""
    found = {}
    for label, url, citation in uses:
        said = (citation.stance, citation.stated_value, citation.quote, citation.locator)
        statement = found.setdefault(said, Statement(citation, []))
        if (label, url) not in statement.labels:
            statement.labels.append((label, url))
    return list(found.values())


def with_evidence(model, *paths):
    """Return prefetches of the citations, with sources, of a `model` and of its parts named.

    >>> Mission.objects.prefetch_related(*with_evidence(Mission, "landings", "events"))

    Each takes one query, after those that load the parts.
    """
    parts = [(f"{path}__citations", model._meta.get_field(path).related_model) for path in paths]
    return [_citations(lookup, subject) for lookup, subject in [("citations", model), *parts]]


def _citations(lookup, subject):
    citations = subject._meta.get_field("citations").related_model
    # The usual order within one subject. That of the subjects themselves, which it begins with,
    # would take joins.
    ordered = citations.objects.select_related("source").order_by("stance", "field", "pk")
    return Prefetch(lookup, ordered.defer("source__search_text"))


def suggest_url(record, field=""):
    """Return where a reader suggests a correction of a record, or of one value on its page."""
    asked = {"record": f"{record._meta.model_name}/{record.natural_key()[0]}"}
    if field:
        asked["field"] = field
    return f"{reverse('suggest')}?{urlencode(asked, safe='/')}"


def cite_url(record, field):
    """Return where a reader learns how to cite one value of a record; "" if it has no page.

    A record as it stood on a day is cited as of that day.
    """
    if not record.get_absolute_url().endswith("/"):  # a place on a page, or a filtered list
        return ""
    asked = {"as_of": record.as_of_day} if hasattr(record, "as_of_day") else {}
    name = [record._meta.model_name, record.natural_key()[0]]
    return reverse("cite", args=name, query=asked | {"field": field})


class Evidence:
    """Collects what a page shows of one record, or of several, and numbers the sources.

    `facts` are all that it was asked for, by name.
    """

    def __init__(self, *records):
        self.records = records
        self._subjects = list(records)  # and the parts that the page shows
        self.facts = {}
        self._entries = {}
        self._told = set()
        self._tools = {}

    def fact(self, name, value=None, *, of=None, label=""):
        """Return a Fact for field `name` of the record, or of the part `of`.

        Without `value` the field's own value is shown. A citation of the whole record stands for
        a field that has none of its own.
        """
        subject = of or self.records[0]
        if value is None:
            value = getattr(subject, name)
        cited = self._cited(subject)
        own = [c for c in cited if c.field == name]
        supports = [c for c in own if c.stance == Citation.Stance.SUPPORTS]
        if not supports:
            supports = [c for c in cited if c.field == "" and c.stance == Citation.Stance.SUPPORTS]
        disputes = [c for c in own if c.stance == Citation.Stance.DISPUTES]
        label = label or subject.field_label(name)
        is_blank = value in BLANK
        notes = [] if is_blank and not own else [self._note(c, label) for c in supports]
        fact = Fact(
            name=name if subject in self.records else f"{subject.anchor}-{name}",
            label=label,
            value=value,
            absence=subject.absence(name) if is_blank else None,
            notes=notes,
            disputes=[self._note(c, label) for c in disputes],
            reasons=self._reasons(notes, cited, is_disputed=bool(disputes)),
            tools=self._tools_of(subject.owner),
        )
        self.facts[fact.name] = fact
        return fact

    def optional(self, name, value=None, *, of=None, label=""):
        """Return [Fact], or [] if nobody expects a value: it is blank, and nothing is said of it.

        A citation that speaks of it, or a reason why it is missing, says something.
        """
        fact = self.fact(name, value, of=of, label=label)
        is_told = name in (of or self.records[0]).absent_values or self._is_cited(name, of)
        return [fact] if fact.absence is None or is_told else []

    def if_cited(self, name, value=None, *, of=None, label=""):
        """Return [Fact], or [] if no citation speaks of it: the page shows the value elsewhere."""
        return [self.fact(name, value, of=of, label=label)] if self._is_cited(name, of) else []

    def _is_cited(self, name, part):
        return any(c.field == name for c in self._cited(part or self.records[0]))

    def part(self, part, label=""):
        """Return one Fact for a whole part (an act, an event) with all its citations."""
        label = label or str(part)
        cited = self._cited(part)
        disputes = [c for c in cited if c.stance == Citation.Stance.DISPUTES]
        notes = [self._note(c, label) for c in cited if c not in disputes]
        fact = Fact(
            name=part.anchor,
            label=label,
            value=part,
            notes=notes,
            disputes=[self._note(c, label, about=c.field_label) for c in disputes],
            reasons=self._reasons(notes, cited, is_disputed=bool(disputes)),
            tools=self._tools_of(part.owner),
        )
        self.facts[fact.name] = fact
        return fact

    def _reasons(self, notes, cited, *, is_disputed):
        """Return the notes to tell here: all that settle a dispute, others once on the page.

        A note that argues about a disputed field is told there, not beside every other value
        that the same source supports.
        """
        disputed = {c.field for c in cited if c.stance == Citation.Stance.DISPUTES}
        elsewhere = {c.note for c in cited if c.field in disputed} if not is_disputed else set()
        told = [
            note
            for note in notes
            if note.citation.note and (is_disputed or note.citation.note not in self._told)
        ]
        told = list({n.citation.note: n for n in told if n.citation.note not in elsewhere}.values())
        self._told.update(note.citation.note for note in told)
        return told

    def _tools_of(self, record):
        """Return the ValueTools of a record; None where it is not public."""
        if not record.is_public:
            return None
        if record not in self._tools:
            self._tools[record] = ValueTools(record)
        return self._tools[record]

    def sources(self):
        """Return the numbered SourceEntries of the records, and of the parts asked for."""
        for subject in self._subjects:
            for citation in subject.citations.all():
                self._note(citation, citation.subject_label)
        return sorted(self._entries.values(), key=lambda entry: entry.number)

    def _cited(self, subject):
        if subject not in self._subjects:
            self._subjects.append(subject)
        return list(subject.citations.all())

    def _note(self, citation, label, about=""):
        entry = self._entries.setdefault(
            citation.source_id, SourceEntry(len(self._entries) + 1, citation.source)
        )
        if all(known is not citation for _, known in entry.uses):
            entry.uses.append((label, citation))
        return Note(entry.number, citation, about)


def native(text, language):
    """Return `text` marked as being in `language` (BCP 47), or "" for none."""
    if not text:
        return ""
    if not language:
        return text
    return format_html('<span lang="{}">{}</span>', language, text)
