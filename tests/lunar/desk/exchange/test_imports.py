"""What an import changes, and what it refuses: seen in its preview, and once it is confirmed."""

from datetime import date

import pytest

from diplomacy.models import Act, Practice, Transfer
from lunar.desk.exchange import plan as planning
from lunar.desk.exchange.carried import (
    ChangedMeanwhileError,
    confirm,
    preview,
    read_carried,
)
from lunar.desk.exchange.tables import FileError, read_table
from lunar.desk.history import StaleRecordError, latest_revision
from lunar.desk.models import Revision
from lunar.parties.models import Country, Person
from lunar.sources.models import Source
from missions.models import CrewMember, Landing, LandingCitation, Mission
from tests.factories import (
    cite,
    make_act,
    make_country,
    make_crew_member,
    make_landing,
    make_mission,
    make_mission_type,
    make_person,
    make_programme,
    make_source,
    make_spacecraft,
    make_transfer,
    make_user,
)
from tests.lunar.desk.exchange.files import csv_file, xlsx_file

REASON = "As the catalogue says."


def shown(user, model, *rows, make=csv_file):
    """Return the plan that the preview of a file with these rows shows."""
    return preview(user, model, read_table(make(*rows)))[0]


def imported(user, model, *rows):
    """Import a file with these rows as one would: preview, then confirm."""
    plan, carried = preview(user, model, read_table(csv_file(*rows)))
    assert not plan.problems
    return confirm(user, model, read_carried(user, model, carried), REASON)


def differences(plan):
    return [tuple(difference) for change in plan.changes for difference in change.differences]


# What changes


def test_the_preview_shows_every_field_and_writes_nothing(editor):
    mission = make_mission(slug="luna-1", name="Luna 1", launch="1959")
    make_mission(slug="luna-2", name="Luna 2")
    revisions = Revision.objects.count()

    plan = shown(
        editor,
        Mission,
        ["slug", "name", "launch"],
        ["luna-1", "Luna 1, Mechta", "1959-01-02"],
        ["luna-2", "Luna 2", "2020-11-23"],
    )

    assert differences(plan) == [
        ("name", "Luna 1", "Luna 1, Mechta"),
        ("launch", "1959", "1959-01-02"),
    ]
    assert (len(plan.new), len(plan.changed), plan.unchanged) == (0, 1, 1)
    mission.refresh_from_db()
    assert (mission.name, str(mission.launch)) == ("Luna 1", "1959")
    assert Revision.objects.count() == revisions


def test_a_confirmed_import_keeps_one_revision_of_each_record(editor):
    one, other = make_person(), make_person()

    imported(editor, Person, ["slug", "known_for"], [one.slug, "Flew."], [other.slug, "Walked."])

    for person, text in ((one, "Flew."), (other, "Walked.")):
        person.refresh_from_db()
        assert person.known_for == text
        revision = latest_revision(Person, person.slug)
        assert revision.way == Revision.Way.IMPORT
        assert (revision.editor, revision.reason) == (editor, REASON)
        assert revision.rows[0]["fields"]["known_for"] == text


def test_a_missing_column_leaves_and_an_empty_cell_empties(editor):
    mission = make_mission(
        launch_site="Xichang",
        launch_mass_kg="8200",
        aim="To land.",
        programme=make_programme(),
        types=[make_mission_type()],
    )

    imported(
        editor,
        Mission,
        ["slug", "launch_site", "launch_mass_kg", "programme", "types"],
        [mission.slug, "", "", "", ""],
    )

    mission.refresh_from_db()
    assert (mission.launch_site, mission.launch_mass_kg, mission.programme) == ("", None, None)
    assert not mission.types.exists()
    assert mission.aim == "To land."


def test_relations_are_named_by_their_keys(editor):
    chang_e = make_programme(slug="chang-e")
    lander, orbiter = make_mission_type(slug="lander"), make_mission_type(slug="orbiter")
    mission = make_mission(types=[lander])

    imported(
        editor,
        Mission,
        ["slug", "programme", "types"],
        [mission.slug, "chang-e", "orbiter;lander"],
    )

    mission.refresh_from_db()
    assert mission.programme == chang_e
    assert set(mission.types.all()) == {lander, orbiter}


def test_new_records_are_drafts_whatever_the_file_says(editor):
    plan = shown(
        editor, Person, ["slug", "name", "state"], ["wang-yaping", "Wang Yaping", "published"]
    )
    assert [change.is_new for change in plan.changes] == [True]
    [notice] = plan.notices
    assert notice.startswith("The column “state” is left out in row 2: an import never")

    imported(editor, Person, ["slug", "name", "state"], ["wang-yaping", "Wang Yaping", "published"])

    person = Person.objects.get(slug="wang-yaping")
    assert (person.state, person.is_public) == ("draft", False)
    assert latest_revision(Person, "wang-yaping").number == 1


