"""A picture as a file of its own: framed by its title, source line and licence, as SVG or PNG."""

import base64
import math
import mimetypes
import re
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import BoundedSemaphore
from urllib.parse import urljoin

from django.conf import settings
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import slugify

from lunar.pictures import lettering, styles

MARGIN = 28  # px around the picture
LEAST_WIDTH = 480  # px, so that the source line has room beside a narrow picture
TITLE_SIZE, SOURCE_SIZE, LEADING = 26, 13, 1.35
SCALE = 2  # PNG pixels for each px
MOST_PIXELS = 8_000_000  # of a PNG; larger pictures get fewer for each px
KEPT_IMAGES = 24  # encoded for embedding, at most some 100 kB each
KEPT_DRAWINGS = 8  # PNG, at most some MB each
PROGRAM = Path(__file__).with_name("draw.py")
AT_ONCE, PATIENCE = 2, 30  # images drawn at the same time by one server process; seconds
LICENCE = "CC BY 4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"

IMAGE = re.compile(r'(<image\b[^>]*?\s(?:xlink:)?href=")([^"]+)(")')
LINK = re.compile(r'(<a\b[^>]*?\s(?:xlink:)?href=")([^"]+)(")')

_drawing = BoundedSemaphore(AT_ONCE)


@dataclass
class Line:
    """A line of text of the frame and its baseline."""

    text: str
    y: float


class PictureFile:
    """One picture with all that it needs where nothing of the site is at hand.

    `site` is the address of the front page, `today` the day on which the record was read.
    """

    def __init__(self, picture, site, today):
        self.picture = picture
        self.site = site
        self.today = f"{today.day} {today:%B %Y}"
        self.width = max(picture.width, LEAST_WIDTH) + 2 * MARGIN

    @property
    def page(self):
        """The address of the page that shows this very picture."""
        return urljoin(self.site, page_address(self.picture))

    @property
    def source(self):
        credit = getattr(self.picture, "credit", "")
        said = f"Source: Lunar Record, {self.page}, as of {self.today}"
        return f"{said}; {credit}" if credit else f"{said}."

    @property
    def file_name(self):
        """A name that tells what the file shows: lunar-record-moon-map-chang-e."""
        return slugify(" ".join(["lunar-record", self.picture.name, *asked(self.picture).values()]))

    def svg(self):
        """Return the file as SVG text."""
        picture, room = self.picture, self.width - 2 * MARGIN
        body = self._standing_alone(str(picture.body()))
        title, y = _set(picture.title, TITLE_SIZE, MARGIN, room, lettering.SERIF_BOLD)
        top = y + 16
        # Browsers set the words in fonts of their own, which may be wider than ours.
        source, y = _set(self.source, SOURCE_SIZE, top + picture.height + 22, room * 0.88)
        licence, y = _set(f"Licence: {LICENCE}, {LICENCE_URL}", SOURCE_SIZE, y, room * 0.88)
        frame = render_to_string(
            "pictures/file.svg",
            {
                "file": self,
                "picture": picture,
                "height": math.ceil(y + MARGIN * 0.7),
                "margin": MARGIN,
                "right": self.width - MARGIN,
                "left": (self.width - picture.width) / 2,
                "top": top,
                "title": title,
                "source": source,
                "licence": licence,
                "rule": top + picture.height + 14,
                "sizes": {"title": TITLE_SIZE, "source": SOURCE_SIZE},
                "body": body,
                "rules": styles.rules_for(f'<g id="{picture.name}">{body}').replace("<", ""),
            },
        )
        return styles.resolved(frame)

    def _standing_alone(self, body):
        """Return the picture's body with its images inside it and its links in full."""
        body = IMAGE.sub(lambda m: f"{m[1]}{data_uri(m[2])}{m[3]}", body)
        return LINK.sub(lambda m: f"{m[1]}{self._in_full(m[2])}{m[3]}", body)

    def _in_full(self, href):
        return href if href.startswith("#") else urljoin(self.page, href)


def asked(picture):
    """Return {name: value} of the parameters that say something."""
    params = picture.params
    pairs = params.items() if hasattr(params, "items") else ()
    return {name: str(value) for name, value in pairs if value not in (None, "")}


def query_of(picture):
    """Return the query string of these parameters, with its question mark, or ""."""
    query = QueryDict(mutable=True)
    query.update(asked(picture))
    return f"?{query.urlencode()}" if query else ""


def page_address(picture):
    """Return the path and query of the page that shows the picture."""
    return f"{reverse(picture.page) if picture.page else reverse('home')}{query_of(picture)}"


def data_uri(href):
    """Return a static image of the site as a data: address."""
    if href.startswith("data:"):
        return href
    name = href.removeprefix(settings.STATIC_URL)
    if name == href:
        raise ValueError(f"A picture may hold images of the site only, not {href!r}.")
    return _encoded(styles.static_path(name.partition("?")[0]))


@lru_cache(maxsize=KEPT_IMAGES)
def _encoded(path):
    kind, _ = mimetypes.guess_type(path)
    kind = kind or "image/webp"  # which some systems' lists lack
    with open(path, "rb") as file:
        return f"data:{kind};base64,{base64.b64encode(file.read()).decode()}"


class TooBusy(Exception):  # noqa: N818  it is an answer rather than an error
    """So many images are being drawn, or one takes so long, that this one has to wait."""


@lru_cache(maxsize=KEPT_DRAWINGS)
def png(svg, width, height, scale=SCALE):
    """Return an SVG of `width` × `height` px as PNG, drawn with the project's own fonts."""
    scale = min(scale, math.sqrt(MOST_PIXELS / (width * height)))
    if not _drawing.acquire(timeout=PATIENCE):
        raise TooBusy
    try:
        program = subprocess.run(  # noqa: S603  our own program, and a number
            [sys.executable, "-P", PROGRAM, str(scale)],
            input=svg.encode(),
            stdout=subprocess.PIPE,
            timeout=PATIENCE,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise TooBusy from error
    finally:
        _drawing.release()
    return program.stdout


def size_of(svg):
    """Return (width, height) in px as the root of an SVG file of ours says them."""
    return tuple(float(re.search(rf'\b{side}="([\d.]+)"', svg)[1]) for side in ("width", "height"))


def _set(text, size, top, room, font=lettering.SANS):
    """Return ([Line] of the text, where it ends)."""
    step = size * LEADING
    found = lettering.lines(text, size, room, font)
    return [Line(t, top + size + i * step) for i, t in enumerate(found)], top + step * len(found)
