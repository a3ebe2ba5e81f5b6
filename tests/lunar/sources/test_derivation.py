"""What is derived stays in step with what it is derived from, however it is written."""

from functools import partial

import pytest
from django.core import serializers

from lunar.sources import derivation
from lunar.sources.derivation import (
    announce,
    compare,
    derived,
    derived_models,
    gathered,
    postponed,
    refresh,
)
from lunar.sources.models import Source
from missions.models import Mission, MissionCitation, Spacecraft
from tests import factories as make
from tests.concurrency import Unfinished, in_background, several_writers, waits

pytestmark = pytest.mark.django_db

MAKERS = {
    "agreement": make.make_agreement,
    "country": make.make_country,
    "figure": make.make_figure,
    "mission": make.make_mission,
    "organization": make.make_organization,
    "person": make.make_person,
    "practice": make.make_practice,
    "programme": make.make_programme,
    "source": make.make_source,
    "transfer": make.make_transfer,
    "transferseries": make.make_series,
}


@pytest.fixture
def refreshed(monkeypatch):
    """The records derived afresh while the test runs, in order."""
    calls = []
    really = derivation.refreshed

    def watched(*asked):
        for record, differences in really(*asked):
            calls.append(record)
            yield record, differences

    monkeypatch.setattr(derivation, "refreshed", watched)
    return calls


@pytest.fixture
def told():
    """What `derived` tells while the test runs, in order."""
    calls = []

    def listen(sender, changed, **kwargs):
        calls.append(changed)

    derived.connect(listen)
    yield calls
    derived.disconnect(listen)


def stored(record):
    return type(record).objects.values("citation_count", "search_text").get(pk=record.pk)


@pytest.mark.parametrize("model", derived_models(), ids=lambda model: model.__name__)
def test_derived_columns_are_neither_typed_in_nor_part_of_a_fixture(model):
    record = MAKERS[model._meta.model_name]()

    [loaded] = model.to_derive([record.pk])
    for name in loaded.derived():
        field = model._meta.get_field(name)
        assert not field.editable
        assert not field.serialize
    assert compare(record) == {}


def test_an_addition_and_a_deletion_are_both_seen():
    mission = make.make_mission(name="Luna 9", cited=False)

    citation = make.cite(mission, "launch")
    make.make_landing(mission, site_name="Ocean of Storms")
    assert stored(mission) == {"citation_count": 1, "search_text": "luna 9 ocean of storms"}

    citation.delete()
    mission.landings.all().delete()
    assert stored(mission) == {"citation_count": 0, "search_text": "luna 9"}


def test_the_object_at_hand_is_brought_up_to_date_too():
    mission = make.make_mission(cited=False)

    make.cite(mission, "launch")

    assert mission.citation_count == 1


def test_a_part_that_moves_changes_both_records():
    one, other = make.make_mission(name="One"), make.make_mission(name="Other")
    craft = make.make_spacecraft(one, name="Rover")

    craft.mission = other
    craft.save()

    assert "rover" not in stored(one)["search_text"]
    assert "rover" in stored(other)["search_text"]


def test_a_raw_load_is_seen():
    mission = make.make_mission(name="Luna 9")
    make.make_spacecraft(mission, name="Lander")
    fixture = serializers.serialize("json", Spacecraft.objects.all(), use_natural_foreign_keys=True)
    Spacecraft.objects.all().delete()

    for row in serializers.deserialize("json", fixture.replace("Lander", "Capsule")):
        row.save()

    assert stored(mission)["search_text"] == "luna 9 capsule"


def test_a_record_goes_with_all_its_parts_and_citations():
    mission = make.make_mission()
    make.cite(make.make_event(mission), "date")

    mission.delete()

    assert not Mission.objects.exists()


def test_postponed_derives_each_record_once_at_the_end(refreshed):
    mission = make.make_mission(cited=False)
    refreshed.clear()

    with postponed():
        for _ in range(3):
            make.make_event(mission)
            make.cite(mission, "launch")
        assert refreshed == []
        assert stored(mission)["citation_count"] == 0

    assert refreshed.count(mission) == 1
    assert stored(mission)["citation_count"] == 3