def test_no_state_is_ever_changed(editor):
    public, draft = make_person(), make_person(state="draft")

    plan = shown(
        editor,
        Person,
        ["slug", "state"],
        [public.slug, "withdrawn"],
        [draft.slug, "published"],
    )

    assert not plan.changes
    assert "is left out in rows 2, 3:" in plan.notices[0]


def test_a_part_without_a_number_is_new_and_gets_the_next(editor):
    transfer = make_transfer(slug="loan")
    make_act(transfer, kind="offered")

    imported(
        editor,
        Act,
        ["transfer", "number", "kind", "date"],
        ["loan", "", "lent", "2025"],
        ["loan", "", "returned", "2026"],
        ["loan", "1", "requested", "2024"],
    )

    assert list(transfer.acts.order_by("number").values_list("number", "kind")) == [
        (1, "requested"),
        (2, "lent"),
        (3, "returned"),
    ]
    assert latest_revision(Transfer, "loan").way == Revision.Way.IMPORT
    transfer.refresh_from_db()
    assert transfer.status == "returned"  # it follows from the acts


def test_parts_and_citations_are_known_by_their_record(editor):
    mission = make_mission(slug="luna-2")
    craft = make_spacecraft(mission)
    landing = make_landing(mission, site_name="")
    make_source(slug="nasa")
    citation = cite(landing, "date", make_source(slug="tass"))

    imported(
        editor,
        Landing,
        ["mission", "number", "spacecraft", "site_name"],
        ["luna-2", "1", f"luna-2/{craft.number}", "Palus Putredinis"],
    )
    imported(
        editor,
        LandingCitation,
        ["subject", "field", "source", "stance", "stated_value", "quote"],
        ["luna-2/1", "date", "tass", "supports", "", "reached the Moon"],
        ["luna-2/1", "date", "nasa", "disputes", "1959-09-14", ""],
    )

    landing.refresh_from_db()
    assert (landing.spacecraft, landing.site_name) == (craft, "Palus Putredinis")
    citation.refresh_from_db()
    assert citation.quote == "reached the Moon"
    assert landing.citations.filter(source__slug="nasa", stance="disputes").exists()


def test_rows_may_refer_to_new_rows_of_the_same_file(editor):
    imported(
        editor,
        Practice,
        ["slug", "name", "summary", "follows"],
        ["moon", "Moon diplomacy", "Soil.", "panda"],
        ["panda", "Panda diplomacy", "Bears.", "silk"],
        ["silk", "Silk diplomacy", "Cloth.", ""],
    )

    assert Practice.objects.get(slug="moon").follows.follows.slug == "silk"


def test_new_rows_that_refer_to_each_other_are_told(editor):
    plan = shown(
        editor,
        Practice,
        ["slug", "name", "summary", "follows"],
        ["moon", "Moon", "Soil.", "panda"],
        ["panda", "Panda", "Bears.", "moon"],
    )

    assert [problem[:2] for problem in plan.problems] == [(2, "follows"), (3, "follows")]


def test_a_value_that_is_given_is_no_longer_absent(editor):
    mission = make_mission(
        launch_site="", absent_values={"launch_site": "unknown", "ended": "unknown"}
    )

    plan = shown(editor, Mission, ["slug", "launch_site"], [mission.slug, "Xichang"])

    assert ("absent_values", "ended: unknown; launch_site: unknown", "ended: unknown") in (
        differences(plan)
    )
    assert not plan.problems


def test_a_list_is_emptied_and_absent_in_one_go(editor):
    mission = make_mission(countries=[make_country()])

    imported(
        editor,
        Mission,
        ["slug", "countries", "absent_values"],
        [mission.slug, "", "countries: unknown"],
    )

    mission.refresh_from_db()
    assert mission.absent_values == {"countries": "unknown"}
    assert not mission.countries.exists()


def test_excel_dates_and_numbers_are_understood(editor):
    mission, source = make_mission(launch=""), make_source()

    plan = shown(
        editor,
        Mission,
        ["slug", "launch", "launch_mass_kg"],
        [mission.slug, date(2024, 5, 3), 8350.0],
        make=xlsx_file,
    )
    assert differences(plan) == [("launch", "", "2024-05-03"), ("launch_mass_kg", "", "8350")]

    plan = shown(editor, Source, ["slug", "published"], [source.slug, 1978], make=xlsx_file)
    assert differences(plan) == [("published", "", "1978")]


