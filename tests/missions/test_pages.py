"""What the pages of missions and programmes show, in reading order."""

import pytest

from missions.models import Figure, Landing, Mission, Programme
from missions.pages import FiguresPart, MissionPage, ProgrammePage
from missions.positions import position_in_words
from tests import factories as make

pytestmark = pytest.mark.django_db


def shown(facts):
    """Return {label: value, or the kind of nothing} of `facts`."""
    return {fact.label: str(fact.absence.label if fact.absence else fact.value) for fact in facts}


def page_of(mission):
    return MissionPage(Mission.objects.get(pk=mission.pk))


def test_a_mission_that_little_is_known_of_says_so():
    mission = make.make_mission(launch="", absent_values={"launch": "unknown"})

    assert shown(page_of(mission).facts) == {
        "Outcome": '<span class="badge badge-success">Success</span>',
        "Types": "Not researched yet",
        "Launch": "Unknown after search",
        "Launch vehicle": "Not researched yet",
        "Launch site": "Not researched yet",
        "Ended": "Not researched yet",
        "Programme": "Not researched yet",
        "Operators": "Not researched yet",
        "Countries": "Not researched yet",
        "COSPAR id": "None assigned",
    }


def test_a_mission_that_much_is_known_of_shows_all():
    mission = make.make_mission(
        aim="To land.",
        launch="1970-09-12",
        launch_vehicle="Proton",
        launch_mass_kg="5725.00",
        ended="1970-09-24",
        other_names="E-8-5",
        name_meaning="Moon",
        native_name="Луна-16",
        native_language="ru",
        cospar_id="1970-072A",
        types=[make.make_mission_type(name="Lander"), make.make_mission_type(name="Return")],
        countries=[make.make_country(code="SU", name="USSR")],
    )

    facts = shown(page_of(mission).facts)

    assert facts["Aim"] == "To land."
    assert facts["Launch"] == '<time datetime="1970-09-12">12 September 1970</time>'
    assert facts["Launch mass"] == "5,725 kg"
    assert facts["Types"] == "Lander, Return"
    assert facts["Countries"] == '<a href="/diplomacy/countries/SU/">USSR</a>'
    assert facts["COSPAR id"] == "1970-072A"
    assert facts["Other names"] == "E-8-5"
    assert facts["Native name"] == '<span lang="ru">Луна-16</span>'


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [("success", True), ("failure", True), ("planned", False), ("in_progress", False)],
)
def test_only_a_mission_that_is_over_is_expected_to_have_an_end(outcome, expected):
    mission = make.make_mission(outcome=outcome)

    assert ("Ended" in shown(page_of(mission).facts)) == expected


def test_drafts_are_left_out_of_a_mission_s_facts():
    draft = {"name": "Secret", "state": "draft"}
    mission = make.make_mission(
        programme=make.make_programme(**draft),
        operators=[make.make_organization(**draft), make.make_organization(name="NASA")],
        countries=[make.make_country(**draft)],
    )

    facts = shown(page_of(mission).facts)

    assert "Secret" not in str(facts)
    assert facts["Programme"] == facts["Countries"] == "Not researched yet"
    assert ">NASA</a>" in facts["Operators"]
    assert ", " not in facts["Operators"]


def test_a_landing_says_where_and_how_exactly():
    landing = make.make_landing(
        kind="crash",
        latitude="-43.05800",
        longitude="177.59900",
        accuracy_m=1500,
        site_name="Apollo",
    )

    [shown_landing] = page_of(landing.mission).landings

    facts = shown(shown_landing["facts"])
    assert facts["Kind"] == "Crash"
    assert facts["Date"] == '<time datetime="2020-12-01">1 December 2020</time>'
    assert facts["Position"] == "43.058° S, 177.599° E"
    assert facts["Side"].startswith("Far side")
    assert facts["Position accurate to"] == "within 1,500 m"
    assert facts["Site name"] == "Apollo"


