"""What a reader sees and may send."""

import pytest
from django.test import Client
from django.urls import reverse

from lunar.desk.history import Way, recording
from lunar.desk.models import SuggestedValue, Suggestion
from lunar.desk.suggestions import forms, stamps
from lunar.desk.suggestions.values import correctable_models
from lunar.sources.models import Record
from tests.factories import (
    make_act,
    make_country,
    make_event,
    make_landing,
    make_mission,
    make_organization,
    make_programme,
    make_source,
    make_transfer,
)
from tests.html import Page
from tests.lunar.desk.suggestions.conftest import address_of
from tests.webforms import form_fields
from tests.world import HOSTILE, make_world

pytestmark = pytest.mark.django_db


def labels_of(response):
    """The labels of all inputs, in the order of the page."""
    return [
        "".join(label.itertext())
        for label in Page(response).all("label")
        if label.get("for", "").startswith("id_")
    ]


def test_form_opens_with_the_value_asked_for_as_it_stands(client):
    mission = make_mission(launch="2020-11-23")

    response = client.get(address_of(mission, "launch"))

    assert labels_of(response)[0] == "Launch"
    assert "Now: 23 November 2020" in response.content.decode()
    assert Page(response).problems == []


def test_form_offers_every_other_value_of_the_record_and_its_parts(client):
    mission = make_mission()
    make_landing(mission)
    make_event(mission, title="Landed somewhere")

    fields = form_fields(client.get(address_of(mission, "launch")))

    asked = {name.removeprefix("value_") for name in fields if name.startswith("value_")}
    assert asked >= {"", "outcome", "landing-1", "landing-1-position", "missionevent-1-date"}


def test_form_opens_with_a_whole_part_where_its_page_names_no_single_value(client):
    transfer = make_transfer()
    make_act(transfer, kind="given")

    labels = labels_of(client.get(address_of(transfer, "act-1")))

    assert labels[0] == "Kind"
    assert labels[6] == "Anything else about this act"


@pytest.mark.parametrize("name", ["no-such-value", "landing-7-date", "\x00", "x" * 5000, "🌕"])
def test_form_opens_on_the_whole_record_for_a_value_that_is_not_there(client, name):
    response = client.get(address_of(make_mission(), name))

    assert response.status_code == 200
    assert "Anything else about this mission" in labels_of(response)


def test_form_opens_on_the_part_of_a_value_that_follows_from_it(client):
    mission = make_mission()
    make_landing(mission)

    response = client.get(address_of(mission, "landing-1-sun"))

    assert response.context["asked"].name == "landing-1"


@pytest.mark.parametrize("state", ["draft", "in_review", "withdrawn"])
def test_what_is_not_public_is_not_found_like_nothing(client, state):
    hidden = client.get(address_of(make_mission(slug="hidden-craft", state=state)))
    nothing = client.get(f"{reverse('suggest')}?record=mission/nothing")

    assert hidden.status_code == nothing.status_code == 404
    assert hidden.content == nothing.content


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/",
        "mission",
        "mission/",
        "source/paper",
        "user/1",
        "landing/1",
        "missiontype/orbiter",
        "mission/\x00",
        "mission/" + "x" * 5000,
    ],
)
def test_what_is_no_record_is_not_found(client, name):
    make_source(slug="paper")

    assert client.get(reverse("suggest"), {"record": name}).status_code == 404


def test_without_a_record_it_says_where_to_begin(client):
    response = client.get(reverse("suggest"))

    assert response.status_code == 200
    assert Page(response).problems == []


def test_every_kind_of_record_can_be_corrected(client):
    world = make_world()
    records = {subject._meta.model_name: subject for subject in world.cited}

    assert set(correctable_models()) <= set(records)
    for name in correctable_models():
        response = client.get(address_of(records[name]))
        assert response.status_code == 200, name
        assert Page(response).problems == [], name


def test_form_names_no_draft(client):
    hidden = make_programme(name="Zugzwang", state="draft")
    country, body = make_country(name="Zugzwang", state="draft"), make_organization()
    mission = make_mission(programme=hidden, countries=[country])
    transfer = make_transfer(
        giver=country, reciprocates=make_transfer(title="Zugzwang", state="draft")
    )
    make_act(transfer, from_country=country, to_country=country, to_organization=body)

    for record in (mission, transfer):
        assert "zugzwang" not in client.get(address_of(record)).content.decode().lower()