def test_numbers_that_are_equal_are_no_change(editor):
    mission = make_mission(launch_mass_kg="8200")

    assert shown(editor, Mission, ["slug", "launch_mass_kg"], [mission.slug, "8200.00"]).unchanged


def test_the_number_of_queries_does_not_grow_with_unchanged_rows(editor, queries_of):
    programme = make_programme()
    missions = [make_mission(programme=programme, types=[make_mission_type()]) for _ in range(9)]

    def look_at(*some):
        rows = [[mission.slug, mission.name, programme.slug] for mission in some]
        assert shown(editor, Mission, ["slug", "name", "programme"], *rows).unchanged == len(some)

    look_at(missions[0])  # the editor's permissions are looked up once
    assert queries_of(lambda: look_at(*missions)) == queries_of(lambda: look_at(missions[0]))


# What is refused


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("launch", "23 November 2020", "2020-11-23"),
        ("outcome", "great", "“great” is none of: success, partial_failure"),
        ("outcome", "", "cannot be blank"),
        ("launch_mass_kg", "8,2", "“8,2” is not a number: write it like 1731.5."),
        ("launch_mass_kg", "NaN", "is not a number"),
        ("launch_mass_kg", "1e5", "is not a number"),
        ("launch_mass_kg", "123456789012", "no more than 9 digits"),
        ("programme", "nowhere", "there is no programme “nowhere”."),
        ("programme", "a/b", "“a/b” is no key of a programme: write slug."),
        ("types", "lander; lander", "“lander” is named twice."),
        ("types", "lander; nothing", "there is no mission type “nothing”."),
        ("name", "x" * 121, "at most 120 characters"),
        ("absent_values", "launch", "“launch” is no absence: write it like “ended: unknown”."),
        ("absent_values", "ended: perhaps", "not a value of this record with one of the four"),
        ("absent_values", "ended: unknown; ended: unknown", "“ended” is named twice."),
    ],
)
def test_a_wrong_cell_is_told_by_row_and_column(editor, column, cell, words):
    make_mission_type(slug="lander")
    mission = make_mission()

    [problem] = shown(editor, Mission, ["slug", column], [mission.slug, cell]).problems

    assert problem[:2] == (2, column)
    assert words in problem.words


def test_all_that_is_wrong_is_told_at_once(editor):
    one, other = make_mission(), make_mission()

    plan = shown(
        editor,
        Mission,
        ["slug", "launch", "outcome"],
        [one.slug, "soon", "great"],
        [other.slug, "late", "success"],
    )

    assert [problem[:2] for problem in plan.problems] == [
        (2, "launch"),
        (2, "outcome"),
        (3, "launch"),
    ]


def test_rules_of_the_database_are_told_in_words(editor):
    mission = make_mission(no_cospar_reason="none_assigned")
    make_source(url="https://example.org/a")
    source = make_source()

    [problem] = shown(editor, Mission, ["slug", "cospar_id"], [mission.slug, "2020-087A"]).problems
    assert problem == (2, "", "Give either a COSPAR id or the reason why there is none.")

    [problem] = shown(
        editor, Source, ["slug", "url"], [source.slug, "https://example.org/a"]
    ).problems
    assert "A source with this address exists already" in problem.words


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (["", "1", "soft"], "mission"),
        (["luna-9", "one", "soft"], "number"),
        (["luna-9", "1", ""], "kind"),
    ],
)
def test_what_a_part_needs_is_told(editor, row, column):
    make_mission(slug="luna-9")

    problems = shown(editor, Landing, ["mission", "number", "kind"], row).problems

    assert (2, column) in [problem[:2] for problem in problems]


def test_the_same_key_twice_is_told(editor):
    make_person(slug="yang")

    [problem] = shown(editor, Person, ["slug", "name"], ["yang", "A"], ["yang", "B"]).problems

    assert problem == (3, "", "is the same person as row 2.")


def test_unknown_and_derived_columns_are_told_and_left_out(editor):
    person = make_person()

    plan = shown(
        editor, Person, ["slug", "citation_count", "hobby", ""], [person.slug, "9", "x", ""]
    )

    assert plan.notices == [
        "The column “citation_count” follows from other values and is left out.",
        "The column “hobby” is not known here and is left out.",
    ]
    assert plan.unchanged == 1


