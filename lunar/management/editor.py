"""The demo's own editor, with a password made for this installation."""

import os
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils.crypto import get_random_string

NAME = "editor"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike


def make_password():
    """Return a new password that can be read aloud."""
    return get_random_string(16, LETTERS)


class Login(NamedTuple):
    """How to log in; the password is "" where only whoever changed it knows it."""

    name: str
    password: str


def demo_editor():
    """Return the Login of the demo's editor, who is made at the first call.

    The password is kept in DATA_DIR, readable by its owner alone. One that was changed in the
    admin stays as it is.
    """
    path = settings.DATA_DIR / "demo-editor.txt"
    password = path.read_text().strip() if path.exists() else ""
    users = get_user_model().objects
    editor = users.filter(username=NAME).first()
    if editor:
        known = bool(password) and editor.check_password(password)
        return Login(NAME, password if known else "")
    if not password:
        password = make_password()
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            path.chmod(0o600)  # a file that was there already keeps its mode otherwise
            file.write(password + "\n")
    users.create_superuser(NAME, password=password)
    return Login(NAME, password)