def test_a_party_that_is_not_public_gives_way_to_one_that_is(client):
    act = make_act(
        from_organization=make_organization(state="draft"), from_country=make_country(name="Gondor")
    )

    assert "Now: Gondor" in client.get(address_of(act.transfer)).content.decode()


def test_form_takes_as_many_queries_for_many_parts_as_for_few(client, queries_of):
    few, many = make_transfer(), make_transfer()
    for transfer, number in ((few, 1), (many, 12)):
        for _ in range(number):
            make_act(transfer, from_country=make_country(), to_organization=make_organization())
    client.get(address_of(few))

    assert queries_of(lambda: client.get(address_of(many))) == queries_of(
        lambda: client.get(address_of(few))
    )


def test_form_and_answers_are_kept_by_nobody(client, send):
    mission = make_mission()
    sent = send(mission, value_launch="2021")

    for response in (client.get(address_of(mission)), send(mission), sent, client.get(sent.url)):
        assert response["Cache-Control"] == "private, no-store"
        assert response["X-Robots-Tag"] == "noindex"


def test_a_suggestion_is_kept_with_how_the_values_stood(suggest):
    mission = make_mission(launch="2020-11-23")
    make_landing(mission)

    suggestion = suggest(
        mission,
        "launch",
        value_launch="24 November 2020",
        **{"value_landing-1-position": "43° N, 51° W", "value_": "It had a name."},
        remark="By the way.",
        sender_name="Ada",
        sender_email="ada@example.org",
    )

    assert (suggestion.label, suggestion.key) == ("missions.mission", mission.slug)
    assert suggestion.source == "NASA press kit, p. 3"
    assert (suggestion.sender_name, suggestion.sender_email) == ("Ada", "ada@example.org")
    assert set(suggestion.values.values_list("name", "stood", "proposed")) == {
        ("launch", "23 November 2020", "24 November 2020"),
        ("landing-1-position", "latitude 43.058, longitude −51.916", "43° N, 51° W"),
        ("", "", "It had a name."),
    }
    assert list(Suggestion.objects.waiting()) == [suggestion]


def test_no_account_and_no_name_are_needed(suggest):
    suggestion = suggest(make_mission(), value_launch="2021")

    assert suggestion.sender_name == suggestion.sender_email == ""


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"value_launch": "2021", "source": ""}, "without a source nothing changes"),
        ({"value_launch": "2021", "source": " \x00\n "}, "without a source nothing changes"),
        ({}, "write at least one value"),
        ({"value_launch": "  "}, "write at least one value"),
        ({"value_launch": "23 November 2020"}, "This is how it stands already."),
        ({"value_outcome": "Perhaps"}, "Select a valid choice"),
        ({"value_launch": "2021", "sender_email": "ada"}, "valid email"),
    ],
)
def test_what_cannot_be_used_is_told_and_nothing_is_lost(send, said, told):
    response = send(make_mission(launch="2020-11-23"), "launch", remark="Keep me.", **said)

    assert response.status_code == 400
    assert told in response.content.decode()
    assert "Keep me." in response.content.decode()
    assert Page(response).problems == []
    assert not Suggestion.objects.exists()


@pytest.mark.parametrize(
    ("field", "longest"),
    [
        ("value_launch_site", SuggestedValue.LONGEST),
        ("value_", SuggestedValue.LONGEST),
        ("source", Suggestion.LONGEST_SOURCE),
        ("remark", Suggestion.LONGEST_REMARK),
        ("sender_name", 100),
    ],
)
def test_texts_have_a_longest_length(send, field, longest):
    mission, said = make_mission(), {"value_launch": "2021"}

    assert send(mission, **said | {field: "x" * longest}).status_code == 302
    refused = send(mission, **said | {field: "x" * (longest + 1)})

    assert refused.status_code == 400
    assert f"Keep it to {longest:,} characters" in refused.content.decode()
    assert Suggestion.objects.count() == 1


def test_a_suggestion_has_a_most_of_values(send):
    mission = make_mission()
    for _ in range(11):
        make_event(mission)
    names = [f"value_missionevent-{n}-{field}" for n in range(1, 12) for field in ("date", "title")]

    most = dict.fromkeys(names[: forms.MOST_VALUES], "1999")
    assert send(mission, **most).status_code == 302
    refused = send(mission, **dict.fromkeys(names[: forms.MOST_VALUES + 1], "1999"))

    assert refused.status_code == 400
    assert f"at most {forms.MOST_VALUES} values" in refused.content.decode()