def test_a_file_without_keys_is_refused(editor):
    with pytest.raises(FileError, match=r"lacks the column “slug”.*Its columns are: name"):
        shown(editor, Person, ["name"], ["Somebody"])
    with pytest.raises(FileError, match="lacks the column “number”"):
        shown(editor, Act, ["transfer", "kind"], ["loan", "lent"])


def test_the_number_of_changes_is_bounded(editor, monkeypatch):
    monkeypatch.setattr(planning, "MAX_CHANGES", 2)
    rows = [[f"person-{letter}", letter] for letter in "abc"]

    assert len(shown(editor, Person, ["slug", "name"], *rows[:2]).changes) == 2
    with pytest.raises(FileError, match="changes 3 rows; one import changes 2 at most"):
        shown(editor, Person, ["slug", "name"], *rows)


def test_withdrawn_records_are_changed_only_by_those_who_withdraw(editor):
    person = make_person(state="withdrawn")
    mission = make_mission(state="withdrawn", slug="luna-9")
    rows = {
        Person: (["slug", "name"], [person.slug, "New"]),
        Landing: (["mission", "number", "kind"], ["luna-9", "", "soft"]),
    }
    only_editor = make_user("Editor")

    for model, (header, row) in rows.items():
        [problem] = shown(only_editor, model, header, row).problems
        assert "is not yours to change" in problem.words
        assert not shown(editor, model, header, row).problems
    assert mission.landings.count() == 0


def test_a_crew_member_is_known_by_mission_and_person(editor):
    member = make_crew_member(make_mission(slug="apollo-8"), make_person(slug="borman"))

    imported(
        editor, CrewMember, ["mission", "person", "role"], ["apollo-8", "borman", "The commander"]
    )

    member.refresh_from_db()
    assert member.role == "The commander"


# Between preview and confirmation


def carried_import(user, person, text):
    table = read_table(csv_file(["slug", "known_for"], [person.slug, text]))
    _, carried = preview(user, Person, table)
    return read_carried(user, Person, carried)


def test_a_record_changed_in_between_stops_the_import(editor):
    person = make_person()
    carried = carried_import(editor, person, "Flew.")
    imported(editor, Person, ["slug", "native_name"], [person.slug, "杨"])

    with pytest.raises(StaleRecordError):
        confirm(editor, Person, carried, REASON)

    person.refresh_from_db()
    assert person.known_for == ""


def test_a_value_changed_without_the_desk_stops_the_import(editor):
    person = make_person()
    carried = carried_import(editor, person, "Flew.")
    Person.objects.filter(pk=person.pk).update(known_for="Walked.")

    with pytest.raises(ChangedMeanwhileError):
        confirm(editor, Person, carried, REASON)

    person.refresh_from_db()
    assert person.known_for == "Walked."


def test_a_record_gone_in_between_stops_the_import(editor):
    person = make_person(cited=False)
    carried = carried_import(editor, person, "Flew.")
    person.delete()

    with pytest.raises(ChangedMeanwhileError):
        confirm(editor, Person, carried, REASON)

    assert not Person.objects.exists()


def test_confirming_twice_adds_once(editor):
    transfer = make_transfer(slug="loan")
    table = read_table(csv_file(["transfer", "number", "kind"], ["loan", "", "lent"]))
    carried = read_carried(editor, Act, preview(editor, Act, table)[1])
    confirm(editor, Act, carried, REASON)

    with pytest.raises(StaleRecordError):
        confirm(editor, Act, carried, REASON)

    assert transfer.acts.count() == 1


def test_a_new_record_made_by_somebody_else_in_between_stops_the_import(editor):
    table = read_table(csv_file(["slug", "name"], ["yang", "Yang Liwei"]))
    carried = read_carried(editor, Person, preview(editor, Person, table)[1])
    make_person(slug="yang", name="Yang")

    with pytest.raises(ChangedMeanwhileError):
        confirm(editor, Person, carried, REASON)

    assert Person.objects.get().name == "Yang"


def test_a_preview_is_of_one_user_one_list_and_one_hour(editor, monkeypatch):
    person = make_person()
    table = read_table(csv_file(["slug", "known_for"], [person.slug, "Flew."]))
    text = preview(editor, Person, table)[1]

    assert read_carried(editor, Person, text)
    for user, model, sent in (
        (make_user("Editor"), Person, text),
        (editor, Country, text),
        (editor, Person, text[:-1]),
        (editor, Person, "x" + text),
    ):
        with pytest.raises(FileError):
            read_carried(user, model, sent)
    monkeypatch.setattr("lunar.desk.exchange.carried.MAX_AGE", -1)
    with pytest.raises(FileError, match="too old"):
        read_carried(editor, Person, text)
