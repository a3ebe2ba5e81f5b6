"""What editors do with a suggestion, and what its sender reads of it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from lunar.desk.history import Way, recording, revision_number
from lunar.desk.models import FormerAddress, Revision, SuggestedValue, Suggestion
from lunar.desk.models.suggestion import KEEP_SENDER_DAYS
from lunar.desk.suggestions import answers
from missions.models import Mission
from tests.factories import (
    cite,
    make_act,
    make_country,
    make_landing,
    make_mission,
    make_organization,
    make_programme,
    make_sample_return,
    make_source,
    make_transfer,
    make_user,
)
from tests.html import Page
from tests.lunar.desk.suggestions.conftest import address_of
from tests.webforms import form_fields

pytestmark = pytest.mark.django_db

State = SuggestedValue.State


def page_of(suggestion):
    return reverse("admin:desk_suggestion_change", args=[suggestion.pk])


def prefix_of(row):
    return f"{row._meta.model_name}-{row.pk}"


@pytest.fixture
def answer(editor_client):
    """Open a suggestion as a reviewer, decide about each value by its name, and send that."""

    def answer(suggestion, decisions, client=editor_client, **typed):
        fields = form_fields(client.get(page_of(suggestion)))
        for value in suggestion.values.all():
            if value.name in decisions:
                fields[f"decision_{value.pk}"] = decisions[value.name]
        for name, text in typed.items():
            fields[name.replace("__", "-")] = text
        return client.post(page_of(suggestion), fields)

    return answer


def answer_name(suggestion, name):
    return f"answer_{suggestion.values.get(name=name).pk}"


# The queue


def test_queue_shows_what_waits_first_and_the_oldest_on_top(editor_client, suggest, answer):
    done, first, second = (suggest(make_mission(), value_launch="2021") for _ in range(3))
    answer(done, {"launch": "accept"})

    page = editor_client.get(reverse("admin:desk_suggestion_changelist"))

    assert list(page.context["cl"].result_list) == [first, second, done]
    assert "2 waiting" in page.context["title"]


def test_queue_is_narrowed_to_a_state_and_a_kind(editor_client, suggest, answer):
    mission = suggest(make_mission(), value_launch="2021")
    transfer = suggest(make_transfer(), value_material="Dust")
    answer(mission, {"launch": "accept"})
    queue = reverse("admin:desk_suggestion_changelist")

    def found(**asked):
        return list(editor_client.get(queue, asked).context["cl"].result_list)

    assert found(state="waiting") == found(work="waiting") == found(kind="transfer") == [transfer]
    assert found(state__exact="answered") == found(kind="mission") == [mission]


def test_queue_takes_as_many_queries_for_many_as_for_one(editor_client, suggest, queries_of):
    queue = reverse("admin:desk_suggestion_changelist")
    suggest(make_mission(), value_launch="2021")
    editor_client.get(queue)
    one = queries_of(lambda: editor_client.get(queue))
    for _ in range(4):
        suggest(make_mission(), value_launch="2021")

    assert queries_of(lambda: editor_client.get(queue)) == one


@pytest.mark.parametrize("role", ["Contributor", "Editor", "Administrator"])
def test_every_role_may_look_and_only_reviewers_answer(client, suggest, role):
    suggestion = suggest(make_mission(), value_launch="2021", remark="Look here.")
    client.force_login(make_user(role))
    value = suggestion.values.get()

    page = client.get(page_of(suggestion))
    sent = client.post(
        page_of(suggestion),
        {"version": 1, "seen": 0, f"decision_{value.pk}": "decline", f"answer_{value.pk}": "No."},
    )

    assert page.status_code == client.get(reverse("admin:desk_suggestion_changelist")).status_code
    assert "Look here." in page.content.decode()
    assert b'name="decision_' not in page.content
    assert sent.status_code == 403
    value.refresh_from_db()
    assert value.state == State.WAITING


def test_nobody_else_sees_a_suggestion(client, suggest, django_user_model):
    suggestion = suggest(make_mission(), value_launch="2021")
    stranger = django_user_model.objects.create_user("somebody", is_staff=True)

    assert client.get(page_of(suggestion)).status_code == 302
    client.force_login(stranger)
    assert client.get(page_of(suggestion)).status_code == 302
    assert client.get(reverse("admin:desk_suggestion_changelist")).status_code == 302


@pytest.mark.parametrize("page", ["add", "delete", "history"])
def test_suggestions_are_neither_added_nor_deleted_at_the_desk(editor_client, suggest, page):
    args = [] if page == "add" else [suggest(make_mission(), value_launch="2021").pk]

    response = editor_client.get(reverse(f"admin:desk_suggestion_{page}", args=args))

    assert response.status_code in {403, 404}


@pytest.mark.parametrize("key", ["0", "x", "9" * 30])
def test_suggestion_that_is_not_there_leads_back(editor_client, key):
    response = editor_client.get(reverse("admin:desk_suggestion_change", args=[key]))

    assert response.status_code == 302


# One suggestion


def test_page_shows_now_and_proposed_and_what_it_rests_on(editor_client, suggest):
    mission = make_mission(launch="2020-11-23")
    suggestion = suggest(mission, value_launch="24 November 2020", sender_name="Ada")

    text = editor_client.get(page_of(suggestion)).content.decode()

    for words in ("23 November 2020", "24 November 2020", "NASA press kit, p. 3", "Ada"):
        assert words in text
    assert "Changed since" not in text


def test_page_says_what_has_changed_since(editor, editor_client, suggest):
    mission = make_mission(launch="2020-11-23", launch_site="Here")
    suggestion = suggest(mission, value_launch="2021", value_launch_site="There")
    with recording(editor, "Read once more.", Way.FORM):
        mission.launch = "2020-11-25"
        mission.save()

    page = editor_client.get(page_of(suggestion))

    changed = {a.suggested.name: a.has_changed for a in page.context["form"].answers}
    assert changed == {"launch": True, "launch_site": False}
    assert "Read once more." in page.content.decode()


def test_page_of_a_record_that_is_gone(editor_client, suggest, answer):
    mission = make_mission()
    suggestion = suggest(mission, value_launch="2021")
    mission.delete()

    assert editor_client.get(page_of(suggestion)).status_code == 200
    name = answer_name(suggestion, "launch")
    assert answer(suggestion, {"launch": "decline"}, **{name: "It is gone."}).status_code == 302


def test_suggestion_follows_a_record_that_was_merged(suggest, answer):
    twin, kept = make_mission(), make_mission(launch="2020")
    suggestion = suggest(twin, value_launch="2021")
    twin.delete()
    FormerAddress.objects.create(label="missions.mission", key=twin.slug, target=kept.slug)

    answer(suggestion, {"launch": "accept"})

    kept.refresh_from_db()
    assert kept.launch == "2021"


def test_accepting_changes_the_record_and_says_on_whose_word(editor, suggest, answer):
    mission = make_mission(launch="2020-11-23")
    landing = make_landing(mission)
    suggestion = suggest(
        mission, **{"value_launch": "24 Nov 2020", "value_landing-1-position": "10.5° S, 20° E"}
    )

    response = answer(
        suggestion,
        {"launch": "accept", "landing-1-position": "accept"},
        change_reason="Suggested by a reader: NASA press kit",
    )

    assert response.status_code == 302
    mission.refresh_from_db()
    landing.refresh_from_db()
    assert mission.launch == "2020-11-24"
    assert (landing.latitude, landing.longitude) == (Decimal("-10.5"), Decimal("20"))
    revision = Revision.objects.of(mission).first()
    assert (revision.way, revision.editor) == (Way.CORRECTION, editor)
    assert revision.reason == "Suggested by a reader: NASA press kit"
    assert Revision.objects.of(mission).exclude(way=Way.FOUND).count() == 1
    assert set(suggestion.values.values_list("state", "revision")) == {
        (State.ACCEPTED, revision.pk)
    }
    suggestion.refresh_from_db()
    assert suggestion.state == "answered"
    assert not Suggestion.objects.waiting().exists()


def test_reason_starts_with_the_source_that_was_given(editor_client, suggest):
    suggestion = suggest(make_mission(), value_launch="2021", source="Pravda,\n25 April 1971")

    form = editor_client.get(page_of(suggestion)).context["form"]

    assert form["change_reason"].value() == "Suggested by a reader: Pravda, 25 April 1971"


def test_accepting_needs_a_reason(suggest, answer):
    mission = make_mission(launch="2020")

    response = answer(
        suggest(mission, value_launch="2021"), {"launch": "accept"}, change_reason=" \x00 "
    )

    assert response.status_code == 200
    mission.refresh_from_db()
    assert mission.launch == "2020"


def test_what_the_editor_adjusts_is_told_as_accepted_with_changes(client, suggest, answer, send):
    mission = make_mission(launch="2020")
    sent = send(mission, value_launch="in spring 2021")
    suggestion = Suggestion.objects.get()

    answer(
        suggestion,
        {"launch": "accept"},
        **{
            f"{prefix_of(mission)}__launch": "2021-04",
            answer_name(suggestion, "launch"): "It says April.",
        },
    )

    value = suggestion.values.get()
    assert (value.state, value.became) == (State.ADJUSTED, "April 2021")
    text = client.get(sent.url).content.decode()
    assert "Accepted with changes" in text
    assert "April 2021" in text
    assert "It says April." in text
    assert f'href="{value.revision.get_absolute_url()}"' in text


@pytest.mark.parametrize(
    ("column", "typed", "told"),
    [
        ("launch", "2021-13-45", "EDTF"),
        ("launch_mass_kg", "heavy", "Enter a number"),
        ("cospar_id", "2020-087A", "COSPAR id or the reason"),
    ],
)
def test_what_the_model_refuses_changes_nothing(suggest, answer, column, typed, told):
    mission = make_mission(launch="2020", launch_site="Here")
    suggestion = suggest(mission, **{f"value_{column}": "2", "value_launch_site": "There"})
    extra = {f"{prefix_of(mission)}__no_cospar_reason": "no_orbit"} if column == "cospar_id" else {}

    response = answer(
        suggestion,
        {column: "accept", "launch_site": "accept"},
        **{f"{prefix_of(mission)}__{column}": typed} | extra,
    )

    assert response.status_code == 200
    assert told in response.content.decode()
    assert typed in response.content.decode()
    mission.refresh_from_db()
    assert (mission.launch, mission.launch_site) == ("2020", "Here")
    assert set(suggestion.values.values_list("state", flat=True)) == {State.WAITING}
    assert not Revision.objects.exists()


def test_what_only_the_database_refuses_is_told_and_changes_nothing(suggest, answer, monkeypatch):
    mission = make_mission(launch_site="Here")
    suggestion = suggest(mission, value_launch_site="There")

    def refuse(form):
        Mission.objects.filter(pk=form.instance.pk).update(no_cospar_reason="")

    monkeypatch.setattr(answers.ColumnsForm, "save", refuse)
    response = answer(suggestion, {"launch_site": "accept"})

    assert "Give either a COSPAR id or the reason" in response.content.decode()
    assert suggestion.values.get().state == State.WAITING


def test_masses_choices_relations_and_lists_are_accepted(suggest, answer):
    mission = make_mission(outcome="success")
    sample = make_sample_return(mission, mass_g="1731")
    programme, china = make_programme(name="Chang'e"), make_country(name="China")
    suggestion = suggest(
        mission,
        value_outcome="Partial failure",
        value_programme="chang'e",
        value_countries="China",
        **{"value_samplereturn-mass_g": "1.7315 kg"},
    )
    names = ["samplereturn-mass_g", "outcome", "programme", "countries"]

    answer(suggestion, dict.fromkeys(names, "accept"))

    mission.refresh_from_db()
    sample.refresh_from_db()
    assert (mission.outcome, mission.programme) == ("partial_failure", programme)
    assert list(mission.countries.all()) == [china]
    assert sample.mass_g == Decimal("1731.5")
    assert set(suggestion.values.values_list("state", flat=True)) == {State.ACCEPTED}


def test_party_of_an_act_is_accepted(suggest, answer):
    act = make_act(from_country=make_country(name="Gondor"))
    museum = make_organization(name="Museum of Gondor")
    suggestion = suggest(act.transfer, **{"value_act-1-from_party": "Museum of Gondor"})

    answer(suggestion, {"act-1-from_party": "accept"})

    act.refresh_from_db()
    assert (act.from_organization, act.from_country) == (museum, None)
    assert suggestion.values.get().became == "Museum of Gondor"


def test_accepted_value_is_no_longer_absent(suggest, answer):
    mission = make_mission(launch_site="", absent_values={"launch_site": "unknown"})
    suggestion = suggest(mission, value_launch_site="Baikonur")

    answer(suggestion, {"launch_site": "accept"})

    mission.refresh_from_db()
    assert (mission.launch_site, mission.absent_values) == ("Baikonur", {})


def test_source_is_cited_for_what_is_accepted(suggest, answer):
    mission = make_mission()
    source, known = make_source(), cite(mission, "launch_site")
    suggestion = suggest(mission, value_launch="2021", value_launch_site="Baikonur")

    answer(
        suggestion,
        {"launch": "accept", "launch_site": "decline"},
        source=source.pk,
        locator="p. 7",
        **{answer_name(suggestion, "launch_site"): "Not in there."},
    )

    cited = mission.citations.filter(source=source)
    assert list(cited.values_list("field", "locator", "stance")) == [("launch", "p. 7", "supports")]
    assert known in mission.citations.all()
    assert len(Revision.objects.of(mission).exclude(way=Way.FOUND)) == 1


def test_source_that_is_cited_already_is_not_cited_twice(suggest, answer):
    mission = make_mission()
    citation = cite(mission, "launch")
    suggestion = suggest(mission, value_launch="2021")

    answer(suggestion, {"launch": "accept"}, source=citation.source.pk)

    assert mission.citations.filter(field="launch").get() == citation
    assert suggestion.values.get().state == State.ACCEPTED


def test_declining_needs_a_reason_which_the_sender_reads(client, send, answer):
    mission = make_mission(launch="2020")
    sent = send(mission, value_launch="1920")
    suggestion = Suggestion.objects.get()

    refused = answer(suggestion, {"launch": "decline"})
    assert "Say why it is declined" in refused.content.decode()
    name = answer_name(suggestion, "launch")
    answer(suggestion, {"launch": "decline"}, **{name: "Nobody flew <b>then</b>."})

    mission.refresh_from_db()
    assert mission.launch == "2020"
    text = client.get(sent.url).content.decode()
    assert "Declined" in text
    assert "Nobody flew &lt;b&gt;then&lt;/b&gt;." in text
    assert not Revision.objects.exists()


def test_whole_parts_are_answered_by_hand(editor, editor_client, suggest, answer):
    transfer = make_transfer()
    act = make_act(transfer)
    suggestion = suggest(transfer, **{"value_act-1": "It never happened.", "value_": "More."})
    page = editor_client.get(page_of(suggestion))
    with recording(editor, "Taken out", Way.FORM):
        act.place = "Paris"
        act.save()

    answer(suggestion, {"act-1": "by_hand"})

    assert reverse("admin:diplomacy_act_change", args=[act.pk]) in page.content.decode()
    assert b'value="accept"' not in page.content
    value = suggestion.values.get(name="act-1")
    assert value.state == State.BY_HAND
    assert value.revision == Revision.objects.of(transfer).first()
    suggestion.refresh_from_db()
    assert suggestion.state == "waiting"


@pytest.mark.parametrize("name", ["value_landing-1-side", "value_landing-1"])
def test_what_follows_from_other_values_is_not_typed_in(editor_client, suggest, name):
    mission = make_mission()
    make_landing(mission)

    page = editor_client.get(page_of(suggest(mission, **{name: "Far side"})))

    assert b'value="accept"' not in page.content


def test_nothing_decided_is_told(suggest, answer):
    response = answer(suggest(make_mission(), value_launch="2021"), {})

    assert "Decide at least one of the values." in response.content.decode()


@pytest.mark.parametrize(
    "sent",
    [
        {"version": "x"},
        {"version": "9" * 40, "seen": "-1"},
        {"decision": "perhaps"},
        {"source": "999999"},
        {"locator": "x" * 5000, "change_reason": "x" * 100_000, "answer": "x" * 100_000},
    ],
)
def test_made_up_answers_change_nothing(editor_client, suggest, sent):
    suggestion = suggest(make_mission(), value_launch="2021")
    pk = suggestion.values.get().pk
    fields = form_fields(editor_client.get(page_of(suggestion))) | {f"decision_{pk}": "accept"}
    names = {"decision": f"decision_{pk}", "answer": f"answer_{pk}"}

    response = editor_client.post(
        page_of(suggestion), fields | {names.get(n, n): text for n, text in sent.items()}
    )

    assert response.status_code == 200
    assert suggestion.values.get().state == State.WAITING


# Two editors


def test_second_of_two_answers_is_stopped(editor_client, suggest):
    mission = make_mission(launch="2020")
    suggestion = suggest(mission, value_launch="2021", value_launch_site="There")
    fields = form_fields(editor_client.get(page_of(suggestion)))
    launch, site = (suggestion.values.get(name=n) for n in ("launch", "launch_site"))
    editor_client.post(page_of(suggestion), fields | {f"decision_{launch.pk}": "accept"})

    response = editor_client.post(
        page_of(suggestion),
        fields | {f"decision_{site.pk}": "decline", f"answer_{site.pk}": "No."},
        follow=True,
    )

    assert answers.ANSWERED_MEANWHILE in response.content.decode()
    site.refresh_from_db()
    assert site.state == State.WAITING


def test_change_of_the_record_meanwhile_stops_the_answer(editor, editor_client, suggest):
    mission = make_mission(launch="2020", launch_site="Here")
    suggestion = suggest(mission, value_launch_site="There")
    pk = suggestion.values.get().pk
    fields = form_fields(editor_client.get(page_of(suggestion)))
    fields |= {f"decision_{pk}": "accept", f"answer_{pk}": "Thank you."}
    with recording(editor, "Corrected", Way.FORM):
        mission.launch_site = "Elsewhere"
        mission.save()

    response = editor_client.post(page_of(suggestion), fields)

    text = response.content.decode()
    assert "The record was changed while this page was open" in text
    assert "Elsewhere" in text
    assert "Thank you." in text
    mission.refresh_from_db()
    assert mission.launch_site == "Elsewhere"
    again = form_fields(response)
    assert again["seen"] == str(revision_number(mission))
    assert editor_client.post(page_of(suggestion), again).status_code == 302
    mission.refresh_from_db()
    assert mission.launch_site == "There"


# The sender's page


def test_private_page_shows_what_waits(client, send):
    sent = send(make_mission(name="Luna 16"), value_launch="2021", remark="Please look.")

    response = client.get(sent.url)

    text = response.content.decode()
    assert Page(response).problems == []
    for words in ("Waiting", "2021", "Please look.", "Luna 16"):
        assert words in text
    assert response["Referrer-Policy"] == "no-referrer"
    assert 'name="robots" content="noindex"' in text


def test_private_address_cannot_be_guessed_nor_read_from_the_database(client, send):
    sent = send(make_mission(), value_launch="2021")
    [suggestion] = Suggestion.objects.all()
    token = sent.url.rstrip("/").rpartition("/")[2]

    assert len(token) >= 43
    assert token != suggestion.token_digest
    for guess in (suggestion.token_digest, str(suggestion.pk), token[:-1], token + "a", "%00"):
        assert client.get(f"/suggest/{guess}/").status_code == 404


def test_private_page_names_no_record_that_is_hidden_since(client, send):
    mission = make_mission(name="Zugzwang")
    sent = send(mission, value_launch="2021")
    Mission.objects.filter(pk=mission.pk).update(state="withdrawn")

    text = client.get(sent.url).content.decode()

    assert "not public any more" in text
    assert "Zugzwang" not in text


def test_private_page_leads_to_no_revision_that_is_hidden(client, send, answer):
    mission = make_mission()
    sent = send(mission, value_launch="2021")
    answer(Suggestion.objects.get(), {"launch": "accept"})
    Revision.objects.update(shown=Revision.Shown.HIDDEN)

    assert "Revision" not in client.get(sent.url).content.decode()


def test_name_and_address_of_the_sender_are_on_no_page_but_the_desks(client, send):
    mission = make_mission()
    sent = send(mission, value_launch="2021", sender_name="Ada", sender_email="ada@example.org")

    for address in (sent.url, mission.get_absolute_url(), address_of(mission)):
        assert "ada@example.org" not in client.get(address).content.decode()


# Forgetting


def test_senders_are_forgotten_a_while_after_the_answer(suggest, answer, capsys):
    named = {"value_launch": "2021", "sender_name": "Ada", "sender_email": "ada@example.org"}
    waiting, fresh, old = (suggest(make_mission(), **named) for _ in range(3))
    for suggestion in (fresh, old):
        answer(suggestion, {"launch": "accept"})
    Suggestion.objects.filter(pk=old.pk).update(
        answered_at=timezone.now() - timedelta(days=KEEP_SENDER_DAYS, minutes=1)
    )
    Suggestion.objects.filter(pk=fresh.pk).update(
        answered_at=timezone.now() - timedelta(days=KEEP_SENDER_DAYS, minutes=-1)
    )

    call_command("forget_senders")

    assert "1 sender forgotten." in capsys.readouterr().out
    kept = set(Suggestion.objects.exclude(sender_name="", sender_email=""))
    assert kept == {waiting, fresh}
    old.refresh_from_db()
    assert old.sender_name == old.sender_email == ""


def test_senders_are_forgotten_without_the_command_too(suggest, answer):
    old = suggest(make_mission(), value_launch="2021", sender_name="Ada")
    answer(old, {"launch": "accept"})
    Suggestion.objects.update(answered_at=timezone.now() - timedelta(days=KEEP_SENDER_DAYS + 1))

    suggest(make_mission(), value_launch="2021")

    assert Suggestion.objects.get(pk=old.pk).sender_name == ""


@pytest.mark.parametrize("days", [-1, KEEP_SENDER_DAYS + 1])
def test_senders_are_kept_no_longer_than_promised(db, days):
    with pytest.raises(CommandError, match="promised"):
        call_command("forget_senders", days=days)


# What the database refuses


@pytest.mark.parametrize(
    ("table", "fields"),
    [
        (Suggestion, {"state": "answered"}),
        (Suggestion, {"answered_at": timezone.now()}),
        (Suggestion, {"state": "perhaps"}),
        (Suggestion, {"source": ""}),
        (SuggestedValue, {"proposed": ""}),
        (SuggestedValue, {"state": "accepted"}),
        (SuggestedValue, {"state": "perhaps", "answered_at": timezone.now()}),
        (SuggestedValue, {"answered_at": timezone.now()}),
        (SuggestedValue, {"state": "declined", "answered_at": timezone.now()}),
    ],
)
def test_database_refuses(suggest, table, fields):
    suggest(make_mission(), value_launch="2021")

    with pytest.raises(IntegrityError), transaction.atomic():
        table.objects.update(**fields)


def test_value_is_suggested_once(suggest):
    suggestion = suggest(make_mission(), value_launch="2021")

    with pytest.raises(IntegrityError), transaction.atomic():
        suggestion.values.create(name="launch", proposed="2022")