@pytest.mark.parametrize(
    "text",
    [
        HOSTILE,
        "\u202eesrever\u2066",
        "nul \x00 and \x1b[31m",
        "a\u0300" * 400,
        "javascript:alert(1) http://example.org/<b>",
    ],
)
def test_hostile_texts_are_kept_as_texts(client, send, editor_client, text):
    record = make_mission()
    response = send(
        record,
        value_launch_site=text,
        value_=text,
        source=text,
        remark=text,
        sender_name=text[:90],
    )
    private = client.get(response.url)
    desk = editor_client.get(
        reverse("admin:desk_suggestion_change", args=[Suggestion.objects.get().pk])
    )

    for page in (private, desk):
        assert page.status_code == 200
        assert "<script>x()" not in page.content.decode()
        assert not set("\x00\x1b\u202e\u2066") & set(page.content.decode())
    assert Page(private).problems == []
    assert not [a for a in Page(private).all("a") if "example.org" in a.get("href", "")]


def test_a_hundred_kilobytes_in_every_field_are_told(send):
    long = dict.fromkeys(
        ["value_launch_site", "value_", "source", "remark", "sender_name"], "ạ̈" * 50_000
    )

    response = send(make_mission(), **long)

    assert response.status_code == 400
    assert not Suggestion.objects.exists()


def test_form_needs_the_token_of_its_page(db):
    client = Client(enforce_csrf_checks=True)

    assert client.post(address_of(make_mission()), {"source": "x"}).status_code == 403


# Robots


def test_who_fills_in_the_hidden_field_is_asked_to_empty_it(send):
    response = send(make_mission(), value_launch="2021", website="https://spam.example")

    assert response.status_code == 400
    assert forms.TRAPPED in response.content.decode()
    assert 'class="suggest-trap"' not in response.content.decode()
    assert not Suggestion.objects.exists()


@pytest.mark.parametrize(
    ("seconds", "status"),
    [
        (stamps.FASTEST_SECONDS - 1, 400),
        (stamps.FASTEST_SECONDS + 0.5, 302),
        (stamps.OLDEST_SECONDS - 60, 302),
        (stamps.OLDEST_SECONDS + 60, 400),
    ],
)
def test_form_is_taken_neither_too_fast_nor_too_old(send, seconds, status):
    response = send(make_mission(), value_launch="the year 2021", after=seconds)

    assert response.status_code == status
    if status == 400:
        assert "the year 2021" in response.content.decode()


@pytest.mark.parametrize("after", [0, stamps.OLDEST_SECONDS + 60])
def test_what_came_too_fast_or_too_late_is_taken_the_second_time(client, send, monkeypatch, after):
    mission = make_mission()
    again = form_fields(send(mission, value_launch="2021", after=after))
    now = stamps.time.time()
    monkeypatch.setattr(stamps.time, "time", lambda: now + after + 10)

    assert client.post(address_of(mission), again).status_code == 302


def test_stamp_of_another_record_is_worth_nothing(client, send):
    other = form_fields(client.get(address_of(make_mission())))["stamp"]

    assert send(make_mission(), value_launch="2021", stamp=other).status_code == 400


@pytest.mark.parametrize("stamp", ["", "x", "a:b:c", "\x00", "é" * 300])
def test_made_up_stamp_is_worth_nothing(send, stamp):
    assert send(make_mission(), value_launch="2021", stamp=stamp).status_code == 400


def test_change_of_the_record_meanwhile_is_told(client, editor):
    mission = make_mission(launch="2020-11-23")
    fields = form_fields(client.get(address_of(mission, "launch")))
    with recording(editor, "Corrected", Way.FORM):
        mission.launch = "2020-11-24"
        mission.save()

    response = client.post(
        address_of(mission, "launch"), fields | {"value_launch": "2021", "source": "Press kit"}
    )

    assert response.status_code == 400
    assert forms.CHANGED in response.content.decode()
    assert "Now: 24 November 2020" in response.content.decode()
    assert form_fields(response)["value_launch"] == "2021"


def test_no_record_can_be_suggested_on_that_is_hidden_meanwhile(client):
    mission = make_mission()
    fields = form_fields(client.get(address_of(mission)))
    mission.state = Record.State.WITHDRAWN
    mission.save()

    response = client.post(address_of(mission), fields | {"value_launch": "2021", "source": "x"})

    assert response.status_code == 404
