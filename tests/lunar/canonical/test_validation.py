"""Each check finds what it is for, and nothing in a sound record."""

from datetime import date

import pytest

from diplomacy.models import Act, Adherence, Agreement, Transfer
from lunar.canonical.validation import findings, repair_derivations
from lunar.parties.models import Country, Organization
from lunar.sources.models import Source
from missions.models import (
    Landing,
    LandingCitation,
    Mission,
    MissionCitation,
    MissionEvent,
    Programme,
    SampleReturn,
    SampleReturnCitation,
)
from tests.factories import make_country, make_programme
from tests.lunar.canonical.sample import SOURCE

TODAY = date(2026, 11, 22)


def found():
    return [str(finding) for finding in findings(TODAY)]


@pytest.fixture
def apollo(loaded):
    return Mission.objects.get(slug="apollo-11")


@pytest.fixture
def luna(loaded):
    return Mission.objects.get(slug="luna-16")


def test_a_sound_record_has_no_findings(loaded):
    assert found() == []


@pytest.mark.django_db
def test_an_empty_record_has_no_findings():
    assert found() == []


def test_a_wrong_derivation_is_found_and_repaired(apollo):
    Transfer.objects.filter(slug="a-display").update(status="stolen")

    assert found() == ["diplomacy.transfer:a-display: status: is 'stolen', but 'given' follows."]
    assert [str(finding) for finding in repair_derivations()] == [
        "diplomacy.transfer:a-display: status: was 'stolen', is now 'given'."
    ]
    assert found() == []


def test_a_row_that_its_model_refuses_is_found(luna):
    Mission.objects.filter(pk=luna.pk).update(outcome="glorious", absent_values={"x": "unknown"})

    assert found() == [
        "missions.mission:luna-16: outcome: Value 'glorious' is not a valid choice.",
        "missions.mission:luna-16: absent_values: “x: unknown” is not a value of this record "
        "with one of the four kinds.",
    ]


def test_a_published_record_without_a_citation_is_found(luna):
    luna.state = "published"
    luna.save()

    assert "missions.mission:luna-16: state: is published without a supporting citation." in found()


def test_a_disputing_citation_supports_nothing(apollo):
    apollo.citations.filter(stance="supports").delete()

    assert (
        "missions.mission:apollo-11: state: is published without a supporting citation." in found()
    )
    assert (
        "missions.mission:apollo-11: launch: is shown without a source that supports it." in found()
    )


def test_values_need_a_citation_of_their_own_or_of_the_whole(apollo, luna):
    column = Source.objects.get(slug="column")
    apollo.citations.filter(stance="supports").delete()
    for field in ("programme", "countries", "cospar_id", "launch", "launch_mass_kg"):
        MissionCitation.objects.create(subject=apollo, source=column, field=field)

    assert found() == [
        f"missions.mission:apollo-11: {field}: is shown without a source that supports it."
        for field in ("operators", "types", "outcome", "ended")
    ]


def test_the_parts_of_a_draft_need_no_citation_yet(luna):
    Landing.objects.create(mission=luna, kind="soft", date="1970-09-20")
    SampleReturn.objects.create(mission=luna, mass_g=101)

    assert found() == []


def test_the_position_of_a_landing_supports_its_side(apollo):
    landing = Landing.objects.get()
    landing.citations.all().delete()
    column = Source.objects.get(slug="column")
    LandingCitation.objects.create(subject=landing, source=column, field="date")

    assert found() == [
        "missions.landing:apollo-11/1: position: is shown without a source that supports it."
    ]


def test_the_parties_of_an_act_need_a_citation(apollo):
    act = Act.objects.get(transfer__slug="z-answer")
    act.citations.update(field="date")

    assert found() == [
        "diplomacy.act:z-answer/1: to_party: is shown without a source that supports it."
    ]


def test_a_part_without_any_citation_is_found(apollo):
    MissionEvent.objects.create(mission=apollo, kind="end", title="It ended")

    assert found() == [
        "missions.missionevent:apollo-11/11: title: is shown without a source that supports it."
    ]


@pytest.mark.parametrize(
    ("ended", "is_wrong"), [("1970-09-11", True), ("1970-09", False), ("../1970-10", False)]
)
def test_a_mission_cannot_end_before_its_launch(luna, ended, is_wrong):
    luna.ended = ended
    luna.save()

    assert bool(found()) is is_wrong


def test_nothing_but_its_announcement_can_come_before_the_launch(luna):
    Landing.objects.create(mission=luna, kind="soft", date="1969")
    MissionEvent.objects.create(mission=luna, kind="announcement", date="1969", title="Announced")
    MissionEvent.objects.create(mission=luna, kind="lunar_orbit", date="1969", title="In orbit")
    SampleReturn.objects.create(mission=luna, returned="1970-09-11")

    assert found() == [
        "missions.landing:luna-16/1: date: 1969 is before the launch, 1970-09-12.",
        "missions.missionevent:luna-16/2: date: 1969 is before the launch, 1970-09-12.",
        "missions.samplereturn:luna-16: returned: 1970-09-11 is before the launch, 1970-09-12.",
    ]


