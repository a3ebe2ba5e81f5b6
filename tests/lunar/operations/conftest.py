"""A small site on a database of its own, of which backups are made."""

import shutil
from contextlib import contextmanager

import pytest

from lunar.desk.history import Way, recording
from tests import factories as make
from tests.installation import connected, empty_installation, installation


@pytest.fixture(scope="package")
def environment(tmp_path_factory, django_db_setup, django_db_blocker):
    """For processes that use a small record: two missions and who may edit them."""
    with empty_installation(tmp_path_factory.mktemp("site")) as environment:
        with django_db_blocker.unblock(), connected(environment):
            with recording(None, "Added.", Way.COMMAND):
                for slug in ("luna-16", "luna-24"):
                    make.make_mission(slug=slug, aim="Turn 0")
            make.make_user("Reviewer", username="editor")
        yield environment


@pytest.fixture
def at(settings, django_db_blocker):
    """Return a context manager in which this process works on an installation."""

    @contextmanager
    def at(environment):
        settings.DATA_DIR = environment["LUNAR_DATA_DIR"]
        shutil.rmtree(f"{settings.DATA_DIR}/replaced", ignore_errors=True)
        with django_db_blocker.unblock(), connected(environment):
            yield

    return at


@pytest.fixture
def site(environment, at):
    """This process works on the small site."""
    with at(environment):
        yield environment


@pytest.fixture
def elsewhere(tmp_path):
    """For processes that use a database without even tables."""
    with installation(tmp_path / "elsewhere") as environment:
        yield environment
