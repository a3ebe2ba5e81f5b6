"""Pages of the site as a whole, its errors, and the headers that every answer carries."""

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from lunar.front import FOUNDING_SOURCE
from lunar.urls import handler400, handler403, handler404, handler500  # noqa: F401
from lunar.urls import urlpatterns as site
from tests import factories as make
from tests.html import Page
from tests.security.server import ask

pytestmark = pytest.mark.django_db

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


def fail(error):
    def view(request):
        raise error

    return view


# The site, with pages that fail; `settings.ROOT_URLCONF = __name__` puts them in place.
urlpatterns = [
    *site,
    path("fails/400/", fail(BadRequest("not for the public"))),
    path("fails/403/", fail(PermissionDenied("not for the public"))),
    path("fails/500/", fail(RuntimeError("not for the public"))),
    path("takes-forms/", lambda request: HttpResponse("sent")),
]


@pytest.fixture
def failing_client(settings):
    settings.ROOT_URLCONF = __name__
    settings.DEBUG = False
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


def directives(policy):
    return sorted(directive.strip() for directive in policy.split(";"))


# Pages


def test_the_front_page_tells_what_there_is(client):
    mission = make.make_mission(name="Luna 16")
    make.make_event(mission, title="Brought soil by itself", is_first=True)
    founding = make.make_source(slug=FOUNDING_SOURCE)
    make.cite(make.make_practice(name="Panda diplomacy"), "name", founding)
    make.cite(mission, "launch", stance="disputes", stated_value="13 September")

    page = client.get("/").content.decode()

    for text in ("Luna 16", "Brought soil by itself", "Panda diplomacy", "13 September"):
        assert text in page


def test_search_says_what_was_found(client):
    mission = make.make_mission(name="Chang'e 5", native_name="嫦娥五号", result="1,731 g of soil.")

    page = Page(client.get("/search/", {"q": "change"}))

    assert mission.get_absolute_url() in page.links
    assert page.title == "“change” | Search | Lunar Record"
    assert "嫦娥五号" in page.html
    assert "1,731 g of soil." in page.html


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("", "Type a name in any spelling"),
        ("?q=", "Type a name in any spelling"),
        ("?q=%20", "Type a name in any spelling"),
        ("?q=zond", "Nothing in the record matches all of “zond”"),
        ("?q=%00zond", "Nothing in the record matches all of “zond”"),
        ("?q=%3Cscript%3E", "“&lt;script&gt;”"),
        ("?q=%FF", "Nothing in the record"),
    ],
)
def test_search_says_when_there_is_nothing(client, asked, said):
    response = client.get(f"/search/{asked}")

    assert response.status_code == 200
    assert said in response.content.decode()


@pytest.mark.parametrize(
    ("path", "heading"),
    [("/about/", "About this record"), ("/about/method/", "Method")],
)
def test_the_record_explains_itself(client, path, heading):
    assert f"<h1>{heading}</h1>" in client.get(path).content.decode()


def test_robots_may_read_pages_but_not_their_endless_filters(client):
    response = client.get("/robots.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == (
        "User-agent: *\nDisallow: /admin/\nDisallow: /cite/\nDisallow: /*?\n"
        "\nSitemap: http://testserver/sitemap.xml\n"
    )


@pytest.mark.parametrize("path", ["/missions", "/people", "/diplomacy/transfers"])
def test_an_address_without_its_last_slash_is_led_on(client, path):
    assert client.get(path).headers["Location"] == f"{path}/"


# Errors


@pytest.mark.parametrize(
    ("path", "status", "heading"),
    [
        ("/fails/400/", 400, "This address cannot be understood"),
        ("/fails/403/", 403, "You are not allowed to do this"),
        ("/fails/500/", 500, "Something went wrong here"),
        ("/no/such/page/", 404, "There is no such page"),
        ("/missions/no-such-mission/", 404, "There is no such page"),
        ("/missions/%00/", 404, "There is no such page"),
        ("/people/%ED%A0%80/", 404, "There is no such page"),
        ("/diplomacy/countries/no/such/", 404, "There is no such page"),
        ("/diplomacy/countries/%00/", 404, "There is no such page"),
        ("/diplomacy/countries/a%00/%00b/", 404, "There is no such page"),
    ],
)
def test_errors_are_told_in_words_with_ways_on(failing_client, path, status, heading):
    response = failing_client.get(path)
    page = Page(response)

    assert response.status_code == status
    assert page.problems == []
    assert f"<h1>{heading}</h1>" in page.html
    assert {"/", "/missions/", "/sources/"} <= set(page.links)
    assert "not for the public" not in page.html
    assert "Traceback" not in page.html


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=\xff"])
@pytest.mark.parametrize(("path", "status"), [("/no/such/page/", 404), ("/admin/login/", 400)])
def test_what_was_sent_and_cannot_be_read_is_no_failure(path, status, kind):
    token = "a" * 32
    cookies = {"HTTP_COOKIE": f"csrftoken={token}", "HTTP_X_CSRFTOKEN": token}
    answer = ask(path, method="POST", sent=b"x", CONTENT_TYPE=kind, **cookies)

    assert answer.status == status
    assert "<h1>" in answer.text