@pytest.mark.parametrize(
    ("latitude", "longitude", "words"),
    [
        ("0.00000", "0.00000", "0° N, 0° E"),
        ("43.05760", "-51.91610", "43.0576° N, 51.9161° W"),
        ("-90", "-180", "90° S, 180° W"),
        ("10.00000", "100.00000", "10° N, 100° E"),
        (None, None, ""),
    ],
)
def test_a_position_is_told_in_degrees_with_every_digit_that_counts(latitude, longitude, words):
    landing = make.make_landing(latitude=latitude, longitude=longitude)

    assert position_in_words(Landing.objects.get(pk=landing.pk)) == words


def test_a_landing_without_a_position_is_on_no_side():
    landing = make.make_landing(latitude=None, longitude=None)

    [shown_landing] = page_of(landing.mission).landings

    facts = shown(shown_landing["facts"])
    assert facts["Position"] == "Not researched yet"
    assert "Side" not in facts


def test_a_mission_without_samples_has_no_facts_of_them():
    assert page_of(make.make_mission()).sample is None


def test_samples_are_told_in_words():
    sample = make.make_sample_return(
        mass_g="101", side="near", returned="1970-09-24", material="core"
    )

    assert shown(page_of(sample.mission).sample) == {
        "Mass returned": "101 g",
        "Collected on the": "Near side",
        "Material": "Drill core",
        "Reached Earth": '<time datetime="1970-09-24">24 September 1970</time>',
        "Reached Earth at": "Not researched yet",
    }


def test_sources_are_numbered_as_the_page_is_read():
    mission = make.make_mission(result="Landed.", cited=False)
    craft, answer, launch = make.make_source(), make.make_source(), make.make_source()
    make.cite(make.make_spacecraft(mission), "role", craft)
    make.cite(mission, "launch", launch)
    make.cite(mission, "result", answer)

    sources = page_of(mission).sources

    assert [entry.source for entry in sources] == [answer, launch, craft]
    assert [entry.number for entry in sources] == [1, 2, 3]


def test_a_programme_lists_its_public_missions_in_order_of_launch():
    programme = make.make_programme(started="1958", summary="Probes.")
    later = make.make_mission(programme=programme, launch="1970")
    earlier = make.make_mission(programme=programme, launch="1959")
    make.make_mission(programme=programme, state="draft")

    page = ProgrammePage(Programme.objects.get(pk=programme.pk))

    assert [row.record for row in page.missions.rows] == [earlier, later]
    assert "programme" not in page.missions.columns.names()
    assert page.answer.value == "Probes."
    assert shown(page.facts)["Began"] == '<time datetime="1958">1958</time>'


def test_figures_are_computed_and_stand_beside_what_sources_state():
    make.make_sample_return(mass_g="382000")
    figure = make.make_figure(name="All of it")
    make.cite(figure, "value", stance="disputes", stated_value="about 380 kg", note="Rounded.")

    part = FiguresPart(Figure.objects.all())

    [shown_figure] = part.figures
    assert shown_figure["fact"].value == "382 kg"
    assert [note.citation.stated_value for note in shown_figure["fact"].disputes] == [
        "about 380 kg"
    ]
    assert len(part.sources) == 2


def test_no_figure_needs_no_source():
    assert FiguresPart(Figure.objects.none()).sources == []


def test_where_the_samples_went_starts_with_single_transfers_and_stops_at_a_dozen(client):
    mission = make.make_mission()
    make.make_sample_return(mission)
    displays = make.make_series(is_goodwill=True)
    for _ in range(12):
        make.make_transfer(missions=[mission], series=displays)
    gift = make.make_transfer(missions=[mission], title="Moon rock for China")

    page = MissionPage(mission)

    assert page.transfers[0] == gift
    assert len(page.transfers) == 12
    assert page.transfer_count == 13
    assert "All 13 transfers" in client.get(mission.get_absolute_url()).content.decode()


def test_transfers_of_one_day_are_in_the_order_of_their_addresses():
    mission = make.make_mission()
    for slug in ("b", "c", "a"):
        make.make_act(make.make_transfer(slug=slug, missions=[mission]), date="1973-03-21")

    assert [transfer.slug for transfer in page_of(mission).transfers] == ["a", "b", "c"]
