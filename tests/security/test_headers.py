"""What every answer carries, whatever its status, and whose words are in no answer."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from lunar.urls import handler400, handler403, handler404, handler500  # noqa: F401
from tests.factories import make_user
from tests.security.addresses import addresses, values_of_places
from tests.security.server import ask, look_of

pytestmark = pytest.mark.django_db

EVIL = "evil.example"
ELSEWHERE = [
    f"https://{EVIL}/",
    f"//{EVIL}/",
    f"///{EVIL}/",
    f"/\\{EVIL}/",
    f"\\\\{EVIL}/",
    f"/%09/{EVIL}/",
    f"/\t/{EVIL}/",
    f"https:{EVIL}",
    f"http:///{EVIL}",
    "javascript:alert(1)",
    f"/admin/%0d%0aLocation:https://{EVIL}/",
    f"//testserver@{EVIL}/",
    f"https://testserver.{EVIL}/",
]
FORWARDED = {
    "HTTP_X_FORWARDED_HOST": EVIL,
    "HTTP_X_FORWARDED_SERVER": EVIL,
    "HTTP_X_ORIGINAL_URL": f"/{EVIL}/",
    "HTTP_X_REWRITE_URL": f"/{EVIL}/",
    "HTTP_FORWARDED": f"host={EVIL};proto=https",
    "HTTP_X_FORWARDED_PORT": "666",
    "HTTP_REFERER": f"https://{EVIL}/",
    "HTTP_ORIGIN": f"https://{EVIL}",
}
# The only public answers that set a cookie or say that they depend on one: forms with a token,
# and what became of one's own suggestion.
WITH_A_TOKEN = "/suggest/"


def fail(error):
    def view(request):
        raise error

    return view


urlpatterns = [
    path("", include("lunar.urls")),
    path("fails/403/", fail(PermissionDenied())),
    path("fails/500/", fail(RuntimeError("not for the public"))),
    path("large/", lambda request: HttpResponse(request.POST.get("a"))),
]


@pytest.fixture
def paths(world):
    """One path of every public address that leads somewhere."""
    real = {name: values[0] for name, values in values_of_places(world).items()}
    real |= {"slug": "chang-e-5", "key": "chang-e-5", "model_name": "mission", "kind": "mission"}
    found = [one.path(real) for one in addresses() if not one.is_of_the_desk]
    return sorted({*found, *(record.get_absolute_url() for record in world.record_pages)})


@pytest.fixture
def editor(world):
    client = Client()
    client.force_login(make_user("Reviewer"))
    return client.session.session_key


def wrong_looks(answers):
    return [f"{name}: {problem}" for name, one in answers.items() for problem in look_of(one)]


def test_every_public_address_carries_the_headers_for_every_method(paths, settings):
    settings.API_RATE_LIMIT = 10**9
    answers = {f"{m} {p}": ask(p, method=m) for p in paths for m in ("GET", "HEAD", "DELETE")}

    assert wrong_looks(answers) == []
    assert {one.status for one in answers.values()} >= {200, 404, 405}


def test_answers_of_every_status_carry_the_headers(world, settings):
    settings.ROOT_URLCONF = __name__
    settings.SECURITY_CONTACTS = ["mailto:a@example.org"]
    tag = ask("/pictures/flows.svg").headers["ETag"]
    large = str(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    token = {"HTTP_COOKIE": "csrftoken=" + "a" * 32, "HTTP_X_CSRFTOKEN": "a" * 32}
    form = token | {"CONTENT_TYPE": "application/x-www-form-urlencoded"}
    answers = {
        200: ask("/.well-known/security.txt"),
        301: ask("/missions"),
        302: ask("/admin/"),
        304: ask("/pictures/flows.svg", HTTP_IF_NONE_MATCH=tag),
        400: ask("/missions/", "sort=x"),
        403: ask("/fails/403/"),
        404: ask("/no/such/page/"),
        405: ask(
            "/about/", method="PUT", HTTP_COOKIE="csrftoken=" + "a" * 32, HTTP_X_CSRFTOKEN="a" * 32
        ),
        410: ask("/missions/gone/"),
        500: ask("/fails/500/"),
        "no token": ask("/suggest/", "record=mission/chang-e-5", method="POST"),
        "too large": ask("/large/", method="POST", CONTENT_LENGTH=large, **form),
        "host": ask("/missions/", HTTP_HOST=EVIL),
        "too many": ask("/search/", "a&" * 5000),
    }

    named = {"no token": 403, "too large": 400, "host": 400, "too many": 400}
    assert {name: one.status for name, one in answers.items()} == {
        name: named.get(name, name) for name in answers
    }
    assert wrong_looks(answers) == []
    assert "not for the public" not in answers[500].text


def test_public_pages_set_no_cookie_and_depend_on_none(paths, settings, editor):
    settings.API_RATE_LIMIT = 10**9
    wrong = []
    for address in paths:
        for session in ("", editor):
            answer = ask(address, session=session)
            personal = "cookie" in (answer.headers["Vary"] or "").lower()
            if (personal or answer.headers["Set-Cookie"]) and not address.startswith(WITH_A_TOKEN):
                wrong.append(address)

    assert wrong == []


def test_forms_with_a_token_and_private_answers_are_kept_nowhere(world):
    for query in ("", "record=mission/chang-e-5", "record=mission/none"):
        answer = ask("/suggest/", query)
        if answer.status == 200:
            assert answer.headers["Cache-Control"] == "private, no-store"
    for address in ("/suggest/no-such-token/", "/suggest/"):
        answer = ask(address, "record=mission/none")
        assert answer.status == 404
        assert not answer.headers["Set-Cookie"]


def test_every_answer_of_the_desk_is_kept_nowhere(world, editor):
    real = {name: values[0] for name, values in values_of_places(world).items()}
    desk = [one for one in addresses() if one.is_of_the_desk]
    some = [one for one in desk if "citation" not in one.route]
    wrong = []
    for address in some:
        answer = ask(address.path(real), session="" if "login" in address.route else editor)
        if answer.headers["Cache-Control"] != "private, no-store":
            wrong.append((address.route, answer.status, answer.headers["Cache-Control"]))
        wrong += [(address.route, problem) for problem in look_of(answer)]

    assert len(some) > 150
    assert wrong == []


# Nobody is sent elsewhere


def stays_here(location):
    """Return whether every browser reads a Location as a path of this site."""
    return re.fullmatch(r"/([^/\\\s][^\\\s]*)?", location) is not None


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_login_leads_nowhere_else(target):
    make_user("Reviewer", username="ann")
    client = Client()
    fields = {"username": "ann", "password": "far-side-2019", "next": target}
    response = client.post("/admin/login/", fields, query_params={"next": target})

    assert response.status_code == 302
    assert stays_here(response["Location"])


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_address_leads_to_another_site(paths, target, editor):
    asked = "&".join(f"{name}={target}" for name in ("next", "url", "to", "redirect", "return"))
    led = [ask("//evil.example/missions"), ask("/\\evil.example/missions"), ask(f"/{target}")]
    led += [ask(address.rstrip("/"), asked) for address in ("/missions/", "/people/", "/data/")]
    led += [ask("/admin/logout/", asked), ask("/admin/second-factor/", asked, session=editor)]
    led += [ask("/diplomacy/countries/cn/", asked), ask("/api/v1/missions", asked)]
    locations = [one.headers["Location"] for one in led if one.headers["Location"]]

    assert locations
    assert [one for one in locations if not stays_here(one)] == []


# Whose words are in no answer


def test_no_header_of_a_request_gets_into_a_page(paths, settings):
    settings.API_RATE_LIMIT = 10**9
    told = []
    for address in paths:
        answer = ask(address, **FORWARDED)
        said = answer.text + str(answer.headers)
        if EVIL in said or ":666" in said:
            told.append(address)

    assert told == []


def test_absolute_addresses_are_of_the_host_that_was_asked_for(world):
    for address in ("/sitemap.xml", "/robots.txt", "/changes.atom", "/api/v1/", "/missions/"):
        assert "http://testserver/" in ask(address).text, address
        refused = ask(address, HTTP_HOST=EVIL)
        assert refused.status == 400
        assert EVIL not in refused.text


def test_of_a_repeated_parameter_every_form_of_a_list_reads_the_same_one(world):
    """And the page says which: no two programs on the way read two different lists."""
    asked = "country=CN&country=SUHH"
    [csv] = [
        line for line in ask("/missions/", f"{asked}&format=csv").text.splitlines()[1:] if line
    ]
    page = ask("/missions/", asked).text

    assert "luna-15" in csv
    assert "Soviet Union" in page.partition('aria-label="Filters in use"')[2].partition("</ul>")[0]
    assert "/missions/luna-15/" in page
    assert ask("/api/v1/missions/", asked).status == 400


# Nothing is done for whoever sends without a token, or by another name


def test_nothing_can_be_sent_from_elsewhere(world, editor):
    """To no address, whether it takes anything or not."""
    real = {name: values[0] for name, values in values_of_places(world).items()}
    taken = []
    for address in addresses():
        if "citation" in address.route or address.route.startswith("api/"):
            continue
        answer = ask(address.path(real), method="POST", sent=b"a=1", session=editor)
        if answer.status not in (403, 404):
            taken.append((address.route, answer.status))

    assert taken == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_the_api_takes_nothing_by_any_method(world, method):
    assert ask("/api/v1/missions/", method=method).status == 405


@pytest.mark.parametrize("name", ["HTTP_X_HTTP_METHOD_OVERRIDE", "HTTP_X_METHOD_OVERRIDE"])
def test_no_request_is_taken_for_another_method(world, name):
    answer = ask("/missions/", "_method=DELETE", **{name: "DELETE"})

    assert answer.status == 200
