"""How to cite what a page shows: our record at one revision, with the sources it rests on."""

import html
from dataclasses import dataclass
from datetime import UTC
from functools import cached_property

from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.text import Truncator

from lunar.citing.formats import FORMATS
from lunar.citing.works import CONTRIBUTORS, Work, line, work_of_source
from lunar.data.about import TITLE
from lunar.edtf.dates import EdtfDate
from lunar.sources.models import Citation, Source

LONGEST_VALUE = 120  # characters of a value in a title
SHOWN = 3  # sources that a page cites beside the record; a file has all of the same standing
_STANDINGS = list(Source.Standing.values)


class UnknownValueError(LookupError):
    """A record's page shows no value of this name."""


@dataclass(frozen=True)
class RecordCitation:
    """How a record is cited as its page shows it, or one `value` of it.

    `revision` is the one shown, None where none is recorded; then no address can be pinned.
    `page` holds the evidence, None for a source, which is cited itself. `value` is a Fact.
    """

    record: object
    revision: object
    page: object
    absolute: object  # makes an address one that can be followed from anywhere
    is_past: bool = False
    value: object = None

    def of_value(self, name):
        """Return the citation of one value; raise UnknownValueError if the page has none."""
        evidence = getattr(self.page, "evidence", None)
        if evidence is None or name not in evidence.facts:
            raise UnknownValueError(name)
        value = evidence.facts[name]
        return RecordCitation(
            self.record, self.revision, self.page, self.absolute, self.is_past, value
        )

    @property
    def is_source(self):
        return isinstance(self.record, Source)

    @cached_property
    def work(self):
        """The Work to cite first."""
        if self.is_source:
            return work_of_source(self.record)
        title = line(self.record)
        return Work(
            key=self.name,
            kind=Source.Kind.DATASET,
            title=f"{title} ({self.value_in_words})" if self.value else title,
            publisher=TITLE,
            authors=(CONTRIBUTORS,),
            issued=EdtfDate(self.day.isoformat()) if self.day else "",
            version=f"revision {self.revision.number}" if self.revision else "",
            url=self.absolute(self.pinned_url),
        )

    @cached_property
    def supporting(self):
        """The sources that support the record or value, of the best standing that there is."""
        if self.page is None:
            return []
        if self.value:
            cited = [note.citation for note in self.value.notes]
        else:
            cited = [citation for entry in self.page.sources for _, citation in entry.uses]
        named = {c.source.slug: c.source for c in cited if c.stance == Citation.Stance.SUPPORTS}
        best = min(map(_rank, named.values()), default=None)
        return [source for source in named.values() if _rank(source) == best]

    @property
    def are_primary(self):
        """Whether they are primary sources."""
        return any(source.standing == Source.Standing.PRIMARY for source in self.supporting)

    @property
    def shown(self):
        """The first of them as Works, as many as a page has room for."""
        return [work_of_source(source) for source in self.supporting[:SHOWN]]

    @property
    def others(self):
        """The number of those that are not shown."""
        return len(self.supporting[SHOWN:])

    @property
    def works(self):
        """All that a file for a reference manager holds."""
        return [self.work, *map(work_of_source, self.supporting)]

    @property
    def value_in_words(self):
        """ "value: Launch, 24 November 2020"."""
        said = self.value.absence.label if self.value.absence else self.value.value
        words = Truncator(line(html.unescape(strip_tags(str(said))))).chars(LONGEST_VALUE)
        label = line(self.value.label)
        return f"value: {label}" if words in ("", label) else f"value: {label}, {words}"

    @property
    def day(self):
        """The day (UTC) of the revision; None where there is none."""
        return self.revision and self.revision.made_at.astimezone(UTC).date()

    @property
    def shown_at(self):
        """The path of the page that was cited from, at the value if one is."""
        pin = f"?as_of={self.day}" if self.is_past and self.day else ""
        return f"{self.record.get_absolute_url()}{pin}{self._place}"

    @property
    def pinned_url(self):
        """The path of the page as it stood on the day of the revision, at the value if one is."""
        pin = f"?as_of={self.day}" if self.day else ""
        return f"{self.record.get_absolute_url()}{pin}{self._place}"

    @property
    def _place(self):
        return f"#{self.value.name}" if self.value else ""

    @property
    def name(self):
        """What the citation is called in files, and the file itself: "lunar-record-mission-…"."""
        if self.is_source:
            return self.record.slug
        parts = ["lunar-record", *self._address]
        if self.value:
            parts.append(self.value.name)
        if self.revision:
            parts.append(f"r{self.revision.number}")
        return "-".join(parts).replace("_", "-")

    @property
    def _address(self):
        return [self.record._meta.model_name, self.record.natural_key()[0]]

    @property
    def query(self):
        """What the addresses of the page on citing and of files have to ask for."""
        asked = {"as_of": self.day} if self.is_past and self.day else {}
        return asked | ({"field": self.value.name} if self.value else {})

    @property
    def files(self):
        """[(label, address)] of the files for reference managers."""
        return [
            (kind.label, reverse("cite-file", args=[*self._address, ending], query=self.query))
            for ending, kind in FORMATS.items()
        ]


def _rank(source):
    return _STANDINGS.index(source.standing)
