"""Works as files for reference managers: BibTeX, RIS and CSL-JSON."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from lunar.citing.works import ARTICLES
from lunar.sources.models import Source

Kind = Source.Kind

# What has no entry is a web page.
BIBTEX_TYPES = dict.fromkeys(ARTICLES, "article") | {Kind.BOOK: "book"}
RIS_TYPES = {
    Kind.TRANSCRIPT: "GEN",
    Kind.TREATY: "LEGAL",
    Kind.PAPER: "JOUR",
    Kind.DATASET: "DATA",
    Kind.AGENCY: "NEWS",
    Kind.NEWS: "NEWS",
    Kind.COLUMN: "NEWS",
    Kind.BOOK: "BOOK",
    Kind.REFERENCE: "ENCYC",
}
CSL_TYPES = {
    Kind.TRANSCRIPT: "document",
    Kind.TREATY: "treaty",
    Kind.PAPER: "article-journal",
    Kind.DATASET: "dataset",
    Kind.AGENCY: "article-newspaper",
    Kind.NEWS: "article-newspaper",
    Kind.COLUMN: "article-newspaper",
    Kind.BOOK: "book",
    Kind.REFERENCE: "entry-encyclopedia",
}

# BibTeX counts every brace, escaped ones too, so a brace of the text must not be written as one.
_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "#$%&_"},
    }
)
_URL_SIGNS = "!#$%&'()*+,-./:;=?@[]_~"


def bibtex(works):
    """Return works as BibTeX entries, in UTF-8."""
    return "\n".join(map(_bibtex_entry, works))


def _bibtex_entry(work):
    kind = BIBTEX_TYPES.get(work.kind, "misc")
    within = "journal" if kind == "article" else "publisher" if kind == "book" else "howpublished"
    authors = [f"{{{_tex(name)}}}" for name in work.authors]
    if work.has_more_authors:
        authors.append("others")
    dated = work.issued.in_words if work.issued and not work.year else ""
    parts = work.date_parts
    notes = [work.version, f"Published {dated}" if dated else "", *work.notes]
    fields = {
        "author": " and ".join(authors),
        "title": f"{{{_tex(work.title)}}}",  # a second pair of braces keeps its capitals
        within: _tex(work.publisher),
        "year": str(work.year or ""),
        "month": str(parts[1]) if len(parts) > 1 else "",
        "url": quote(work.url, safe=_URL_SIGNS),
        "urldate": work.accessed.isoformat() if work.accessed else "",
        "language": _tex(work.language),
        "note": _tex(". ".join(filter(None, notes))),
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
    return f"@{kind}{{{work.key},\n{''.join(lines)}}}\n"


def _tex(text):
    return text.translate(_TEX)


def ris(works):
    """Return works as RIS: a tag a line, each line ended as the format asks for."""
    return "".join(f"{line}\r\n" for work in works for line in _ris_lines(work))


def _ris_lines(work):
    yield f"TY  - {RIS_TYPES.get(work.kind, 'ELEC')}"
    yield f"ID  - {work.key}"
    for name in work.authors:
        yield f"AU  - {name}"
    yield f"TI  - {work.title}"
    yield f"{'T2' if work.is_within else 'PB'}  - {work.publisher}"
    if work.year:
        yield f"PY  - {work.year:04}"
    if work.date_parts:
        year, month, day = [*work.date_parts, 0, 0][:3]
        yield f"DA  - {year:04}/{_two(month)}/{_two(day)}/"
    elif work.issued:
        yield f"N1  - Published {work.issued.in_words}"
    if work.version:
        yield f"ET  - {work.version}"
    yield f"LA  - {work.language}"
    if work.url:
        yield f"UR  - {work.url}"
    if work.accessed:
        yield f"Y2  - {work.accessed:%Y/%m/%d}/"
    for note in work.notes:
        yield f"N1  - {note}"
    yield "ER  - "
    yield ""


def _two(number):
    return f"{number:02}" if number else ""


def csl_json(works):
    """Return works as the JSON that citation processors read."""
    return json.dumps([_csl_item(work) for work in works], ensure_ascii=False, indent=2) + "\n"


def _csl_item(work):
    authors = [{"literal": name} for name in work.authors]
    if work.has_more_authors:
        authors.append({"literal": "others"})
    item = {
        "id": work.key,
        "type": CSL_TYPES.get(work.kind, "webpage"),
        "title": work.title,
        "author": authors,
        "container-title" if work.is_within else "publisher": work.publisher,
        "issued": _csl_date(work),
        "version": work.version.removeprefix("revision "),
        "URL": work.url,
        "accessed": work.accessed and {"date-parts": [[*work.accessed.timetuple()[:3]]]},
        "language": work.language,
        "note": "\n".join(work.notes),
    }
    return {name: value for name, value in item.items() if value}


def _csl_date(work):
    if work.date_parts:
        return {"date-parts": [work.date_parts]} | (
            {"circa": True} if work.has_doubtful_date else {}
        )
    return {"literal": work.issued.in_words} if work.issued else None


@dataclass(frozen=True)
class Format:
    """A kind of file: what people call it, its media type, and what writes it."""

    label: str
    media_type: str
    write: Callable


FORMATS = {  # by the ending of the file
    "bib": Format("BibTeX", "application/x-bibtex", bibtex),
    "ris": Format("RIS", "application/x-research-info-systems", ris),
    "json": Format("CSL-JSON", "application/vnd.citationstyles.csl+json", csl_json),
}
