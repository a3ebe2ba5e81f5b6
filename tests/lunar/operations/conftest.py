"""A small site on a database of its own, of which backups are made and which faults befall."""

import shutil
import signal
from contextlib import contextmanager

import pytest

from lunar.desk.adoption import adopt
from tests.installation import connected, empty_installation, installation
from tests.servers import SET_UP, ProductionServer, answer_of


@pytest.fixture(scope="package")
def installed(tmp_path_factory, django_db_setup, django_db_blocker):
    """The environment of a small site, and what is in it: three missions, two editors."""
    with empty_installation(tmp_path_factory.mktemp("site")) as environment:
        people = answer_of(environment, SET_UP, 2, 3)
        with django_db_blocker.unblock(), connected(environment):
            adopt("Added.")
        yield environment, people


@pytest.fixture(scope="package")
def environment(installed):
    return installed[0]


@pytest.fixture(scope="package")
def people(installed):
    return installed[1]


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


@pytest.fixture(scope="package")
def server(environment):
    """A server of the site for as long as all of its tests."""
    server = ProductionServer(environment)
    try:
        server.start()
        yield server
    finally:
        server.stop(signal.SIGKILL)
