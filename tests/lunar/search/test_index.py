"""The index follows the record: what is public is found at once, what is not public never."""

import pytest
from django.core.management import call_command
from django.db.migrations.recorder import MigrationRecorder
from django.urls import reverse

from diplomacy.models import Act
from lunar.canonical.loader import load
from lunar.search.documents import kinds
from lunar.search.fields import MOST_INDEXED
from lunar.search.index import catch_up, rebuild
from lunar.search.models import Entry, NameWord
from lunar.search.results import search, suggestions
from lunar.sources.derivation import derived_models, postponed, refresh
from lunar.sources.models import Source
from missions.models import Mission
from tests import factories as make
from tests.lunar.canonical.sample import sample, write_fixtures
from tests.webforms import form_fields

pytestmark = pytest.mark.django_db

MAKERS = {
    "agreement": (make.make_agreement, "name"),
    "country": (make.make_country, "name"),
    "figure": (make.make_figure, "name"),
    "mission": (make.make_mission, "name"),
    "organization": (make.make_organization, "name"),
    "person": (make.make_person, "name"),
    "practice": (make.make_practice, "name"),
    "programme": (make.make_programme, "name"),
    "transfer": (make.make_transfer, "title"),
    "transferseries": (make.make_series, "name"),
}


def is_told_of(words):
    """Return whether any answer of the search betrays that something has these words."""
    results = search(words)
    mistyped = search(words[:-1] + words[-2])
    return bool(
        results.total
        or results.facets
        or results.did_you_mean
        or suggestions(words)
        or words in mistyped.did_you_mean.lower()
    )


def test_every_kind_of_record_is_searched():
    assert {kind.model for kind in kinds().values()} == set(derived_models())


@pytest.mark.parametrize("name", MAKERS)
def test_a_record_is_found_by_its_name_and_leads_to_its_page(name):
    maker, field = MAKERS[name]
    record = maker(**{field: "Selenographia"})

    [found] = search("selenographia").found

    assert found.name == "<mark>Selenographia</mark>"
    assert found.kind == kinds()[name].singular
    assert found.url == record.get_absolute_url()


@pytest.mark.parametrize("name", MAKERS)
def test_a_draft_is_told_of_by_nothing(name):
    maker, field = MAKERS[name]
    maker(**{field: "Selenographia"}, state="draft")

    assert not is_told_of("selenographia")


@pytest.mark.parametrize("name", MAKERS)
def test_a_record_that_stops_being_public_is_told_of_no_more(name):
    maker, field = MAKERS[name]
    record = maker(**{field: "Selenographia"})
    assert is_told_of("selenographia")

    record.state = "draft"
    record.save()
    assert not is_told_of("selenographia")

    record.state = "published"
    record.save()
    assert is_told_of("selenographia")

    record.citations.all().delete()
    assert not is_told_of("selenographia")


@pytest.mark.parametrize("name", MAKERS)
def test_a_record_that_is_deleted_or_renamed_is_told_of_no_more(name):
    maker, field = MAKERS[name]
    record = maker(**{field: "Selenographia"})

    setattr(record, field, "Cosmographia")
    record.save()
    assert not is_told_of("selenographia")
    assert is_told_of("cosmographia")

    record.delete()
    assert not is_told_of("cosmographia")
    assert not Entry.objects.filter(kind=name).exists()


def test_a_name_written_otherwise_is_shown_so_at_once():
    mission = make.make_mission(name="Luna-9")

    mission.name = "Luna 9"  # the same words
    mission.save()

    assert search("luna").found[0].name == "<mark>Luna</mark> 9"


def test_a_source_is_found_while_something_public_rests_on_it():
    source = make.make_source(title="Selenographia")
    assert not is_told_of("selenographia")

    mission = make.make_mission()
    citation = make.cite(mission, "launch", source)
    assert is_told_of("selenographia")

    mission.state = "draft"
    mission.save()
    assert not is_told_of("selenographia")

    mission.state = "published"
    mission.save()
    citation.source = make.make_source()
    citation.save()
    assert not is_told_of("selenographia")

    make.cite(make.make_landing(mission), "date", source)
    assert is_told_of("selenographia")
    mission.delete()
    assert not is_told_of("selenographia")


