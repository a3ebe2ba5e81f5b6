"""Accounts, roles and the second factor: who gets in, and who looks after whom."""

import time

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from lunar.desk import second_factor
from lunar.desk.models import SecondFactorRule
from tests.factories import make_user

pytestmark = pytest.mark.django_db
INDEX, LOGIN = "/admin/", "/admin/login/"
PASSWORD = "far-side-2019"


def log_in(name, password=PASSWORD, **options):
    client = Client()
    return client, client.post(LOGIN, {"username": name, "password": password}, **options)


def code_of(device, ahead=0):
    """The code that the app of this device shows, or will show so many steps from now."""
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift + ahead)
    totp.time = time.time()
    return f"{totp.token():06d}"


def with_second_factor(*roles, **fields):
    user = make_user(*roles, **fields)
    return user, TOTPDevice.objects.create(user=user, name="App")


# Logging in


def test_a_name_is_locked_out_from_an_address_after_five_wrong_passwords():
    make_user("Editor", username="ann")
    for _ in range(5):
        _, response = log_in("ann", "wrong")
    assert response.status_code == 429
    assert b"Too many wrong passwords" in response.content

    _, response = log_in("ann")
    assert response.status_code == 429
    _, elsewhere = log_in("ann", REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 302


def test_four_wrong_passwords_and_the_right_one_let_in():
    make_user("Editor", username="ann")
    for _ in range(4):
        _, response = log_in("ann", "wrong")
        assert response.status_code == 200

    assert log_in("ann")[1].status_code == 302


def test_names_that_exist_and_names_that_do_not_get_the_same_answers():
    make_user("Editor", username="ann")

    def answers(name):
        tried = [log_in(name, "wrong")[1] for _ in range(6)]
        return [(r.status_code, "Please enter the correct" in r.content.decode()) for r in tried]

    assert answers("ann") == answers("bob") == [(200, True)] * 4 + [(429, False)] * 2


def test_the_session_is_another_after_logging_in():
    make_user("Editor", username="ann")
    client = Client()
    client.get(LOGIN)
    client.session.save()
    before = client.session.session_key
    client.post(LOGIN, {"username": "ann", "password": PASSWORD})

    assert client.session.session_key != before


# The second factor


def test_without_a_second_factor_a_password_is_enough():
    make_user("Editor", username="ann")
    client, _ = log_in("ann")
    assert client.get(INDEX).status_code == 200


def test_whoever_has_a_second_factor_gets_nowhere_without_a_code():
    _, device = with_second_factor("Editor", username="ann")
    client, _ = log_in("ann")

    for page in (INDEX, "/admin/missions/mission/", "/admin/account/", "/admin/jsi18n/"):
        response = client.get(page, follow=True)
        assert response.redirect_chain[-1][0].startswith("/admin/second-factor/"), page

    page = f"/admin/second-factor/?next={reverse('admin:missions_mission_changelist')}"
    assert b"wrong or used up" in client.post(page, {"code": "000000"}).content
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    response = client.post(page, {"code": code_of(device)})
    assert response["Location"] == "/admin/missions/mission/"
    assert client.get(INDEX).status_code == 200


def test_a_code_works_once():
    _, device = with_second_factor("Editor", username="ann")
    code = code_of(device)
    for expected in (302, 200):
        client, _ = log_in("ann")
        assert client.post("/admin/second-factor/", {"code": code}).status_code == expected


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:x()"])
def test_nobody_is_sent_elsewhere_after_the_code(target):
    _, device = with_second_factor("Editor", username="ann")
    client, _ = log_in("ann")
    response = client.post(f"/admin/second-factor/?next={target}", {"code": code_of(device)})
    assert response["Location"] == INDEX


def test_a_role_that_needs_it_sets_it_up_at_the_next_login_and_gets_recovery_codes():
    user = make_user("Reviewer", username="ann")
    SecondFactorRule.objects.create(group=Group.objects.get(name="Reviewer"))
    client, _ = log_in("ann")

    response = client.get(INDEX, follow=True)
    assert response.redirect_chain[-1][0].startswith("/admin/second-factor/set-up/")
    device = TOTPDevice.objects.get(user=user)
    assert not device.confirmed
    done = client.post("/admin/second-factor/set-up/", {"code": code_of(device)})
    codes = done.context["codes"]
    assert len(codes) == second_factor.RECOVERY_CODES
    assert client.get(INDEX).status_code == 200

    other, _ = log_in("ann")
    assert other.post("/admin/second-factor/", {"code": codes[0]}).status_code == 302
    assert other.get(INDEX).status_code == 200
    assert other.post("/admin/second-factor/remove/", {"code": codes[1]}).status_code == 403


def test_a_second_factor_that_nobody_needs_can_be_removed_with_a_code():
    user, device = with_second_factor("Editor", username="ann")
    client, _ = log_in("ann")
    client.post("/admin/second-factor/", {"code": code_of(device)})
    device.refresh_from_db()

    client.post("/admin/second-factor/remove/", {"code": code_of(device, ahead=1)})

    assert not second_factor.has_one(user)


@pytest.mark.parametrize("page", ["", "set-up/", "remove/"])
def test_strangers_are_asked_to_log_in(client, page):
    response = client.get(f"/admin/second-factor/{page}")
    assert response["Location"].startswith(LOGIN)


# Looking after accounts


@pytest.fixture
def administrator(client):
    client.force_login(make_user("Administrator", username="admin"))
    return client


def user_page(user, page="change"):
    return reverse(f"admin:auth_user_{page}", args=[user.pk])


def test_administrators_give_roles_and_no_other_rights(administrator):
    user = make_user(username="new")
    form = administrator.get(user_page(user)).context["adminform"].form
    assert "user_permissions" not in form.fields
    assert "is_superuser" not in form.fields

    reviewer = Group.objects.get(name="Reviewer").pk
    fields = {"username": "new", "is_active": "on", "is_staff": "on", "groups": [reviewer]}
    inline = {"editor_profile-TOTAL_FORMS": "1", "editor_profile-INITIAL_FORMS": "0"}
    fields |= inline | {"editor_profile-0-public_name": "N. N.", "is_superuser": "on"}
    assert administrator.post(user_page(user), fields).status_code == 302

    user = User.objects.get(pk=user.pk)
    assert [group.name for group in user.groups.all()] == ["Reviewer"]
    assert not user.is_superuser
    assert user.editor_profile.public_name == "N. N."


def test_administrators_do_not_touch_superusers(administrator):
    boss = make_user(username="boss", is_superuser=True)
    assert administrator.post(user_page(boss), {"username": "x"}).status_code == 403
    assert administrator.post(user_page(boss, "delete"), {"post": "yes"}).status_code == 403
    password = reverse("admin:auth_user_password_change", args=[boss.pk])
    assert administrator.get(password).status_code == 403
    TOTPDevice.objects.create(user=boss)
    chosen = {"action": "remove_second_factor", "_selected_action": [boss.pk]}
    assert administrator.post("/admin/auth/user/", chosen).status_code == 403
    assert second_factor.has_one(boss)


def test_administrators_remove_the_second_factor_of_a_lost_phone(administrator):
    user, _ = with_second_factor("Editor")
    chosen = {"action": "remove_second_factor", "_selected_action": [user.pk]}
    administrator.post("/admin/auth/user/", chosen)
    assert not second_factor.has_one(user)


@pytest.mark.parametrize("role", ["Contributor", "Editor", "Reviewer"])
@pytest.mark.parametrize(
    "page", ["auth/user/", "auth/group/", "desk/secondfactorrule/", "axes/accesslog/"]
)
def test_nobody_else_sees_accounts(client, role, page):
    client.force_login(make_user(role))
    assert client.get(f"/admin/{page}").status_code == 403


def test_logins_are_on_record_for_administrators(administrator):
    make_user("Editor", username="ann")
    log_in("ann")
    page = administrator.get("/admin/axes/accesslog/")
    assert b"ann" in page.content


def test_everybody_chooses_their_own_name_in_public(client):
    user = make_user("Editor")
    client.force_login(user)
    client.post("/admin/account/", {"public_name": "Ann B."})
    assert User.objects.get(pk=user.pk).editor_profile.public_name == "Ann B."
