"""The Moon map: every fact of the picture stands in the table, and nothing covers anything."""

import json
import re
from itertools import combinations
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.http import QueryDict
from django.utils.text import slugify

from lunar.pictures import picture
from missions.pictures.discs import Disc
from missions.pictures.labels import set_apart, text_width
from missions.pictures.moon_map import MoonMap
from missions.pictures.sides import SIDES, features, side_of
from tests import factories as make
from tests.html import Page

pytestmark = pytest.mark.django_db
MAP = "/missions/map/"


@pytest.fixture
def landings():
    """One landing of each kind, on each side and near both poles, and one without a place."""
    china = make.make_country(code="CN", name="China")
    programme = make.make_programme(slug="chang-e", name="Chang'e", countries=[china])
    crewed = make.make_mission_type(slug="crewed-landing", name="Crewed landing")

    def mission(name, **fields):
        return make.make_mission(name=name, slug=slugify(name), **fields)

    return [
        make.make_landing(
            mission("Apollo 12", types=[crewed], launch="1969-11-14"),
            date="1969-11-19",
            latitude="-3.0128",
            longitude="-23.4219",
            accuracy_m=12,
        ),
        make.make_landing(
            mission("Surveyor 3"), date="1967-04-20", latitude="-3.0162", longitude="-23.418"
        ),
        make.make_landing(
            mission("Chang'e 4", programme=programme, countries=[china]),
            date="2019-01-03",
            latitude="-45.457",
            longitude="177.589",
            site_name="Von Kármán crater",
        ),
        make.make_landing(
            mission("IM-2", outcome="partial_failure"),
            date="2025-03-06",
            latitude="-84.7906",
            longitude="29.1957",
        ),
        make.make_landing(
            mission("GRAIL"),
            kind="deliberate_impact",
            date="2012-12-17",
            latitude="75.609",
            longitude="-26.593",
            accuracy_m=60000,
        ),
        make.make_landing(
            mission("Ranger 4", outcome="failure"),
            kind="crash",
            date="1962-04-26",
            latitude="-15.5",
            longitude="-130.7",
        ),
        make.make_landing(
            mission("Orbiter"), kind="impact_at_end", date="", latitude="10", longitude="112"
        ),
        make.make_landing(
            mission("Lost"), kind="crash", date="1965-05", latitude=None, longitude=None
        ),
    ]


def names(discs):
    return {site.landing.mission.name for disc in discs for site in disc.sites}


def test_map_is_sound(client, landings):
    response = client.get(MAP)

    assert response.status_code == 200
    assert Page(response).problems == []


def test_each_landing_is_on_the_discs_where_it_can_be_seen(landings):
    near, far, north, south = MoonMap().discs

    assert names([near]) == {"Apollo 12", "Surveyor 3", "IM-2", "GRAIL"}
    assert names([far]) == {"Chang'e 4", "Ranger 4", "Orbiter"}
    assert names([north]) == {"GRAIL"}
    assert names([south]) == {"IM-2"}


def test_every_fact_of_the_picture_stands_in_the_table(client, landings):
    response = client.get(MAP)
    rows = {
        row.record.mission.name: " ".join(re.sub(r"<[^>]+>", "", str(cell)) for cell in row.cells)
        for row in response.context["table"].rows
    }

    assert set(rows) == {landing.mission.name for landing in landings}
    for disc in response.context["picture"].discs:
        for site in disc.sites:
            name, _, facts = site.title.partition(": ")
            for fact in facts.replace("outcome of the mission: ", "").split("; "):
                for part in fact.split(", "):
                    assert part.lower() in rows[name].lower(), (name, part)


def test_a_landing_without_a_place_is_in_the_table_only(client, landings):
    response = client.get(MAP)

    assert "Lost" not in names(response.context["picture"].discs)
    assert (
        "<strong>8</strong> landings and impacts, <strong>7</strong>" in response.content.decode()
    )