@pytest.mark.parametrize(
    ("kind", "day", "missions", "event"),
    [
        ("given", "1969-07-20", ["apollo-11"], "return"),
        ("given", "1969-07", ["apollo-11"], None),
        ("requested", "1969-07-20", ["apollo-11"], None),
        ("requested", "1969-07-01", ["apollo-11"], "launch"),
        ("given", "1970", ["apollo-11", "luna-16"], None),
        ("given", "1969", [], None),
    ],
)
def test_an_act_cannot_be_older_than_all_its_missions(loaded, kind, day, missions, event):
    display = Transfer.objects.get(slug="a-display")
    display.missions.set(Mission.objects.filter(slug__in=missions))
    display.acts.update(kind=kind)
    act = display.acts.get()
    act.date = day
    act.save()

    assert found() == (
        [f"diplomacy.act:a-display/1: date: {day} is before the {event} of its missions."]
        if event
        else []
    )


def test_no_other_span_can_end_before_it_begins(loaded):
    for model, fields in (
        (Country, {"valid_from": "1992"}),
        (Programme, {"started": "1961", "ended": "1960"}),
        (Agreement, {"in_force": "1966"}),
        (Adherence, {"date": "1966"}),
    ):
        row = model.objects.first() if model is not Country else Country.objects.get(code="SUHH")
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()
    Source.objects.filter(slug="column").update(accessed="2025-02-09")

    assert found() == [
        "parties.country:SUHH: valid_to: 1991-12-26 is before 1992.",
        "missions.programme:apollo: ended: 1960 is before 1961.",
        "diplomacy.agreement:ost: in_force: 1966 is before 1967-01-27.",
        "diplomacy.adherence:ost/US/signed: date: 1966 is before the agreement opened.",
        "sources.source:column: accessed: 2025-02-09 is before its publication.",
    ]


@pytest.mark.parametrize(
    ("launch", "is_wrong"), [("2026-11-21", True), ("2026-10", True), ("2026", False), ("", False)]
)
def test_a_plan_whose_date_has_passed_is_found(loaded, launch, is_wrong):
    Mission.objects.create(
        slug="chang-e-7",
        name="Chang’e-7",
        outcome="planned",
        no_cospar_reason="not_launched",
        launch=launch,
    )

    assert bool(found()) is is_wrong


def test_no_more_can_be_given_than_was_brought(loaded):
    SampleReturn.objects.update(mass_g="0.04")

    assert found() == [
        "missions.samplereturn:apollo-11: mass_g: "
        "0.0500000 g passed on, but only 0.0400000 g returned."
    ]


@pytest.mark.parametrize(
    "fields", [{"mass_certainty": "planned"}, {"kind": "loan", "status": "returned"}]
)
def test_what_was_only_planned_or_came_back_is_not_counted(loaded, fields):
    SampleReturn.objects.update(mass_g="0.04")
    Transfer.objects.filter(slug="a-display").update(**fields)

    assert not [text for text in found() if "passed on" in text]


def test_what_comes_from_several_missions_is_not_counted(loaded):
    SampleReturn.objects.update(mass_g="0.04")
    Transfer.objects.get(slug="a-display").missions.add(Mission.objects.get(slug="luna-16"))

    assert found() == []


def test_a_sample_comes_from_the_side_of_a_landing(apollo):
    SampleReturn.objects.update(side="far")

    assert found() == [
        "missions.samplereturn:apollo-11: side: is not the side on which its mission landed."
    ]


def test_a_native_name_needs_its_language(loaded):
    nasa = Organization.objects.get(slug="nasa")
    nasa.native_name = "国家航天局"
    nasa.save()

    assert found() == ["parties.organization:nasa: native_language: is missing for 国家航天局."]


def test_a_mission_names_itself_as_its_programme_does_or_says_why_not(loaded):
    mission = Mission.objects.get(slug="luna-16")
    programme = make_programme(native_name="Луна", native_language="ru")
    Mission.objects.filter(pk=mission.pk).update(programme=programme, native_name="")

    assert f"missions.mission:luna-16: native_name: is missing; {programme} has one." in found()

    Mission.objects.filter(pk=mission.pk).update(absent_values={"native_name": "unknown"})

    assert not [text for text in found() if "native_name" in text]


def test_a_country_code_is_of_iso_3166(loaded):
    make_country(code="QQ")

    assert "parties.country:QQ: code: is not in ISO 3166." in found()


@pytest.mark.parametrize(
    "url",
    ["http://example.org/column", "https://www.example.org/column/", "https://Example.org/column"],
)
def test_one_address_in_two_spellings_is_found(loaded, url):
    Source.objects.create(slug="same", title="Same", url=url, **SOURCE)

    assert found() == ["sources.source:same: url: is the address of column as well."]


def test_checking_takes_no_query_for_each_value(loaded, django_assert_max_num_queries):
    with django_assert_max_num_queries(400):
        found()


def test_a_citation_of_the_whole_supports_every_value(apollo):
    assert SampleReturnCitation.objects.get().field == ""
    assert found() == []