def test_a_source_for_the_crew_is_found_while_the_person_is_public():
    source = make.make_source(title="Selenographia")
    person, draft = make.make_person(), make.make_person(state="draft")
    member = make.make_crew_member(person=person)
    make.cite(member, "role", source)
    assert is_told_of("selenographia")

    person.state = "draft"
    person.save()
    assert not is_told_of("selenographia")

    person.state = "published"
    person.save()
    member.person = draft
    member.save()
    assert not is_told_of("selenographia")


def test_a_source_for_a_part_follows_it_to_another_record():
    source = make.make_source(title="Selenographia")
    landing = make.make_landing()
    make.cite(landing, "date", source)
    assert is_told_of("selenographia")

    landing.mission = make.make_mission(state="draft")
    landing.save()

    assert not is_told_of("selenographia")


def test_a_record_is_found_through_public_records_only():
    giver, recipient = make.make_country(name="Selenia"), make.make_country(name="Cosmia")
    transfer = make.make_transfer(title="A stone", giver=giver, recipient=recipient)
    mission = make.make_mission(name="Zond 9")
    person = make.make_person(name="Ada Lovelace")
    make.make_crew_member(mission, person)

    def found(words, kind):
        return [one.url for one in search(words, kind).found]

    assert found("selenia", "transfer") == [transfer.get_absolute_url()]
    assert found("lovelace", "mission") == [mission.get_absolute_url()]

    giver.name = "Lunaria"
    giver.save()
    person.state = "draft"
    person.save()

    assert found("selenia", "transfer") == []
    assert found("lunaria", "transfer") == [transfer.get_absolute_url()]
    assert not is_told_of("lovelace")


def test_a_record_is_found_by_its_parts():
    mission = make.make_mission(name="Zond 9")
    make.make_spacecraft(mission, name="Yutu (rover)", name_meaning="Jade Rabbit")
    make.make_event(mission, title="Opened a parachute")
    make.make_landing(mission, site_name="Statio Tianhe")
    transfer = make.make_transfer(title="A stone")
    make.make_act(transfer, kind=Act.Kind.REFUSED, quoted_reason="for reasons known to all")
    make.make_act(
        transfer, kind=Act.Kind.CONFIRMED, place="Musée de la Paix", note="Seen by chance"
    )

    for words in ("yutu", "jade rabbit", "parachute", "statio tianhe"):
        assert search(words, "mission").found[0].url == mission.get_absolute_url(), words
    for words in ("reasons known to all", "musee paix", "by chance"):
        assert search(words, "transfer").found[0].url == transfer.get_absolute_url(), words


def test_a_part_that_goes_takes_its_words_along():
    mission = make.make_mission()
    craft = make.make_spacecraft(mission, name="Selenographia")
    assert is_told_of("selenographia")

    craft.delete()

    assert not is_told_of("selenographia")
    assert not NameWord.objects.filter(word="selenographia").exists()


def test_a_word_of_names_is_kept_as_long_as_one_name_has_it():
    one, other = make.make_mission(name="Zond 9"), make.make_mission(name="Zond 10")

    one.delete()
    assert NameWord.objects.filter(word="zond").exists()

    other.delete()
    assert not NameWord.objects.filter(word="zond").exists()


def test_many_changes_at_once_are_followed_at_their_end():
    with postponed():
        for number in range(3):
            make.make_mission(name=f"Zond {number}")
        assert search("zond").total == 0

    assert search("zond").total == 3


def test_more_changes_than_are_followed_rebuild_the_index(monkeypatch):
    monkeypatch.setattr("lunar.search.index.MOST_FOLLOWED", 2)
    gone = make.make_mission(name="Zond 8")

    with postponed():
        gone.delete()
        make.make_mission(name="Zond 9")

    assert [one.name for one in search("zond").found] == ["<mark>Zond</mark> 9"]


