"""What can be cited, in one form for sentences, BibTeX, RIS and CSL-JSON."""

import re
from dataclasses import dataclass, field, replace
from datetime import date

from lunar.data.about import TITLE
from lunar.data.cells import showable
from lunar.edtf.dates import EdtfDate
from lunar.edtf.grammar import Precision
from lunar.sources.models import Source

CONTRIBUTORS = f"{TITLE} contributors"
EXACT = {Precision.DAY, Precision.MONTH, Precision.YEAR}

Kind = Source.Kind
ARTICLES = {Kind.PAPER, Kind.AGENCY, Kind.NEWS, Kind.COLUMN}
WITHIN = ARTICLES | {Kind.REFERENCE, Kind.MUSEUM, Kind.WEB}
_OTHERS = re.compile(r",? and others$")
_BETWEEN = re.compile(r"; |, | and ")


@dataclass(frozen=True)
class Work:
    """A publication: a record of ours as one revision left it, or a source.

    `kind` is a Source.Kind. `authors` are names as printed, in no other order, because nobody has
    said which part is the family's; `has_more_authors` says that they are not all. `version` is
    "revision 7" of a record of ours, "" of a source.
    """

    key: str
    kind: str
    title: str
    publisher: str
    authors: tuple[str, ...] = ()
    has_more_authors: bool = False
    issued: EdtfDate | str = ""
    version: str = ""
    url: str = ""
    accessed: date | None = None
    language: str = "en"
    notes: tuple[str, ...] = field(default=())

    @property
    def is_within(self):
        """Whether its publisher is the name of what it appeared in: a newspaper, a site."""
        return self.kind in WITHIN

    @property
    def is_article(self):
        """Whether it appeared in a journal or a newspaper."""
        return self.kind in ARTICLES

    @property
    def iso_date(self):
        """The date as ISO 8601 has it, "" where it is known less exactly than that."""
        return self.issued.datetime_attribute if self.issued else ""

    @property
    def year(self):
        """The year in which it was published, None if that is not one known year."""
        if not self.issued or None in (self.issued.earliest, self.issued.latest):
            return None
        first, last = self.issued.earliest.year, self.issued.latest.year
        return first if first == last else None

    @property
    def date_parts(self):
        """[year], [year, month] or [year, month, day] as far as known; [] for other dates."""
        if not self.issued or self.issued.precision not in EXACT:
            return []
        digits = self.issued.rstrip("?~%")
        return [int(part) for part in digits.split("-")]

    @property
    def has_doubtful_date(self):
        return bool(self.issued) and (self.issued.is_approximate or self.issued.is_uncertain)

    # As a sentence, in three parts, so that a page can mark the language of the title.

    @property
    def before_title(self):
        """ "William Marshall and others. "; "" where nobody is named."""
        if not self.authors:
            return ""
        names = [*self.authors, "others"] if self.has_more_authors else [*self.authors]
        *first, last = names
        return f"{', '.join(first)} and {last}. " if first else f"{last}. "

    @property
    def after_title(self):
        """The publisher, the version, the date and the address."""
        words = self.issued.in_words if self.issued else ""
        dated = " of ".join(filter(None, [self.version, words]))
        told = f". {', '.join(filter(None, [self.publisher, dated]))}."
        return f"{told} {self.url}" if self.url else told

    @property
    def full(self):
        return f"{self.before_title}“{self.title}”{self.after_title}"

    @property
    def after_title_in_short(self):
        words = self.issued.in_words if self.issued else ""
        return "".join(f", {part}" for part in (self.version, words) if part)

    @property
    def short(self):
        return f"{self.publisher}, “{self.title}”{self.after_title_in_short}"

    def read_on(self, day):
        """Return this work as read on a day, unless it says itself when it was read."""
        return self if self.accessed or not self.url else replace(self, accessed=day)


def work_of_source(source):
    """Return the Work that a Source is."""
    authors = line(source.authors)
    named, has_more = _OTHERS.subn("", authors)
    notes = []
    if source.title_english:
        notes.append(f"In English: {line(source.title_english)}")
    if source.archive_url:
        notes.append(f"Archived copy: {line(source.archive_url)}")
    return Work(
        key=source.slug,
        kind=source.kind,
        title=line(source.title),
        publisher=line(source.publisher),
        authors=tuple(filter(None, _BETWEEN.split(named))),
        has_more_authors=bool(has_more),
        issued=EdtfDate(source.published),
        url=line(source.url),
        accessed=source.accessed,
        language=source.language,
        notes=tuple(notes),
    )


def line(text):
    """Return `text` on one line, without what cannot be shown."""
    return " ".join(showable(str(text)).split())
