"""Whatever a text says, it stays a text: in pages, attributes, data, feeds, files and headers.

Every text of every kind of record says each of TEXTS in turn; the pages are parsed as the standard
says and hold nothing that the templates do not.
"""

import csv
import io
import json
import re
import zipfile
from xml.dom.minidom import parseString

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from lunar.canonical.shapes import shapes
from lunar.desk.history import Way, recording
from lunar.desk.models import SuggestedValue, Suggestion
from lunar.sources.models import Record, Source
from missions.models import Mission
from tests import factories as make
from tests.html import DATA, Page
from tests.world import make_one_of_each, texts

pytestmark = pytest.mark.django_db

TEXTS = {
    "script": '"><script>x()</script>',
    "attribute": "' onmouseover='x()' \" autofocus onfocus=\"x()",
    "end-of-data": "</script><svg onload=x()><!--",
    "end-of-element": "</title></textarea></style><img src=x onerror=x()>",
    "address": "javascript:x()",
    "template": "{{ 7|add:7 }}{% now 'Y' %}",
    "xml": "]]>&lt;b>&#60;i&#62;<![CDATA[",
    "formula": '=HYPERLINK("https://evil.example")',
    "formula-tab": "\t=1+1|x",
    "formula-at": "@SUM(1,1)",
    "header": "a\r\nSet-Cookie: x=1\r\n\r\n<b>",
    "sql": '\'; DROP TABLE x; -- " OR ""="',
    "words": '"NEAR(a b)* AND -{c}: & | ! <-> (',
    "direction": "\u202egnp.exe\u2066",
}
# Those that could become markup; the others are of interest in files and in what is searched for.
MARKUP = ["script", "attribute", "end-of-data", "end-of-element", "template", "xml", "header"]
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
NUMBER = re.compile(r"[-+]?[0-9.]+")
XML = (".atom", ".xml", ".svg")


