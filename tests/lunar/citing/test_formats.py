"""Files for reference managers: what they say, and that nothing in a text breaks them."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunar.citing.formats import bibtex, csl_json, ris
from lunar.citing.works import Work, line, work_of_source
from lunar.edtf.dates import EdtfDate
from lunar.sources.models import Source
from tests.lunar.citing.readers import read_bibtex, read_ris, typeset

# The names that the schema of CSL-JSON 1.0.2 allows, of those that may be needed here.
CSL_FIELDS = {
    "id": str,
    "type": str,
    "title": str,
    "author": list,
    "container-title": str,
    "publisher": str,
    "issued": dict,
    "accessed": dict,
    "version": str,
    "URL": str,
    "language": str,
    "note": str,
}
CSL_TYPES = {
    "article-journal",
    "article-newspaper",
    "book",
    "dataset",
    "document",
    "entry-encyclopedia",
    "treaty",
    "webpage",
}
RIS_TAGS = {"TY", "ID", "AU", "TI", "T2", "PB", "PY", "DA", "ET", "LA", "UR", "Y2", "N1"}
RIS_TYPES = {"BOOK", "DATA", "ELEC", "ENCYC", "GEN", "JOUR", "LEGAL", "NEWS"}


def a_source(**fields):
    known = {
        "slug": "paper-2010",
        "title": "The Kaguya mission",
        "publisher": "Space Science Reviews",
        "kind": "paper",
        "authors": "Manabu Kato, Susumu Sasaki and others",
        "published": "2010-03",
        "url": "https://example.org/kaguya?a=1&b=50%25_x",
        "accessed": date(2026, 11, 22),
    }
    return Source(**known | fields)


def test_a_paper_in_bibtex():
    [(kind, key, fields)] = read_bibtex(bibtex([work_of_source(a_source())]))

    assert (kind, key) == ("article", "paper-2010")
    assert fields == {
        "author": "{Manabu Kato} and {Susumu Sasaki} and others",
        "title": "{The Kaguya mission}",
        "journal": "Space Science Reviews",
        "year": "2010",
        "month": "3",
        "url": "https://example.org/kaguya?a=1&b=50%25_x",
        "urldate": "2026-11-22",
        "language": "en",
    }


def test_a_paper_in_ris():
    [reference] = read_ris(ris([work_of_source(a_source())]))

    assert reference == {
        "TY": ["JOUR"],
        "ID": ["paper-2010"],
        "AU": ["Manabu Kato", "Susumu Sasaki"],
        "TI": ["The Kaguya mission"],
        "T2": ["Space Science Reviews"],
        "PY": ["2010"],
        "DA": ["2010/03//"],
        "LA": ["en"],
        "UR": ["https://example.org/kaguya?a=1&b=50%25_x"],
        "Y2": ["2026/11/22/"],
    }


def test_a_paper_in_csl_json():
    [item] = json.loads(csl_json([work_of_source(a_source())]))

    assert item == {
        "id": "paper-2010",
        "type": "article-journal",
        "title": "The Kaguya mission",
        "author": [
            {"literal": "Manabu Kato"},
            {"literal": "Susumu Sasaki"},
            {"literal": "others"},
        ],
        "container-title": "Space Science Reviews",
        "issued": {"date-parts": [[2010, 3]]},
        "accessed": {"date-parts": [[2026, 11, 22]]},
        "URL": "https://example.org/kaguya?a=1&b=50%25_x",
        "language": "en",
    }


@pytest.mark.parametrize("kind", Source.Kind.values)
def test_every_kind_of_source_has_a_type_of_each_format(kind):
    work = work_of_source(a_source(kind=kind))

    [(bibtex_type, _, fields)] = read_bibtex(bibtex([work]))
    assert bibtex_type in {"article", "book", "misc"}
    assert {"article": "journal", "book": "publisher"}.get(bibtex_type, "howpublished") in fields
    [reference] = read_ris(ris([work]))
    assert reference["TY"][0] in RIS_TYPES
    [item] = json.loads(csl_json([work]))
    assert item["type"] in CSL_TYPES


@pytest.mark.parametrize(
    ("published", "year", "parts", "words"),
    [
        ("1978-05-22", 1978, [1978, 5, 22], "22 May 1978"),
        ("1978-05", 1978, [1978, 5], "May 1978"),
        ("1978", 1978, [1978], "1978"),
        ("1970~", 1970, [1970], "about 1970"),
        ("2024-22", 2024, [], "summer 2024"),
        ("1969-07/1969-09", 1969, [], "between July and September 1969"),
        ("1969/1970", None, [], "between 1969 and 1970"),
        ("../2025-04-29", None, [], "on or before 29 April 2025"),
        ("197X", None, [], "the 1970s"),
        ("", None, [], ""),
    ],
)
def test_a_date_is_told_as_exactly_as_it_is_known_and_no_more(published, year, parts, words):
    work = work_of_source(a_source(published=published))

    assert (work.year, work.date_parts) == (year, parts)
    assert words in work.full
    [(_, _, fields)] = read_bibtex(bibtex([work]))
    assert fields.get("year") == (str(year) if year else None)
    [reference] = read_ris(ris([work]))
    assert reference.get("PY") == ([str(year)] if year else None)
    [item] = json.loads(csl_json([work]))
    issued = item.get("issued", {})
    assert issued.get("date-parts", [[]])[0] == parts
    assert parts or issued.get("literal", "") == words
    assert issued.get("circa", False) == ("~" in published)


def test_an_own_record_names_its_revision_in_every_format():
    work = Work(
        key="lunar-record-mission-luna-16-r7",
        kind=Source.Kind.DATASET,
        title="Luna 16",
        publisher="Lunar Record",
        authors=("Lunar Record contributors",),
        issued=EdtfDate("2026-03-04"),
        version="revision 7",
        url="https://moon.example/missions/luna-16/?as_of=2026-03-04",
    )

    assert work.short == "Lunar Record, “Luna 16”, revision 7, 4 March 2026"
    assert work.full == (
        "Lunar Record contributors. “Luna 16”. Lunar Record, revision 7 of 4 March 2026. "
        "https://moon.example/missions/luna-16/?as_of=2026-03-04"
    )
    [(kind, _, fields)] = read_bibtex(bibtex([work]))
    assert (kind, fields["note"]) == ("misc", "revision 7")
    [reference] = read_ris(ris([work]))
    assert (reference["TY"], reference["ET"]) == (["DATA"], ["revision 7"])
    [item] = json.loads(csl_json([work]))
    assert (item["type"], item["version"]) == ("dataset", "7")


def test_others_and_a_title_in_english_are_told():
    work = work_of_source(
        a_source(
            title="嫦娥五号", title_english="Chang'e 5", archive_url="https://example.org/copy"
        )
    )

    assert work.full.startswith("Manabu Kato, Susumu Sasaki and others. “嫦娥五号”. Space")
    assert work.notes == ("In English: Chang'e 5", "Archived copy: https://example.org/copy")


SIGNS = st.text(st.sampled_from('\\{}#$%&_~^"@,=\n\r\t\0\x1f -TYER中é<>/'), max_size=40)


@given(title=SIGNS, publisher=SIGNS, authors=SIGNS, note=SIGNS)
def test_no_text_breaks_a_file_or_is_lost_in_it(title, publisher, authors, note):
    source = a_source(
        title=f"A {title}", publisher=f"P {publisher}", authors=authors, title_english=note
    )
    works = [work_of_source(source), work_of_source(a_source(slug="next"))]

    [(_, _, fields), (_, key, _)] = read_bibtex(bibtex(works))
    assert key == "next"
    assert typeset(fields["title"]) == line(f"A {title}")
    assert typeset(fields["journal"]) == line(f"P {publisher}")
    [reference, following] = read_ris(ris(works))
    assert following["ID"] == ["next"]
    assert reference["TI"] == [line(f"A {title}")]
    assert set(reference) <= RIS_TAGS
    [item, following] = json.loads(csl_json(works))
    assert following["id"] == "next"
    assert item["title"] == line(f"A {title}")
    assert all(isinstance(item[name], CSL_FIELDS[name]) for name in item)


def test_an_address_cannot_end_its_field():
    url = "https://example.org/a b{c}\\d\n,x={"

    [(_, _, fields)] = read_bibtex(bibtex([work_of_source(a_source(url=url))]))

    assert fields["url"] == "https://example.org/a%20b%7Bc%7D%5Cd%20,x=%7B"
