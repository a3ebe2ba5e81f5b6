import pytest

from lunar.canonical.loader import load
from tests.lunar.canonical.sample import sample, write_fixtures


@pytest.fixture
def rows():
    return sample()


@pytest.fixture
def directory(tmp_path):
    return tmp_path / "fixtures"


@pytest.fixture
def reload(db, directory, rows):
    """Write `rows` as they are now and load them; return the Plan."""

    def reload(**options):
        return load(write_fixtures(directory, rows), **options)

    return reload


@pytest.fixture
def loaded(reload, rows):
    """The sample record in the database; returns its rows, to be changed for another load."""
    reload()
    return rows
