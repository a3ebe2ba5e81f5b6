"""Every variable is read by the settings, described there, and explained to whoever sets it."""

import re

import pytest
from django.conf import settings

from lunar.operations.environment import Environment
from tests.deploy.production import DEPLOY

SETTINGS = (settings.BASE_DIR / "lunar/settings.py").read_text()
OURS = re.compile(r"\b(?:LUNAR_[A-Z_]+[A-Z]|[A-Z_]+_URL)\b")
LOCAL = {"LUNAR_DEBUG"}


def described():
    return set(re.findall(r"^([A-Z_]+) ", SETTINGS.split('"""')[1], re.MULTILINE))


def explained():
    text = (DEPLOY / "environment.example").read_text()
    return set(re.findall(r"^#?([A-Z_]+)=", text, re.MULTILINE))


def test_settings_describe_what_they_read():
    readers = "|".join(name for name in vars(Environment) if not name.startswith("_"))
    read = set(re.findall(rf'environment\.(?:{readers})\(\s*"([A-Z_]+)"', SETTINGS))

    assert read == described()


def test_each_variable_is_explained_in_the_example():
    assert {name for name in explained() if OURS.fullmatch(name)} == described() - LOCAL


@pytest.mark.parametrize(
    "path",
    sorted(path for path in DEPLOY.rglob("*") if path.is_file() and path.suffix != ".lock"),
    ids=lambda path: path.name,
)
def test_files_name_no_variable_that_there_is_not(path):
    assert set(OURS.findall(path.read_text())) <= described()


def test_each_line_of_the_example_means_the_same_to_systemd_and_to_compose():
    lines = (DEPLOY / "environment.example").read_text().splitlines()

    assert all(re.fullmatch(r"(#.*|[A-Z_]+=[^\s\"'\\$#]*|)", line) for line in lines), (
        "no quotes, spaces or comments after a value"
    )


def test_the_example_has_no_secret():
    text = (DEPLOY / "environment.example").read_text()

    assert re.findall(r"^#?\w*(?:SECRET_KEY|TOKEN|PASSWORD)=(.*)$", text, re.MULTILINE) == [""] * 3
    assert not re.search(r"://[^/\s]*:[^/\s]*@", text)
