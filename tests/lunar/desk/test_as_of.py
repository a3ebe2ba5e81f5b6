"""A record as it stood: put together from a revision, it is what a page would have been given."""

from datetime import UTC, date, datetime

import pytest
from django.db import models

from lunar.desk.as_of import NotPublicThenError, as_of
from lunar.desk.history import Way, recording
from lunar.desk.models import Revision
from lunar.sources.models import Source
from tests import factories as make
from tests.world import make_world

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 1)


def change(record, change_it=lambda: None):
    """Record what `change_it` does; all that was kept of the record before is of DAY then."""
    with recording(None, "As the source says.", Way.COMMAND):
        change_it()
        record.save()
    latest = Revision.objects.of(record).first()
    earlier = Revision.objects.of(record).exclude(pk=latest.pk)
    earlier.update(made_at=datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC))


def then(record):
    return as_of(type(record).objects.get(pk=record.pk), DAY).record


def columns(one):
    """Return {column: value} of an object, without its keys."""
    return {
        field.name: getattr(one, field.attname)
        for field in one._meta.concrete_fields
        if not field.primary_key and not field.is_relation
    }


def test_what_has_not_changed_is_as_it_is_now():
    world = make_world()
    for present in world.record_pages:
        if isinstance(present, Source):
            continue
        field = next(f for f in present._meta.fields if isinstance(f, models.CharField) and f.blank)
        change(present, lambda one=present, f=field: setattr(one, f.name, "Changed"))
        change(present, lambda one=present, f=field: setattr(one, f.name, ""))
        present = type(present).objects.get(pk=present.pk)
        setattr(present, field.name, getattr(then(present), field.name))

        assert columns(then(present)) == columns(present)


def test_parts_and_their_evidence_are_those_of_then():
    act = make.make_act(kind="given", date="1978", place="Beijing")
    transfer, source = act.transfer, make.cite(act, "date", quote="in 1978").source

    def correct():
        act.delete()
        make.make_act(transfer, kind="lent", date="1979")

    change(transfer, correct)

    [stood] = then(transfer).acts.all()
    assert (stood.kind, stood.date, stood.place) == ("given", "1978", "Beijing")
    assert stood.transfer == transfer
    # The source of the act that is gone is not public any more, so it has no name here.
    assert list(stood.citations.all()) == []

    make.cite(transfer, source=source)
    [stood] = then(transfer).acts.all()
    [citation] = stood.citations.all()
    assert (citation.quote, citation.source, citation.subject) == ("in 1978", source, stood)


def test_evidence_that_is_left_out_is_told():
    mission = make.make_mission()
    source = make.cite(mission, "launch").source
    change(mission, lambda: mission.citations.filter(source=source).get().delete())

    past = as_of(mission, DAY)

    assert past.lacks_evidence
    assert source not in {citation.source for citation in past.record.citations.all()}
    make.cite(make.make_person(), source=source)
    assert not as_of(mission, DAY).lacks_evidence


def test_status_holder_and_place_follow_from_the_acts_of_then():
    museum = make.make_organization(name="Museum")
    transfer = make.make_act(kind="given", date="1978").transfer
    shown = make.make_act(
        transfer, kind="displayed", date="1980", to_organization=museum, place="Hall"
    )
    change(transfer, lambda: make.make_act(transfer, kind="stolen", date="1990"))
    transfer.refresh_from_db()

    stood = then(transfer)

    assert (transfer.status, stood.status) == ("stolen", "on_display")
    assert (stood.holder, stood.place, stood.last_confirmed) == (museum, "Hall", shown.date)


def test_a_dispute_of_then_disputes_the_status_of_then():
    transfer = make.make_act(kind="given").transfer
    dispute = make.cite(transfer.acts.get(), stance="disputes", stated_value="Never given")
    change(transfer, dispute.delete)
    make.cite(transfer, source=dispute.source)

    assert then(transfer).status_is_disputed
    assert not type(transfer).objects.get(pk=transfer.pk).status_is_disputed


