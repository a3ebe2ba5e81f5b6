"""Pictures as files: first a sketch made here, then every one that is registered."""

import math
import re
import struct
from datetime import date
from xml.etree import ElementTree

import pytest
from django.http import QueryDict

from lunar.pictures import pictures
from lunar.pictures.files import MOST_PIXELS, PictureFile, size_of
from tests.world import SECRET, make_world, plant_drafts

SVG = "{http://www.w3.org/2000/svg}"
NAMES = [cls.name for cls in pictures()]


def parsed(svg):
    return ElementTree.fromstring(svg)  # noqa: S314  our own


def words_of(tree):
    return " ".join(" ".join(text.itertext()) for text in tree.iter(f"{SVG}text"))


def addresses(tree):
    """Return [(element, address)] of all that leads anywhere or loads anything."""
    return [
        (element.tag.removeprefix(SVG), value)
        for element in tree.iter()
        for name, value in element.attrib.items()
        if name.rpartition("}")[2] in {"href", "src"}
    ]


def is_self_contained(tree):
    tags = {element.tag for element in tree.iter()}
    leading = [pair for pair in addresses(tree) if not pair[1].startswith(("data:", "#"))]
    attributes = [name for element in tree.iter() for name in element.attrib]
    return (
        not tags & {f"{SVG}script", f"{SVG}foreignObject"}
        and not [name for name in attributes if name.startswith("on") or name == "style"]
        and all(tag == "a" and url.startswith("http") for tag, url in leading)
        and not re.search(r"url\((?!['\"]?#)|@import", ElementTree.tostring(tree, "unicode"))
    )


def test_sketch_is_framed_by_title_source_and_licence(sketch):
    file = PictureFile(sketch(), "https://moon.example.org/", date(2026, 3, 1))
    words = words_of(parsed(file.svg()))

    assert words.startswith("A sketch with <angles> & ampersands")
    assert "Lunar Record, https://moon.example.org/missions/, as of 1 March 2026;" in words
    assert "Photograph: nobody" in words
    assert "Licence: CC BY 4.0" in words


def test_sketch_needs_nothing_of_the_site(sketch):
    file = PictureFile(sketch(), "https://moon.example.org/", date(2026, 3, 1))
    svg = file.svg()
    tree = parsed(svg)

    assert is_self_contained(tree)
    assert "var(" not in svg
    assert ("image", "data:image/svg+xml;base64,") in {
        (tag, url[:26]) for tag, url in addresses(tree)
    }
    assert {"https://moon.example.org/missions/luna-15/", "#symbol"} <= {
        url for _, url in addresses(tree)
    }
    assert "https://moon.example.org/missions/?q=soil" in {url for _, url in addresses(tree)}


def test_file_tells_what_was_asked_for(sketch):
    picture = sketch(QueryDict("programme=chang-e&q=&country=CN"))
    file = PictureFile(picture, "https://moon.example.org/", date(2026, 3, 1))

    assert file.page == "https://moon.example.org/missions/?programme=chang-e&country=CN"
    assert file.file_name == "lunar-record-sketch-chang-e-cn"


def test_picture_with_an_image_from_elsewhere_is_a_mistake(sketch, monkeypatch):
    monkeypatch.setattr(sketch, "body", lambda self: '<image href="https://example.org/a.png"/>')

    with pytest.raises(ValueError, match=r"images of the site only"):
        PictureFile(sketch(), "https://moon.example.org/", date(2026, 3, 1)).svg()


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_picture_of_an_empty_record_is_whole(client, name):
    response = client.get(f"/pictures/{name}.svg")

    assert response.status_code == 200
    assert is_self_contained(parsed(response.content))


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_picture_is_whole_says_where_it_is_from_and_no_word_of_a_draft(client, name):
    plant_drafts(make_world())
    response = client.get(f"/pictures/{name}.svg")
    tree = parsed(response.content)
    text = response.content.decode()

    assert is_self_contained(tree)
    assert tree.find(f"{SVG}title").text in words_of(tree)
    assert "Source: Lunar Record, http://testserver/" in words_of(tree)
    assert "Licence: CC BY 4.0" in words_of(tree)
    assert "var(" not in text
    assert SECRET not in text.lower()


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_picture_as_png_has_two_pixels_for_each_px_unless_it_is_huge(client, name):
    width, height = size_of(client.get(f"/pictures/{name}.svg").content.decode())
    response = client.get(f"/pictures/{name}.png")
    scale = min(2, math.sqrt(MOST_PIXELS / (width * height)))
    expected = [width * scale, height * scale]

    assert response.content.startswith(b"\x89PNG")
    assert list(struct.unpack(">LL", response.content[16:24])) == pytest.approx(expected, abs=2)