def test_an_address_with_thousands_of_parameters_is_refused(failing_client):
    response = failing_client.get("/search/?" + "a=&" * 5000)

    assert response.status_code == 400
    assert "This address cannot be understood" in response.content.decode()


def test_a_page_fails_alike_for_a_host_that_is_not_ours(failing_client):
    response = failing_client.get("/about/", headers={"host": "evil.example"})

    assert response.status_code == 400
    assert "This address cannot be understood" in response.content.decode()
    assert "evil.example" not in response.content.decode()


def test_a_form_from_elsewhere_is_refused(failing_client):
    response = failing_client.post("/takes-forms/")

    assert response.status_code == 403
    assert Page(response).problems == []
    assert "You are not allowed to do this" in response.content.decode()


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/", "/missions/", "/search/", "/about/"])
def test_public_pages_are_only_read_and_say_so(client, path, method):
    response = getattr(client, method)(path)

    assert response.status_code == 405
    assert response["Allow"]
    assert Page(response).problems == []
    assert "This page can only be read" in response.content.decode()


# Headers


@pytest.fixture
def answers(failing_client):
    """Return an answer of each kind, errors and refusals among them."""
    mission = make.make_mission()
    answers = {
        path: failing_client.get(path)
        for path in (
            "/",
            "/missions/",
            "/missions/?sort=colour",
            "/missions/?page=9",
            mission.get_absolute_url(),
            "/search/?q=luna",
            "/about/",
            "/robots.txt",
            "/missions",
            "/no/such/page/",
            "/fails/400/",
            "/fails/403/",
            "/fails/500/",
        )
    }
    answers["a form from elsewhere"] = failing_client.post("/takes-forms/")
    answers["a form for a page"] = Client().post("/about/")
    answers["a host not ours"] = failing_client.get("/no", headers={"host": "evil.example"})
    return answers


def test_every_answer_carries_the_same_strict_headers(answers):
    for name, response in answers.items():
        assert directives(response["Content-Security-Policy"]) == directives(CSP), name
        assert response["X-Content-Type-Options"] == "nosniff", name
        assert response["X-Frame-Options"] == "DENY", name
        assert response["Referrer-Policy"] == "same-origin", name
        assert response["Cross-Origin-Opener-Policy"] == "same-origin", name
        assert "geolocation=()" in response["Permissions-Policy"], name


def test_no_public_answer_sets_or_depends_on_a_cookie(answers):
    for name, response in answers.items():
        assert not response.cookies, name
        assert "cookie" not in response.get("Vary", "").lower(), name


def test_a_public_page_is_the_same_for_an_editor_who_is_logged_in(client, editor_client):
    make.make_mission()
    make.make_mission(state="draft")

    for address in ("/", "/missions/", "/no/such/page/"):
        assert client.get(address).content == editor_client.get(address).content


def test_the_admin_may_set_style_attributes_and_nothing_else_more(client):
    policy = directives(client.get("/admin/login/")["Content-Security-Policy"])

    assert set(policy) - set(directives(CSP)) == {"style-src-attr 'unsafe-inline'"}
    assert set(directives(CSP)) <= set(policy)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/admin/", 302),
        ("/admin/login/", 200),
        ("/admin/no/such/page/", 302),
        ("/admin/missions/mission/1/change/", 302),
    ],
)
def test_the_admin_is_kept_nowhere_for_those_who_are_not_in(client, path, status):
    response = client.get(path)

    assert response.status_code == status
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", ["no/such/page/", "auth/user/", "missions/mission/99/change/"])
def test_the_admin_s_errors_are_kept_nowhere(editor_client, path):
    response = editor_client.get(f"/admin/{path}")

    assert response.status_code in {302, 403, 404}
    assert response["Cache-Control"] == "private, no-store"