@pytest.fixture(scope="module")
def hostile(django_db_setup, django_db_blocker):
    """{name of a text: public rows that say it in every field}."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield {name: plant(name, text) for name, text in TEXTS.items()}
        transaction.set_rollback(True)


def plant(name, text):
    letters = name.upper().replace("-", "")
    said = dict.fromkeys(("quote", "note", "locator", "stated_value"), text[:120])
    if name not in MARKUP:
        source = make.make_source(slug=name, **texts(Source, text))
        mission = make.make_mission(**texts(Mission, text) | {"slug": name})
        make.cite(mission, "", source, **said)
        return [mission, source]
    editor = make.make_user("Reviewer", username=name, first_name=text[:150])
    with recording(editor, text, Way.FORM):
        rows, source = make_one_of_each(text, name, f"X-{letters[:3]}{letters[-3:]}")
        for row in vars(rows).values():
            make.cite(row, "", source, **said)
            make.cite(row, row.CITED_FIELDS[0], source, stance="disputes", **said)
    of_mission = {"label": "missions.mission", "key": name, "seen": 0, "token_digest": name}
    words = texts(Suggestion, text) | of_mission | {"sender_email": "a@example.org"}
    suggestion = Suggestion.objects.create(**words)
    suggestion.values.create(**texts(SuggestedValue, text) | {"name": "aim"})
    return [*vars(rows).values(), source]


def pages_of(rows):
    """Return the addresses of all pages and files of some rows."""
    found = set()
    for row in rows:
        if not isinstance(row, (Record, Source)):
            continue
        page = row.get_absolute_url()
        kind, key = row._meta.model_name, row.natural_key()[0]
        found |= {page, f"/changes/{kind}/{key}/"}
        if kind in {"mission", "transfer"}:
            found |= {f"/changes/{kind}/{key}.atom", f"{page}?format=csv", f"{page}?format=json"}
            found |= {f"/cite/{kind}/{key}/", f"/cite/{kind}/{key}.bib", f"/cite/{kind}/{key}.json"}
    return sorted(found)


def problems(response):
    """Yield in which an answer is not sound."""
    for name, value in response.items():
        if "\r" in value or "\n" in value or "x=1" in response.cookies:
            yield f"{name}: {value!r}"
    kind = response["Content-Type"]
    if kind.startswith("text/html"):
        page = Page(response)
        yield from page.problems
        yield from (f"x of {one.tag}" for one in page.elements if "x()" in (one.get("src") or ""))
        for script in page.all("script"):
            if script.get("type") == DATA:
                json.loads(script.text)
    elif "xml" in kind:
        parseString(response.content)  # noqa: S318  our own, with no entities
    elif "json" in kind:
        json.loads(response.getvalue())
    elif kind.startswith("text/csv"):
        yield from formulas(response.getvalue())


def formulas(content):
    """Yield the cells of a CSV file that a spreadsheet would run."""
    text = content.decode().removeprefix("\ufeff")
    for row in csv.reader(io.StringIO(text, newline=""), strict=True):
        yield from (cell for cell in row if cell.startswith(RISKY) and not NUMBER.fullmatch(cell))


@pytest.mark.parametrize("name", MARKUP)
def test_pages_feeds_and_files_of_a_record_hold_it_as_a_text(hostile, name):
    client, wrong = Client(), []
    for address in pages_of(hostile[name]):
        response = client.get(address)
        assert response.status_code == 200, address
        wrong += [f"{address}: {problem}" for problem in problems(response)]

    assert wrong == []


@pytest.mark.parametrize("name", TEXTS)
def test_the_text_itself_is_shown(hostile, name):
    page = Client().get(reverse("missions:mission-detail", args=[name])).content.decode()

    shown = " ".join(escape(TEXTS[name]).split())
    assert shown in " ".join(page.split())


@pytest.mark.parametrize(
    "address",
    [
        *("/", "/missions/", "/missions/samples/", "/missions/map/", "/missions/timeline/"),
        *("/diplomacy/", "/diplomacy/transfers/", "/diplomacy/displays/", "/diplomacy/countries/"),
        *("/people/", "/organizations/", "/sources/", "/changes/", "/data/", "/about/coverage/"),
        *("/missions/?q=script", "/search/?q=script", "/search/?q=x", "/search/suggest/?q=script"),
        *("/suggest/?record=mission/script", "/suggest/?record=transfer/attribute"),
        *("/changes.atom", "/feeds/new.atom", "/feeds/whereabouts.atom", "/sitemap.xml"),
        *("/diplomacy/transfers/feed.atom", "/diplomacy/transfers/feed.atom?q=script"),
        *("/pictures/flows.svg", "/pictures/moon-map.svg", "/pictures/timeline.svg"),
        *("/pictures/transfers-matrix.svg", "/pictures/world.svg", "/pictures/mass-returned.svg"),
        *("/api/v1/missions/?per_page=100", "/api/v1/transfers/?sources=included"),
        *("/missions/?format=csv", "/diplomacy/transfers/?format=csv", "/sources/?format=csv"),
    ],
)
def test_lists_pictures_and_feeds_of_all_of_them_are_sound(hostile, address):
    response = Client().get(address)

    assert response.status_code == 200
    assert list(problems(response)) == []


def test_no_cell_of_the_whole_record_is_a_formula(hostile):
    data = Client().get("/data/lunar-record.zip").getvalue()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if name.endswith(".csv")]
        found = {name: list(formulas(archive.read(name))) for name in names}

    assert len(found) > 30
    assert {name: cells for name, cells in found.items() if cells} == {}


@pytest.mark.parametrize("name", MARKUP)
def test_the_desk_shows_it_as_a_text(hostile, editor_client, name):
    kinds = {type(row)._meta.model_name: row for row in hostile[name]}
    suggestion = Suggestion.objects.get(token_digest=name)
    pages = [reverse("admin:desk_suggestion_change", args=[suggestion.pk])]
    for row in (kinds["mission"], kinds["source"]):
        named = f"admin:{row._meta.app_label}_{row._meta.model_name}"
        pages += [reverse(f"{named}_{one}", args=[row.pk]) for one in ("change", "history")]
        pages.append(reverse(f"{named}_changelist") + "?q=x")
    foreign = []
    for address in pages:
        response = editor_client.get(address)
        assert response.status_code == 200, address
        foreign += [f"{address}: {what}" for what in made_by_a_text(Page(response))]

    assert foreign == []


def made_by_a_text(page):
    """Yield the elements that no template of the desk has."""
    for element in page.elements:
        handlers = [name for name in map(str, element.attrib) if name.startswith("on")]
        is_code = element.tag == "script" and not element.get("src")
        is_code = is_code and element.get("type") not in {"application/json", DATA}
        leads = (element.get("href") or "").strip().lower().startswith("javascript:")
        if handlers or is_code or leads or (element.tag == "img" and element.get("src") == "x"):
            yield f"{element.tag} {dict(element.attrib)}"


ADDRESSES = [
    "javascript:x()",
    "JaVaScRiPt://a/%0ax()",
    "data:text/html,x",
    "vbscript:x",
    "ftp://example.org/",
]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("field", ["url", "archive_url"])
def test_sources_lead_to_nothing_but_pages(address, field):
    """However they are written: the database itself refuses every other address."""
    source = make.make_source(url="https://example.org/")
    setattr(source, field, address)

    with pytest.raises(ValidationError):
        source.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        source.save()


def test_every_kind_of_record_and_part_is_asked(hostile):
    said = {type(row) for row in hostile["script"]}
    own = {model for model in shapes() if model._meta.app_label in ("missions", "diplomacy")}
    parts = {one for one in own if not one.__name__.endswith("Citation")}

    assert {one.__name__ for one in parts - said} == {"MissionType", "Figure"}
