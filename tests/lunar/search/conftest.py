import pytest

from lunar.search.results import search


@pytest.fixture
def names_found(db):
    """Return the names of what is found, in order, without the marks."""

    def names_found(words, kind="", page=1):
        found = search(words, kind, page).found
        return [one.name.replace("<mark>", "").replace("</mark>", "") for one in found]

    return names_found
