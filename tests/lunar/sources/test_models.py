"""What citations do to records, and what the database itself refuses."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from lunar.sources.models import Citation, Source
from lunar.sources.models.record import Absence
from missions.models import Mission, MissionCitation
from tests import factories as make

pytestmark = pytest.mark.django_db


def is_public(record):
    return type(record).objects.public().filter(pk=record.pk).exists()


# Records: who sees them


def test_a_published_record_with_a_citation_is_public():
    assert is_public(make.make_mission())


@pytest.mark.parametrize("fields", [{"state": "draft"}, {"cited": False}])
def test_a_draft_or_uncited_record_is_not_public(fields):
    assert not is_public(make.make_mission(**fields))


def test_a_citation_that_only_disputes_publishes_nothing():
    mission = make.make_mission(cited=False)

    make.cite(mission, "launch", stance="disputes", stated_value="1970")

    assert not is_public(mission)


def test_no_way_of_writing_publishes_a_record_without_a_citation():
    mission = make.make_mission(state="draft", cited=False)

    Mission.objects.filter(pk=mission.pk).update(state="published")
    Mission.objects.bulk_create(
        [Mission(slug="bulk", outcome="success", no_cospar_reason="no_orbit", state="published")]
    )

    assert not Mission.objects.public().exists()


def test_a_record_whose_last_citation_goes_is_not_public_any_more():
    mission = make.make_mission()

    mission.citations.get().delete()

    assert not is_public(mission)


def test_a_record_whose_last_citation_moves_away_is_not_public_any_more():
    mission, other = make.make_mission(), make.make_mission(cited=False)
    citation = mission.citations.get()

    citation.subject = other
    citation.save()

    assert not is_public(mission)
    assert is_public(other)


# Citations


def test_a_citation_that_disputes_must_state_a_value():
    mission = make.make_mission()

    with pytest.raises(IntegrityError, match="missioncitation_dispute_states_value"):
        make.cite(mission, "launch", stance="disputes", stated_value="")


def test_a_source_is_cited_once_for_one_value():
    mission, source = make.make_mission(), make.make_source()
    make.cite(mission, "launch", source)

    with pytest.raises(IntegrityError), transaction.atomic():
        make.cite(mission, "launch", source)

    make.cite(mission, "launch", source, stance="disputes", stated_value="1970")
    make.cite(mission, "launch", source, stance="disputes", stated_value="1971")
    make.cite(mission, "outcome", source)


@pytest.mark.parametrize("model", Citation.concrete_models(), ids=lambda model: model.__name__)
def test_every_citation_table_has_both_rules(model):
    names = {constraint.name for constraint in model._meta.constraints}
    prefix = f"{model._meta.app_label}_{model._meta.model_name}"

    assert {f"{prefix}_once", f"{prefix}_dispute_states_value"} <= names


@pytest.mark.parametrize("model", Citation.concrete_models(), ids=lambda model: model.__name__)
def test_every_cited_field_has_a_label_and_a_value(model):
    subject = model.subject_model()

    for name in subject.CITED_FIELDS:
        assert subject.field_label(name)[0].isupper()
        assert hasattr(subject, name) or name in {"position"}


def test_a_citation_speaks_of_a_field_that_its_subject_has():
    citation = MissionCitation(subject=make.make_mission(), field="colour", source_id=1)

    with pytest.raises(ValidationError, match="“colour” is not cited here"):
        citation.clean()


def test_a_cited_source_cannot_be_deleted():
    source = make.make_source()
    make.cite(make.make_mission(), "launch", source)

    with pytest.raises(ProtectedError):
        source.delete()


def test_citations_go_with_their_record():
    mission = make.make_mission()
    make.cite(make.make_landing(mission), "date")

    mission.delete()

    assert not any(model.objects.exists() for model in Citation.concrete_models())


@pytest.mark.parametrize(
    ("make_subject", "field", "label", "address"),
    [
        (make.make_mission, "", "The record as a whole", "/missions/x/"),
        (make.make_mission, "cospar_id", "COSPAR id", "/missions/x/#cospar_id"),
        (make.make_landing, "", "Soft landing, X", "/missions/x/#landing-1"),
        (
            make.make_landing,
            "position",
            "Soft landing, X: position",
            "/missions/x/#landing-1-position",
        ),
        (make.make_event, "title", "Touch-down: title", "/missions/x/#missionevent-1"),
        (
            make.make_sample_return,
            "mass_g",
            "Samples of X: mass (g)",
            "/missions/x/#samplereturn-mass_g",
        ),
    ],
)
def test_a_citation_names_its_value_and_knows_its_place(make_subject, field, label, address):
    mission = make.make_mission(slug="x", name="X", cited=False)
    fields = {"title": "Touch-down"} if make_subject is make.make_event else {}
    subject = mission if make_subject is make.make_mission else make_subject(mission, **fields)

    citation = make.cite(subject, field)

    assert citation.subject_label == label
    assert citation.get_absolute_url() == address


def test_a_citation_of_a_figure_leads_to_the_figure():
    figure = make.make_figure(slug="total")

    assert make.cite(figure, "value").get_absolute_url() == "/missions/samples/#total"


def test_a_citation_tells_what_the_record_has():
    mission = make.make_mission(launch="1970~", programme=make.make_programme())

    assert make.cite(mission, "launch").value_in_record == "about 1970"
    assert make.cite(mission, "outcome").value_in_record == "Success"
    assert make.cite(mission, "programme").value_in_record == ""
    assert make.cite(make.make_sample_return(mission), "mass_g").value_in_record == "1,731 g"


def test_citations_are_found_by_their_natural_key():
    citation = make.cite(make.make_landing(), "date", stance="disputes", stated_value="1970")

    assert type(citation).objects.get_by_natural_key(*citation.natural_key()) == citation


# Kinds of nothing


def test_a_blank_value_has_not_been_researched_unless_it_is_said():
    mission = Mission(absent_values={"launch": "unknown"})

    assert mission.absence("launch") is Absence.UNKNOWN
    assert mission.absence("ended") is Absence.NOT_RESEARCHED


@pytest.mark.parametrize(
    ("absent", "message"),
    [
        ({"colour": "unknown"}, "“colour: unknown” is not a value of this record"),
        ({"ended": "forgotten"}, "“ended: forgotten” is not a value of this record"),
        ({"launch": "unknown"}, "“Launch” has a value, so it cannot be missing as well"),
        (["launch"], "This must name fields"),
    ],
)
def test_only_a_blank_value_is_missing_in_one_of_four_ways(absent, message):
    with pytest.raises(ValidationError, match=message):
        Mission(launch="1970", absent_values=absent).clean()


# Search text


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("chang'e", True),
        ("CHANGE 5", True),
        ("5 change", True),
        ("嫦娥", True),
        ("2020 087a", True),
        ("change 6", False),
        ("", True),
        ("%", False),
        ("!?", False),
    ],
)
def test_a_record_matches_every_word_in_any_spelling(words, found):
    make.make_mission(name="Chang’e-5", native_name="嫦娥五号", cospar_id="2020-087A")

    assert Mission.objects.matching(words).exists() == found


def test_a_record_is_found_by_its_parts_as_they_are_now():
    mission = make.make_mission()
    craft = make.make_spacecraft(mission, name="Yutu")
    assert Mission.objects.matching("yutu").exists()

    craft.name = "Jade Rabbit"
    craft.save()
    assert Mission.objects.matching("jade rabbit").exists()
    assert not Mission.objects.matching("yutu").exists()

    craft.delete()
    assert not Mission.objects.matching("jade").exists()


def test_a_mission_is_found_by_its_crew_as_they_are_named_now():
    person = make.make_person(name="Buzz")
    make.make_crew_member(make.make_mission(name="Apollo 11"), person)
    assert Mission.objects.matching("buzz apollo").exists()

    person.name = "Edwin"
    person.save()

    assert Mission.objects.matching("edwin apollo").exists()
    assert not Mission.objects.matching("buzz").exists()


def test_a_mission_is_not_found_by_the_name_of_a_draft():
    make.make_crew_member(make.make_mission(), make.make_person(name="Nobody", state="draft"))

    assert not Mission.objects.matching("nobody").exists()


# Sources


def test_a_source_is_seen_when_something_public_rests_on_it():
    seen, unseen, uncited = make.make_source(), make.make_source(), make.make_source()
    make.cite(make.make_mission(), "launch", seen)
    make.cite(make.make_mission(state="draft"), "launch", unseen)
    make.cite(make.make_landing(make.make_mission(state="draft")), "date", unseen)

    public = set(Source.objects.public())

    assert seen in public
    assert not public & {unseen, uncited}


def test_a_source_counts_only_what_is_public():
    source = make.make_source()
    make.cite(make.make_mission(), "launch", source)
    make.cite(make.make_act(), "date", source, stance="disputes", stated_value="1970")
    make.cite(make.make_mission(state="draft"), "launch", source)

    assert Source.objects.get(pk=source.pk).cited_by == 2


def test_a_source_knows_what_rests_on_it_by_record():
    source = make.make_source()
    mission = make.make_mission(name="Luna 16")
    launch = make.cite(mission, "launch", source)
    landing = make.cite(make.make_landing(mission), "date", source)
    make.cite(make.make_mission(state="draft"), "launch", source)

    assert source.citations_by_record() == [(mission, [launch, landing])]


def test_an_address_belongs_to_one_source():
    make.make_source(url="https://example.org/page")
    make.make_source(url="")
    make.make_source(url="")

    with pytest.raises(IntegrityError):
        make.make_source(url="https://example.org/page")


@pytest.mark.parametrize("words", ["paper lune", "moon", "EXAMPLE.ORG/lune"])
def test_a_source_is_found_by_title_publisher_and_address(words):
    make.make_source(
        title="La Lune", title_english="The Moon", publisher="Paper", url="https://example.org/lune"
    )

    assert Source.objects.matching(words).exists()
