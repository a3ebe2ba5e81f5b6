"""The login tells nobody who has an account, and nothing leads round it or its second factor."""

from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.factories import make_mission, make_user
from tests.lunar.desk.test_accounts import code_of, log_in
from tests.lunar.desk.test_matrix import addresses_of_the_desk
from tests.security.addresses import PLACE

pytestmark = pytest.mark.django_db

AT_THE_DOOR = {"login", "logout", "second-factor", "second-factor-set-up", "second-factor-remove"}
PASSWORD = "far-side-2019"


def tries(name, number, **options):
    """Return [(status, page, password hashes computed)] of that many wrong passwords."""
    found = []
    for _ in range(number):
        with patch.object(
            MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode
        ) as hashed:
            client, response = log_in(name, "wrong", **options)
        token = client.cookies["csrftoken"].value if "csrftoken" in client.cookies else ""
        said = response.content.decode().replace(name, "…").replace(token or "\0", "")
        found.append((response.status_code, _without_tokens(said), hashed.call_count))
    return found


def _without_tokens(html):
    start, marker, rest = html.partition('name="csrfmiddlewaretoken" value="')
    return start + rest.partition('"')[2] if marker else start


def test_known_and_unknown_names_get_the_same_answers_for_the_same_work():
    make_user("Editor", username="known")
    make_user("Editor", username="gone-1", is_active=False)
    make_user(username="plain", is_staff=False)

    known = tries("known", 7)

    assert tries("nobody", 7) == known
    assert tries("gone-1", 7) == known
    assert tries("plain", 7) == known


def test_whoever_is_locked_out_costs_no_hash():
    make_user("Editor", username="known")

    hashes = [work for *_, work in tries("known", 8)]

    assert hashes[:5] == [1] * 5
    assert hashes[5:] == [0] * 3


def test_one_address_that_is_locked_out_locks_out_no_other_name_and_no_other_address():
    make_user("Editor", username="ann")
    make_user("Editor", username="bob")
    tries("ann", 6)

    assert log_in("bob")[1].status_code == 302
    assert log_in("ann", REMOTE_ADDR="192.0.2.7")[1].status_code == 302


def test_no_forged_address_gets_tries_of_its_own():
    make_user("Editor", username="ann")
    for number in range(6):
        log_in("ann", "wrong", headers={"x-forwarded-for": f"192.0.2.{number}"})

    assert log_in("ann", headers={"x-forwarded-for": "192.0.2.99"})[1].status_code == 429


@pytest.mark.parametrize("leave", ["logout", "password"])
def test_a_session_ends_everywhere_with_the_password_and_here_with_the_logout(leave):
    make_user("Editor", username="ann")
    here, elsewhere = log_in("ann")[0], log_in("ann")[0]
    kept = here.cookies["sessionid"].value
    if leave == "logout":
        here.post(reverse("admin:logout"))
    else:
        new = "dark-side-1959"
        fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
        assert here.post(reverse("admin:password_change"), fields).status_code == 302
        assert here.get("/admin/").status_code == 200
        assert elsewhere.get("/admin/").status_code == 302
    old = Client()
    old.cookies["sessionid"] = kept
    assert old.get("/admin/").status_code == 302


def test_a_session_that_somebody_else_chose_is_not_kept():
    make_user("Editor", username="ann")
    client = Client()
    client.cookies["sessionid"] = "a" * 32
    client.post("/admin/login/", {"username": "ann", "password": PASSWORD})

    assert client.cookies["sessionid"].value != "a" * 32


@pytest.mark.parametrize("https", [True, False])
def test_no_script_reads_the_cookies_and_no_other_site_sends_them(settings, https):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = https
    make_user("Editor", username="ann")
    client, _ = log_in("ann")

    assert set(client.cookies) >= {"sessionid", "csrftoken"}
    for cookie in client.cookies.values():
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
        assert bool(cookie["secure"]) is https
    assert client.cookies["sessionid"]["max-age"] == 12 * 60 * 60


def test_a_code_gives_the_session_another_key():
    user = make_user("Editor", username="ann")
    device = TOTPDevice.objects.create(user=user)
    client, _ = log_in("ann")
    before = client.cookies["sessionid"].value
    client.post("/admin/second-factor/", {"code": code_of(device)})

    assert client.get("/admin/").status_code == 200
    assert client.cookies["sessionid"].value != before


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_address_of_the_desk_is_there_without_the_second_factor(method):
    user = make_user("Reviewer", "Administrator", username="ann")
    TOTPDevice.objects.create(user=user)
    mission = make_mission(state="draft", aim="Zugzwang")
    client, _ = log_in("ann")
    let_in = []
    for name, route in addresses_of_the_desk():
        if name in AT_THE_DOOR or "(?P" in route:
            continue
        address = "/" + PLACE.sub(str(mission.pk), route)
        response = getattr(client, method)(address)
        asked = response.status_code == 302 and response["Location"].startswith("/admin/")
        if not (asked or response.status_code == 404) or b"Zugzwang" in response.content:
            let_in.append((address, response.status_code))

    assert let_in == []


@pytest.mark.parametrize("page", ["set-up/", "remove/"])
def test_a_second_factor_is_not_replaced_or_removed_without_it(page):
    user = make_user("Reviewer", username="ann")
    device = TOTPDevice.objects.create(user=user)
    client, _ = log_in("ann")
    client.post(f"/admin/second-factor/{page}", {"code": code_of(device)})

    assert list(TOTPDevice.objects.filter(user=user, confirmed=True)) == [device]
    assert client.get("/admin/").status_code == 302
