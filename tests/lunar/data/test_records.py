"""The public record as plain data: everything that is public, and nothing else."""

import json

import pytest

from lunar.data.names import name_columns
from lunar.data.records import public_models, public_records
from lunar.data.tables import kinds
from lunar.sources.models import Source
from missions.models import Mission
from tests.factories import (
    cite,
    make_act,
    make_country,
    make_crew_member,
    make_landing,
    make_mission,
    make_organization,
    make_person,
    make_programme,
    make_sample_return,
    make_source,
    make_spacecraft,
    make_transfer,
)

pytestmark = pytest.mark.django_db


def data_of(record, **options):
    [found] = public_records(type(record), [record.pk], **options)
    return found


def test_a_record_has_its_values_under_the_names_of_the_fixtures():
    mission = make_mission(
        slug="luna-16", name="Luna 16", launch="1970-09-12", launch_mass_kg="5725.50"
    )

    data = data_of(mission, absolute=lambda path: f"https://moon.example{path}")

    assert data["type"] == "mission"
    assert (data["id"], data["name"]) == ("luna-16", "Luna 16")
    assert data["page"] == "https://moon.example/missions/luna-16/"
    assert (data["launch"], data["launch_mass_kg"]) == ("1970-09-12", 5725.5)
    assert "state" not in data
    json.dumps(data)


def test_what_it_refers_to_is_named():
    china = make_country(code="CN", name="China")
    mission = make_mission(programme=make_programme(slug="chang-e"), countries=[china])

    data = data_of(mission)

    assert data["programme"]["id"] == "chang-e"
    assert data["countries"] == [{"id": "CN", "name": "China", "page": "/diplomacy/countries/CN/"}]


def test_parts_come_along_with_their_evidence():
    mission = make_mission()
    craft = make_spacecraft(mission, name="Yutu")
    landing = make_landing(mission, spacecraft=craft, longitude="177.6")
    cite(landing, "date", source=make_source(slug="paper"), locator="p. 4")
    make_sample_return(mission, mass_g="1935.3")

    data = data_of(mission)

    [part] = data["landings"]
    assert part["anchor"] == "landing-1"
    assert part["side"] == "far"
    assert part["spacecraft"] == {"anchor": "spacecraft-1", "name": "Yutu"}
    [citation] = part["citations"]
    assert (citation["field"], citation["locator"]) == ("date", "p. 4")
    assert citation["source"]["id"] == "paper"
    assert data["sample_return"]["mass_g"] == 1935.3
    assert data["crew"] == []


def test_what_follows_from_acts_is_there():
    france = make_country(code="FR")
    transfer = make_transfer()
    make_act(transfer, kind="given", date="1978", to_country=france)

    data = data_of(transfer)

    assert (data["status"], data["date"]) == ("given", "1978")
    assert data["holder_country"]["id"] == "FR"
    assert [act["kind"] for act in data["acts"]] == ["given"]


def test_nothing_names_what_is_not_public():
    secret = make_organization(name="zugzwang", state="draft")
    mission = make_mission(
        operators=[secret], programme=make_programme(name="zugzwang", state="draft")
    )
    member = make_crew_member(mission, make_person(name="zugzwang", state="draft"))
    cite(member, "role", source=make_source(title="Known"))
    transfer = make_transfer(giver=make_country(), giver_organization=secret)

    for record in (mission, transfer):
        data = data_of(record)
        assert "zugzwang" not in json.dumps(data)
        assert secret.slug not in json.dumps(data)
    assert data_of(mission)["crew"] == []


def test_a_record_that_is_not_public_is_left_out():
    draft, mission = make_mission(state="draft"), make_mission(slug="luna-16")

    assert [data["id"] for data in public_records(Mission, [draft.pk, mission.pk])] == ["luna-16"]


def test_records_come_in_the_order_asked_for():
    missions = [make_mission() for _ in range(3)]
    asked = [missions[2].pk, missions[0].pk, missions[1].pk]

    found = public_records(Mission, asked)

    assert [data["id"] for data in found] == [
        missions[2].slug,
        missions[0].slug,
        missions[1].slug,
    ]


def test_many_records_take_as_many_queries_as_one(queries_of):
    def make():
        mission = make_mission(programme=make_programme(), countries=[make_country()])
        cite(make_landing(mission), "date")
        return mission.pk

    pks = [make()]
    one = queries_of(lambda: public_records(Mission, pks))
    pks += [make() for _ in range(4)]

    assert queries_of(lambda: public_records(Mission, pks)) == one


@pytest.mark.parametrize("model", kinds(), ids=lambda model: model.__name__)
def test_a_record_is_named_by_the_column_that_its_text_shows(model):
    key, name = name_columns(model)

    assert str(model(**{key: "moon", name: "The Moon"})) == "The Moon"


def test_every_kind_of_record_has_public_data():
    assert Source in public_models()
    source = make_source(title="A page")
    cite(make_mission(), source=source)
    assert data_of(source)["title"] == "A page"