def test_marks_are_links_that_say_their_kind_in_words_and_shape(client, landings):
    html = client.get(MAP).content.decode()

    assert "<title>Apollo 12: soft landing, crewed; 19 November 1969; 3.0128° S" in html
    for shape in ("crewed", "soft", "soft-failed", "crash", "deliberate-impact", "impact-at-end"):
        assert f'class="moon-mark moon-{shape}"' in html


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("programme=chang-e", {"Chang'e 4"}),
        ("country=CN", {"Chang'e 4"}),
        ("kind=crash", {"Ranger 4"}),
        ("outcome=partial_failure", {"IM-2"}),
        ("decade=1960s", {"Apollo 12", "Surveyor 3", "Ranger 4"}),
        ("decade=1980s", set()),
    ],
)
def test_filters(client, landings, asked, expected):
    assert names(client.get(f"{MAP}?{asked}").context["picture"].discs) == expected


@pytest.mark.parametrize(
    "asked",
    ["kind=x", "site=nowhere", "site=lost", "decade=1850s", "sort=colour", "country=%00%22"],
)
def test_a_bad_value_is_told_beside_its_field(client, landings, asked):
    response = client.get(f"{MAP}?{asked}")

    assert response.status_code == 400
    assert "field-error" in response.content.decode()
    assert Page(response).problems == []


def test_drafts_are_neither_drawn_nor_offered(client):
    make.make_landing(make.make_mission(name="Zugzwang", slug="zugzwang", state="draft"))

    assert "ugzwang" not in client.get(MAP).content.decode()


def test_sites_are_set_apart_where_they_would_cover_each_other(landings):
    near = MoonMap().discs[0]
    places = [(s.x + s.right, s.y + s.down) for s in near.sites]

    for (x, y), (x2, y2) in combinations(places, 2):
        assert ((x - x2) ** 2 + (y - y2) ** 2) ** 0.5 > 11


def test_zoom_shows_the_surroundings_of_a_site(client, landings):
    response = client.get(f"{MAP}?site=apollo-12")
    zoom = response.context["picture"].zoom

    assert names([zoom]) == {"Apollo 12", "Surveyor 3"}
    assert all(site.label for site in zoom.sites)
    assert Page(response).problems == []


def test_accuracy_is_drawn_where_it_is_wider_than_the_symbol(landings):
    zoom = MoonMap({"site": "grail"}).zoom
    ring = next(site.ring for site in zoom.sites)

    assert ring == pytest.approx(60 / 1737.4 * zoom.scale, abs=0.1)
    assert not any(site.ring for site in MoonMap({"site": "apollo-12"}).zoom.sites)


@pytest.mark.parametrize("name", ["moon-map", "moon-near-side", "moon-south-pole"])
@pytest.mark.parametrize("asked", ["", "kind=soft", "site=im-2", "kind=x"])
def test_files_are_complete_from_their_parameters(landings, name, asked):
    drawn = picture(name)(QueryDict(asked))

    assert "moon-phone" not in drawn.body()
    assert drawn.width > 0
    assert drawn.height > 0


def test_number_of_queries_does_not_depend_on_the_number_of_landings(client, landings, queries_of):
    few = queries_of(lambda: client.get(MAP))
    for n in range(10):
        make.make_landing(latitude=str(n * 5), longitude=str(n * 7))

    assert queries_of(lambda: client.get(MAP)) == few


def test_front_page_links_every_landing_of_the_near_side(client, landings):
    html = client.get("/").content.decode()

    assert "with every landing and impact whose place is known" in html
    for landing in landings:
        shown = f'href="{landing.mission.get_absolute_url()}#{landing.anchor}"' in html
        assert shown == (landing.side == "near")


def test_front_page_shows_the_latest_where_there_are_too_many(client, monkeypatch):
    monkeypatch.setattr("missions.templatetags.moon.MOST_SHOWN", 2)
    for year in ("1966", "1971", "1969"):
        mission = make.make_mission(name=f"Of {year}")
        make.make_landing(mission, date=year, latitude="1", longitude="5")

    html = client.get("/").content.decode()

    assert "with the latest 2 landings and impacts</title>" in html
    assert "with the latest 2 landings and impacts whose place is known" in html
    assert "Of 1966" not in html
    assert html.index("Of 1969") < html.index("Of 1971")


