"""Public pages kept whole: the same for everybody, and never an old one."""

import gzip

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, get_resolver, reverse
from django.utils.http import http_date

from lunar.desk.history import Way, recording
from lunar.serving import pages
from lunar.serving.state import current_state
from missions.models import Mission
from tests.factories import make_mission, make_user

pytestmark = pytest.mark.django_db(transaction=True)

# Not public pages: what somebody writes in, what counts its askers, what has tags of its own.
OTHERS = {
    "api",
    "api-list",
    "api-openapi",
    "api-record",
    "api-unknown",
    "data-file",
    "release-file",
    "security-contact",
    "suggest",
    "suggestion",
}


@pytest.fixture
def mission(kept):
    return make_mission(slug="luna-16", name="Luna 16")


@pytest.fixture
def queries_of_page(client, queries_of):
    return lambda path, **headers: queries_of(lambda: client.get(path, headers=headers))


def ask(get_response, path):
    """Return what is answered at `path` where the site makes pages by `get_response`."""
    return pages.PublicPagesMiddleware(get_response)(RequestFactory().get(path))


def addresses(patterns, prefix=""):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}", pattern.callback
        elif pattern.app_name != "admin":
            spaced = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from addresses(pattern.url_patterns, f"{prefix}{spaced}")


def test_every_address_is_a_public_page_or_known_not_to_be():
    views = dict(addresses(get_resolver().url_patterns))
    undeclared = {
        name
        for name, view in views.items()
        if getattr(getattr(view, "view_class", view), "page_parameters", None) is None
    }

    assert undeclared == OTHERS


def test_a_kept_page_is_the_page_that_was_made(client, mission, queries_of_page):
    made = client.get(mission.get_absolute_url())
    kept = client.get(mission.get_absolute_url())

    assert kept.content == made.content
    of_request = {"X-Request-ID": made["X-Request-ID"]}
    assert dict(kept.items()) | of_request == dict(made.items())
    assert "script-src 'self'" in kept["Content-Security-Policy"]
    assert queries_of_page(mission.get_absolute_url()) == 1  # for the state


def test_a_saved_change_shows_at_once(client, mission):
    page, all_missions = mission.get_absolute_url(), reverse("missions:mission-list")
    client.get(page)
    client.get(all_missions)

    with recording(make_user("Editor"), "Renamed after its launch", Way.FORM):
        mission.name = "Luna 16 by name"
        mission.save()

    assert "Luna 16 by name" in client.get(page).text
    assert "Luna 16 by name" in client.get(all_missions).text


def test_a_withdrawn_record_is_gone_at_once(client, mission):
    client.get(mission.get_absolute_url())

    with recording(make_user("Reviewer"), "Never flew", Way.FORM):
        mission.state = "withdrawn"
        mission.save()

    assert client.get(mission.get_absolute_url()).status_code == 410


def test_who_has_the_page_is_told_that_it_still_holds(client, mission, queries_of_page):
    page = mission.get_absolute_url()
    tag = client.get(page)["ETag"]

    answer = client.get(page, headers={"If-None-Match": f'"other", {tag}'})

    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
    assert queries_of_page(page, if_none_match=tag) == 1  # for the state


def test_who_has_an_older_page_is_given_the_new_one(client, mission):
    page = mission.get_absolute_url()
    tag = client.get(page)["ETag"]
    mission.save()

    answer = client.get(page, headers={"If-None-Match": tag})

    assert answer.status_code == 200
    assert answer["ETag"] != tag


def test_another_day_makes_another_page(client, mission, monkeypatch):
    page = mission.get_absolute_url()
    tag = client.get(page)["ETag"]

    def tomorrow():
        state = current_state()
        return state._replace(day=state.day + 1)

    monkeypatch.setattr(pages, "current_state", tomorrow)

    assert client.get(page, headers={"If-None-Match": tag}).status_code == 200


def test_a_date_is_told_once_nothing_can_change_within_its_second(client, mission, monkeypatch):
    page = mission.get_absolute_url()
    last = current_state().last_modified
    monkeypatch.setattr(pages.time, "time", lambda: last - 1)

    assert "Last-Modified" not in client.get(page)

    monkeypatch.setattr(pages.time, "time", lambda: last)

    assert client.get(page)["Last-Modified"] == http_date(last)
    since = {"If-Modified-Since": http_date(last)}
    assert client.get(page, headers=since).status_code == 304
    since = {"If-Modified-Since": http_date(last - 1)}
    assert client.get(page, headers=since).status_code == 200


@pytest.mark.parametrize("condition", ["If-Match", "If-Unmodified-Since"])
def test_conditions_of_those_who_write_are_none_for_a_page(client, mission, condition):
    value = {"If-Match": '"x"', "If-Unmodified-Since": http_date(0)}[condition]

    assert client.get(mission.get_absolute_url(), headers={condition: value}).status_code == 200