def test_rebuilding_mends_whatever_was_written_past_the_signals():
    hidden, shown = make.make_mission(name="Zond 1"), make.make_mission(name="Zond 2", cited=False)
    Mission.objects.filter(pk=hidden.pk).update(state="draft")
    Mission.objects.filter(pk=shown.pk).update(citation_count=1)

    rebuild()

    assert [one.name for one in search("zond").found] == ["<mark>Zond</mark> 2"]


def test_a_load_of_the_record_is_followed(tmp_path):
    """The load writes past all signals, and takes out what the fixtures no longer have."""
    rows = sample()
    load(write_fixtures(tmp_path / "fixtures", rows))
    assert search("neil armstrong", "person").total == 1
    assert search("france").total == 0  # a draft

    rows["agreements"][0]["name"] = "Selenographia"
    gone = rows["agreements"][0]["slug"]
    load(write_fixtures(tmp_path / "fixtures", rows))
    assert search("selenographia").total == 1

    for name in ("agreements", "agreement_citations", "adherences", "adherence_citations"):
        rows[name] = [row for row in rows[name] if gone not in str(row)]
    load(write_fixtures(tmp_path / "fixtures", rows))
    assert not is_told_of("selenographia")


def test_refresh_after_a_bulk_change_is_followed():
    mission = make.make_mission(name="Zond 1")
    Mission.objects.filter(pk=mission.pk).update(name="Luna 99")

    refresh(Mission.objects.get())

    assert search("luna").total == 1
    assert search("zond").total == 0


def test_an_entry_that_says_the_same_is_not_written_again():
    make.make_mission(name="Zond 1")
    Entry.objects.update(texts="as it was")

    rebuild()

    assert set(Entry.objects.values_list("texts", flat=True)) == {"as it was"}


def test_a_migration_brings_the_index_up_to_date():
    mission = make.make_mission(name="Zond 1")
    Entry.objects.all().delete()
    assert search("zond").total == 0

    catch_up(plan=[("a migration", False)])

    assert search("zond").found[0].url == mission.get_absolute_url()


def test_migrating_without_a_migration_leaves_the_index_alone(monkeypatch):
    monkeypatch.setattr("lunar.search.index.rebuild", lambda: pytest.fail("Nothing changed."))

    call_command("migrate", verbosity=0)


@pytest.mark.parametrize("app", ["search", "sources"])
def test_a_database_with_a_migration_left_to_do_is_left_alone(monkeypatch, app):
    make.make_mission(name="Zond 1")
    MigrationRecorder.Migration.objects.filter(app=app).order_by("-name")[0].delete()
    monkeypatch.setattr("lunar.search.index.rebuild", lambda: pytest.fail("Too early."))

    catch_up()


@pytest.mark.parametrize("beyond", [-1, 0, 1])
def test_of_a_text_without_end_the_first_words_are_indexed(beyond):
    before = MOST_INDEXED - len("zond 1".split()) + beyond - 1
    make.make_mission(name="Zond 1", result="moon " * before + "selenographia")

    assert bool(search("selenographia").total) == (beyond <= 0)
    assert search("moon zond").total == 1


def test_a_save_takes_the_same_number_of_queries_however_large_the_index(queries_of):
    mission = make.make_mission(name="Zond 1")
    few = queries_of(mission.save)

    with postponed():
        for _ in range(20):
            make.make_mission(name="Zond")

    assert queries_of(mission.save) == few


def test_the_editors_see_a_save_in_the_search_at_once(editor_client, client):
    source = make.make_source(title="Selenographia")
    make.cite(make.make_mission(), "launch", source)

    page = reverse("admin:sources_source_change", args=[source.pk])
    fields = form_fields(editor_client.get(page)) | {"title": "Cosmographia", "language": "la"}

    response = editor_client.post(page, fields)

    assert response.status_code == 302, response.context["errors"]
    assert Source.objects.get(pk=source.pk).title == "Cosmographia"
    assert 'lang="la"' in client.get("/search/", {"q": "cosmographia"}).content.decode()
    assert not is_told_of("selenographia")