def test_parts_come_in_the_order_of_their_dates():
    transfer = make.make_transfer()
    for number, day in enumerate(["", "1990", "1978", "../1978", "1973~"], 1):
        make.make_act(transfer, number=number, date=day)
    stored = [act.number for act in transfer.acts.all()]
    change(transfer, lambda: setattr(transfer, "occasion", "A visit"))

    assert [act.number for act in then(transfer).acts.all()] == stored == [5, 3, 4, 2, 1]


def test_links_to_other_records_are_those_of_then():
    one, other = make.make_country(name="China"), make.make_country(name="France")
    body = make.make_organization()
    mission = make.make_mission(countries=[other, one], operators=[body])
    change(mission, lambda: (mission.countries.set([one]), mission.operators.clear()))

    stood = then(mission)

    assert list(stood.countries.all()) == [one, other]
    assert list(stood.countries.public()) == [one, other]
    assert list(stood.operators.all()) == [body]


def test_other_records_are_as_they_are_now():
    programme = make.make_programme(name="Chang'e")
    mission = make.make_mission(programme=programme)
    change(mission, lambda: setattr(mission, "aim", "To land."))
    type(programme).objects.update(name="Chang'e programme")

    assert then(mission).programme.name == "Chang'e programme"


def test_a_part_that_names_somebody_who_is_not_public_is_left_out():
    mission = make.make_mission()
    seen, gone = (make.make_crew_member(mission) for _ in range(2))
    make.cite(gone)
    change(mission, lambda: setattr(mission, "aim", "To land."))
    type(gone.person).objects.filter(pk=gone.person.pk).update(state="withdrawn")

    assert [member.person for member in then(mission).crew.all()] == [seen.person]


def test_a_reference_to_what_is_gone_is_blank():
    earlier = make.make_transfer()
    transfer = make.make_transfer(reciprocates=earlier)
    change(transfer, lambda: setattr(transfer, "reciprocates", None))
    earlier.delete()

    assert then(transfer).reciprocates is None


@pytest.mark.parametrize(("longitude", "side"), [("-51.9", "near"), ("177.6", "far"), (None, "")])
def test_the_side_of_a_landing_is_that_of_its_position_then(longitude, side):
    place = {"latitude": None, "longitude": None} if longitude is None else {"longitude": longitude}
    landing = make.make_landing(**place)

    def move():
        landing.latitude, landing.longitude = (0, -120) if side == "near" else (0, 10)
        landing.save()

    change(landing.mission, move)

    [stood] = then(landing.mission).landings.all()
    assert stood.side == side != type(landing).objects.get().side


def test_a_landing_keeps_the_craft_of_then_that_is_gone():
    mission = make.make_mission()
    craft = make.make_spacecraft(mission, name="Lander")
    make.make_landing(mission, spacecraft=craft)
    change(mission, craft.delete)

    [landing] = then(mission).landings.all()
    assert landing.spacecraft.name == "Lander"


def test_samples_that_were_added_since_were_not_there():
    mission = make.make_mission()
    change(mission, lambda: make.make_sample_return(mission))

    assert not hasattr(then(mission), "sample_return")
    assert hasattr(type(mission).objects.get(), "sample_return")


def test_the_latest_revision_of_a_day_counts():
    mission = make.make_mission(aim="First.")
    change(mission, lambda: setattr(mission, "aim", "Second."))
    change(mission, lambda: setattr(mission, "aim", "Third."))

    past = as_of(mission, DAY)

    assert (past.revision.number, past.record.aim) == (2, "Second.")


def test_a_day_on_which_it_was_a_draft_says_nothing_of_it():
    mission = make.make_mission(state="draft")
    change(mission, lambda: setattr(mission, "state", "published"))
    [public, *_] = Revision.objects.of(mission)

    with pytest.raises(NotPublicThenError) as refusal:
        as_of(mission, DAY)

    assert refusal.value.withdrawal is None
    assert refusal.value.earliest == public.made_at.date()