def test_postponed_derives_many_records_in_as_many_queries_as_few(queries_of):
    def save(missions):
        with postponed():
            for mission in missions:
                mission.save()

    missions = [make.make_mission() for _ in range(12)]

    def derived_in(number):
        return queries_of(partial(save, missions[:number])) - number * queries_of_a_save

    with postponed():
        queries_of_a_save = queries_of(missions[0].save)

    assert derived_in(12) == derived_in(2)


def test_postponed_leaves_out_what_was_deleted_meanwhile(refreshed):
    mission = make.make_mission()
    refreshed.clear()

    with postponed():
        mission.save()
        mission.delete()

    assert mission not in refreshed


def test_postponed_does_nothing_after_a_failure(refreshed):
    mission = make.make_mission()
    refreshed.clear()

    def fail():
        with postponed():
            mission.save()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert refreshed == []
    mission.save()
    assert refreshed == [mission]


def test_a_change_is_told_once_with_all_that_it_touches(told):
    mission, source = make.make_mission(), make.make_source()
    told.clear()

    citation = make.cite(mission, "launch", source)
    assert told == [{Mission: {mission.pk}, Source: {source.pk}}]
    told.clear()

    citation.source = make.make_source()
    citation.save()
    assert told[-1] == {Mission: {mission.pk}, Source: {source.pk, citation.source.pk}}


def test_a_part_is_told_with_its_record_and_the_sources_cited_for_it(told):
    landing, source = make.make_landing(), make.make_source()
    make.cite(landing, "date", source)
    told.clear()

    landing.save()

    assert told == [{Mission: {landing.mission.pk}, Source: {source.pk}}]


def test_a_deletion_is_told(told):
    mission = make.make_mission()
    pk, told[:] = mission.pk, []

    mission.delete()

    assert any(pk in changed.get(Mission, ()) for changed in told)


def test_what_is_gathered_is_told_once_at_the_end(told):
    one, other = make.make_mission(), make.make_mission()
    told.clear()

    with gathered():
        with postponed():
            one.save()
            other.delete()
        announce(Source, {7})
        assert told == []

    [changed] = told
    assert {one.pk} <= changed[Mission]
    assert 7 in changed[Source]


def test_nothing_is_told_after_a_failure(told):
    mission = make.make_mission()
    told.clear()

    def fail():
        with gathered():
            mission.save()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert told == []


def test_refresh_tells_what_was_wrong_and_mends_it():
    mission = make.make_mission(name="Luna 9", cited=False)
    MissionCitation.objects.bulk_create(
        [MissionCitation(subject=mission, source=make.make_source(), field="launch")]
    )
    Mission.objects.filter(pk=mission.pk).update(search_text="nonsense")

    assert refresh(mission) == {"citation_count": (0, 1), "search_text": ("nonsense", "luna 9")}
    assert refresh(mission) == {}


def test_a_row_that_is_not_stored_has_nothing_to_compare():
    source = make.make_source()
    Source.objects.all().delete()

    assert compare(source) == {}


@several_writers
@pytest.mark.django_db(transaction=True)
def test_citations_saved_at_the_same_moment_are_all_counted():
    mission = make.make_mission(cited=False)

    def cite(field):
        make.cite(Mission.objects.get(pk=mission.pk), field)

    with in_background() as start:
        first = Unfinished(start, lambda: cite("launch"))
        second = start(cite, "name")
        assert waits(second)
        first.commit()

    assert stored(mission)["citation_count"] == 2


@several_writers
@pytest.mark.django_db(transaction=True)
def test_what_was_saved_in_the_meantime_is_found():
    mission = make.make_mission(name="Luna 9")
    seen_before = Mission.objects.get(pk=mission.pk)

    def rename():
        mission.name = "Lunnik"
        mission.save()

    with in_background() as start:
        first = Unfinished(start, rename)
        second = start(lambda: seen_before.landings.create(kind="soft"))
        assert waits(second)
        first.commit()
        second.result()

    assert stored(mission)["search_text"].startswith("lunnik")
    assert seen_before.search_text == stored(mission)["search_text"]