def test_whoever_has_any_page_needs_no_other(client, mission):
    page = mission.get_absolute_url()

    assert client.get(page, headers={"If-None-Match": "*"}).status_code == 304


def test_no_condition_hides_that_there_is_no_page(client, kept):
    nowhere = reverse("missions:mission-detail", args=["nowhere"])

    for headers in ({"If-Modified-Since": http_date(2**33)}, {"If-None-Match": "*"}):
        assert client.get(nowhere, headers=headers).status_code == 404


def test_a_page_is_compressed_for_those_who_take_it(client, mission):
    page = mission.get_absolute_url()
    plain = client.get(page, headers={"Accept-Encoding": "br, gzip;q=0"})
    squeezed = client.get(page, headers={"Accept-Encoding": "deflate, gzip;q=0.5"})

    assert gzip.decompress(squeezed.content) == plain.content
    assert squeezed["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain
    assert {plain["Vary"], squeezed["Vary"]} == {"Accept-Encoding"}
    for answer in (plain, squeezed):
        assert answer["Content-Length"] == str(len(answer.content))


def test_parameters_that_a_page_does_not_take_make_no_other_page(client, mission, queries_of_page):
    page = reverse("missions:mission-list")
    plain = client.get(page)
    filtered = client.get(page, {"outcome": "failure", "q": "luna"})

    assert client.get(page, {"utm_source": "news", "_": "1"})["ETag"] == plain["ETag"]
    assert client.get(f"{page}?q=luna&x=1&outcome=failure")["ETag"] == filtered["ETag"]
    assert filtered["ETag"] != plain["ETag"]
    assert queries_of_page(f"{page}?fbclid=2") == 1


def test_what_is_wrong_is_told_and_not_kept(client, mission):
    page = reverse("missions:mission-list")

    for _ in range(2):
        answer = client.get(page, {"from": "soon"})
        assert answer.status_code == 400
        assert "ETag" not in answer


def test_hosts_have_pages_of_their_own(client, mission, settings):
    settings.ALLOWED_HOSTS = ["one.example", "two.example"]
    page = mission.get_absolute_url()

    one = client.get(page, headers={"Host": "one.example"})
    two = client.get(page, headers={"Host": "two.example"})

    assert "one.example" in one.text
    assert "one.example" not in two.text
    refused = client.get(page, headers={"Host": "three.example"})
    assert refused.status_code == 400
    assert "Content-Security-Policy" in refused


def test_whoever_has_a_session_is_given_a_page_for_nobody_else(mission, queries_of):
    editor = Client()
    editor.force_login(make_user("Editor"))
    page = mission.get_absolute_url()

    for _ in range(2):
        answer = editor.get(page)
        assert answer["Cache-Control"] == "private, no-cache"
        assert "ETag" not in answer


@pytest.mark.parametrize("address", [reverse("suggest"), reverse("admin:login")])
def test_forms_are_kept_nowhere(client, kept, address):
    make_mission(slug="luna-16")

    answer = client.get(address, {"record": "mission/luna-16"})

    assert "no-store" in answer["Cache-Control"]
    assert "ETag" not in answer


@pytest.mark.parametrize(
    "private", [{"Cache-Control": "private"}, {"Vary": "Cookie"}, {"Set-Cookie": "who=me"}]
)
def test_what_a_view_makes_for_one_reader_is_kept_nowhere(mission, private):
    def get_response(request):
        response = HttpResponse("for you")
        if "Set-Cookie" in private:
            response.set_cookie("who", "me")
        else:
            for name, value in private.items():
                response[name] = value
        return response

    for _ in range(2):
        answer = ask(get_response, mission.get_absolute_url())
        assert answer.content == b"for you"
        assert "ETag" not in answer
        assert "public" not in answer.get("Cache-Control", "")


def test_a_page_made_while_the_record_changes_is_made_again(client, mission, monkeypatch):
    """What the first try has read from before the change and from after it is shown to nobody."""
    made = []

    def get_response(request):
        name = Mission.objects.get().name
        made.append(name)
        if len(made) == 1:
            Mission.objects.update(name="Luna 16, changed")
        return HttpResponse(name)

    answer = ask(get_response, mission.get_absolute_url())

    assert made == ["Luna 16", "Luna 16, changed"]
    assert answer.content == b"Luna 16, changed"
    assert "ETag" in answer


def test_a_page_of_a_record_that_never_holds_still_is_kept_nowhere(client, mission):
    def get_response(request):
        mission.save()
        return HttpResponse("page")

    answer = ask(get_response, mission.get_absolute_url())

    assert answer.content == b"page"
    assert answer["Cache-Control"] == "no-store"
    assert "ETag" not in answer