def test_more_than_can_be_drawn_are_told_and_fewer_to_be_asked_for(client, landings, monkeypatch):
    monkeypatch.setattr("missions.pictures.moon_map.MOST_DRAWN", len(landings) - 1)
    told = f"<strong>{len(landings)}</strong> landings and impacts fit: too many for one map"

    html = client.get(MAP).content.decode()
    assert told in html
    assert "Surveyor 3" not in html.partition('<section class="moon-map"')[2]
    assert "Too many for one page: choose fewer with the filters above." in html
    assert "Nothing in the record fits" not in html
    file = client.get("/pictures/moon-map.svg").content.decode()
    assert f"{len(landings)} landings: too many to draw." in file
    assert "Surveyor 3" not in file

    fewer = client.get(MAP, {"country": "CN"}).content.decode()
    assert "Chang&#x27;e 4" in fewer.partition('<section class="moon-map"')[2]
    assert "too many" not in fewer


def test_mission_page_marks_the_site(client, landings):
    with_place, without = landings[0].mission, landings[-1].mission

    assert f"{MAP}?site=apollo-12" in client.get(with_place.get_absolute_url()).content.decode()
    assert 'class="site-map"' not in client.get(without.get_absolute_url()).content.decode()


def test_no_label_of_the_real_record_covers_another():
    """Both sets of labels, those for wide screens and those for phones; all stay in the picture."""
    landings = real_landings()
    discs = [Disc(side, landings) for side in SIDES.values()]
    zooms = [
        Disc(side_of(landing), landings, around=landing, zoom=4, width=800, height=600)
        for landing in landings
        if landing.mission.name in {"Apollo 12", "Luna 24", "IM-2"}
    ]

    assert len(zooms) == 3
    for disc in [*discs, *zooms]:
        for attribute in ("label", "phone_label"):
            boxes = [
                box(label, site.x, site.y)
                for site in disc.sites
                if (label := getattr(site, attribute))
            ]
            assert not any(overlap(*pair) for pair in combinations(boxes, 2)), disc.name
            assert all(is_within(disc, corners) for corners in boxes), disc.name
    labelled = {site.landing.mission.name for disc in discs for site in disc.sites if site.label}
    assert labelled == {landing.mission.name for landing in landings}


def real_landings():
    """The landings of the record whose place is known, straight from its fixtures."""

    def rows(name):
        text = (settings.BASE_DIR / "fixtures" / f"{name}.json").read_text(encoding="utf-8")
        return [row["fields"] for row in json.loads(text)]

    missions = {row["slug"]: row for row in rows("missions")}
    found = []
    for number, row in enumerate(rows("landings")):
        if "latitude" not in row:
            continue
        mission = missions[row["mission"][0]]
        types = [SimpleNamespace(slug=slug) for (slug,) in mission["types"]]
        landing = SimpleNamespace(
            pk=number,
            kind=row["kind"],
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            side="near" if abs(float(row["longitude"])) <= 90 else "far",
            accuracy_m=row.get("accuracy_m"),
            mission=SimpleNamespace(
                name=mission["name"],
                outcome=mission["outcome"],
                types=SimpleNamespace(all=lambda types=types: types),
            ),
        )
        found.append(landing)
    return found


def test_label_has_a_lead_line_where_there_is_no_room_beside_its_symbol():
    crowd = [
        SimpleNamespace(
            pk=n,
            kind="crash",
            latitude=n // 4,
            longitude=n % 4,
            accuracy_m=None,
            mission=SimpleNamespace(name=f"Long name of mission {n}"),
        )
        for n in range(12)
    ]
    near = Disc(SIDES["near"], crowd)
    boxes = [box(site.label, site.x, site.y) for site in near.sites if site.label]

    assert any(site.label and site.label.lead for site in near.sites)
    assert not any(overlap(*pair) for pair in combinations(boxes, 2))


def test_features_lie_on_the_moon():
    assert len(features()) > 50
    assert all(abs(f.latitude) <= 90 and abs(f.longitude) <= 180 for f in features())


def box(label, x, y):
    width = text_width(label.text, label.size)
    left = x + label.x - {"start": 0, "middle": width / 2, "end": width}[label.anchor]
    return left, y + label.y - 0.86 * label.size, left + width, y + label.y + 0.1 * label.size


def is_within(disc, corners):
    left, top, right, bottom = corners
    return left >= 0 and top >= 0 and right <= disc.width and bottom <= disc.height


def overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_a_crowd_is_not_set_apart():
    crowd = tuple((float(number % 7), 0.0) for number in range(2_000))

    assert set_apart(crowd, 9) == crowd
