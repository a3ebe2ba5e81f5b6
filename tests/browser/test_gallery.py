"""The gallery of components, looked at: nothing overflows, no words lie on others.

With LUNAR_SHOTS set to a directory the photographs are kept there.
"""

import os
from pathlib import Path

import pytest

WIDTHS = [360, 768, 1280]

# Pairs of words of one picture whose ink lies on the other's, and words outside their picture.
# Two px of every box are air above and below the letters, as is the space of the font itself.
COLLISIONS = """svg => {
  const air = 0.18;
  const boxes = [...svg.querySelectorAll('text')].map(text => {
    const box = text.getBoundingClientRect();
    const style = getComputedStyle(text);
    const isSeen = style.display !== 'none' && style.visibility !== 'hidden'
      && style.opacity !== '0' && box.width > 0 && text.textContent.trim();
    const lines = text.getBBox().height / parseFloat(style.fontSize) > 1.9;
    return isSeen && !lines ? {
      words: text.textContent.trim().replace(/\\s+/g, ' '),
      left: box.left + 0.5, right: box.right - 0.5,
      top: box.top + box.height * air, bottom: box.bottom - box.height * air,
    } : null;
  }).filter(Boolean);
  const frame = svg.getBoundingClientRect();
  const found = boxes
    .filter(b => b.left < frame.left - 1 || b.right > frame.right + 1
      || b.top < frame.top - 1 || b.bottom > frame.bottom + 1)
    .map(b => `${b.words} (outside)`);
  boxes.forEach((a, i) => boxes.slice(i + 1).forEach(b => {
    if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom) {
      found.push(`${a.words} / ${b.words}`);
    }
  }));
  return found;
}"""


@pytest.fixture
def shots(tmp_path):
    """Where photographs go."""
    directory = Path(os.environ.get("LUNAR_SHOTS") or tmp_path)
    directory.mkdir(parents=True, exist_ok=True)
    return directory


@pytest.mark.parametrize("width", WIDTHS)
def test_gallery_fits_and_its_pictures_can_be_read(page, scheme, shots, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/about/gallery/")
    page.screenshot(path=shots / f"gallery-{width}-{scheme}.png", full_page=True)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    collisions = {}
    for picture in page.locator("figure.picture").all():
        found = picture.locator("> svg, > * > svg").first.evaluate(COLLISIONS)
        if found:
            collisions[picture.get_attribute("id")] = found
    assert collisions == {}


def test_axe_finds_nothing_in_the_gallery(page, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page.goto("/about/gallery/")
    found = Axe().run(page).response["violations"]

    assert [(v["id"], [n["html"] for n in v["nodes"]][:3]) for v in found] == []


def test_every_picture_of_the_gallery_downloads(page):
    page.goto("/about/gallery/")
    for link in page.locator(".picture-files a").all():
        response = page.request.get(link.get_attribute("href"))

        assert response.status == 200
        assert response.headers["content-type"].startswith(("image/svg+xml", "image/png"))


def test_picture_as_svg_opens_by_itself(page):
    page.goto("/pictures/mass-returned.svg")

    assert page.evaluate("document.documentElement.tagName") == "svg"
    assert "Lunar Record" in page.evaluate("document.documentElement.textContent")
