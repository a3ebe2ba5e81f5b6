from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

pytestmark = pytest.mark.django_db


def add(*arguments):
    out = StringIO()
    call_command("add_editor", *arguments, stdout=out)
    return out.getvalue()


def password_in(printed):
    return printed.split("password")[1].strip()


def test_an_account_gets_its_roles_and_a_password_that_lets_in():
    printed = add("ann", "--role", "Editor", "--role", "Reviewer", "--public-name", "Ann B.")

    user = User.objects.get(username="ann")
    assert {group.name for group in user.groups.all()} == {"Editor", "Reviewer"}
    assert user.editor_profile.public_name == "Ann B."
    assert not user.is_superuser
    fields = {"username": "ann", "password": password_in(printed)}
    assert Client().post("/admin/login/", fields).status_code == 302


def test_a_name_is_given_once():
    add("ann", "--role", "Superuser")
    assert User.objects.get(username="ann").is_superuser

    with pytest.raises(CommandError, match="already"):
        add("ann", "--role", "Editor")
