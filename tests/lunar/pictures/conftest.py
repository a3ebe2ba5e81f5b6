import pytest

from lunar.pictures import Picture, registry


class Sketch(Picture):
    """A picture with one of everything that a file has to change."""

    name = "sketch"
    title = "A sketch with <angles> & ampersands"
    description = "One mark."
    credit = "Photograph: nobody"
    template_name = "sketch.svg"
    parameters = ("programme", "q", "size")
    width, height = 300, 200
    page = "missions:mission-list"

    def context(self):
        return {}

    def body(self):
        return (
            '<image href="/static/lunar/img/icon.svg" width="10" height="10"/>'
            '<a href="/missions/luna-15/"><title>Luna 15</title>'
            '<circle r="4" cx="20" cy="20" fill="var(--accent)" class="sketch-mark"/></a>'
            '<a href="?q=soil"><text x="10" y="60" font-size="var(--step--1)">soil</text></a>'
            '<use href="#symbol"/>'
        )


@pytest.fixture
def sketch(monkeypatch):
    """A registered picture that needs no record."""
    monkeypatch.setitem(registry._pictures, Sketch.name, Sketch)
    return Sketch
