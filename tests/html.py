"""What must hold of the HTML of every public page, and what tests ask of it."""

from functools import cached_property
from urllib.parse import urldefrag, urljoin

import html5lib

REFERRING = ("aria-controls", "aria-describedby", "aria-details", "aria-labelledby", "headers")
LOADING = {
    "embed": "src",
    "iframe": "src",
    "img": "src",
    "input": "src",
    "link": "href",
    "object": "data",
    "script": "src",
    "source": "src",
    "use": "href",
}


TEXTS = (
    "text/",
    "image/svg+xml",
    "application/json",
    "application/xml",
    "application/atom+xml",
    "application/x-bibtex",
    "application/x-research-info-systems",
    "application/vnd.citationstyles.csl+json",
)
DATA = "application/ld+json"  # a block of data, which no Content-Security-Policy stops


class Page:
    """The HTML of a response, parsed as the standard says; `errors` are where it is not.

    Of a picture or a download only the text, if any, and the status are of interest.
    """

    def __init__(self, response):
        kind = response["Content-Type"]
        content = response.getvalue()  # a file is read to its end, and so closed
        self.text = content.decode() if kind.startswith(TEXTS) else ""
        self.html = self.text if kind.startswith("text/html") else ""
        self.status = response.status_code
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        self.tree = parser.parse(self.html)
        self.errors = [
            f"line {place[0]}: {code} {details}" for place, code, details in parser.errors
        ]
        self.address = response.wsgi_request.get_full_path()

    @cached_property
    def elements(self):
        return [element for element in self.tree.iter() if isinstance(element.tag, str)]

    @cached_property
    def ids(self):
        return [element.get("id") for element in self.elements if element.get("id") is not None]

    @property
    def title(self):
        return "".join(title.text or "" for title in self.all("title"))

    @property
    def links(self):
        """The internal addresses it links to, with fragments: “/missions/luna-16/#launch”."""
        found = (urljoin(self.address, a.get("href")) for a in self.all("a"))
        return [url for url in found if url.startswith("/")]

    def all(self, tag):
        return [element for element in self.elements if element.tag == tag]

    @property
    def problems(self):
        """Everything in which the page breaks a rule, in words; empty if all is well."""
        return [
            *self.errors,
            *self._outline(),
            *self._references(),
            *self._controls(),
            *self._own_code_and_style(),
            *self._loaded_from_elsewhere(),
        ]

    def _outline(self):
        if self.tree.get("lang") != "en":
            yield "the language is not said"
        if not self.title.strip():
            yield "it has no title"
        if len(self.all("h1")) != 1:
            yield f"it has {len(self.all('h1'))} h1"
        yield from {f"id {name!r} is there twice" for name in self.ids if self.ids.count(name) > 1}

    def _references(self):
        for element in self.elements:
            named = [(n, part) for n in REFERRING for part in (element.get(n) or "").split()]
            if element.tag == "label":
                named.append(("for", element.get("for")))
            address, fragment = urldefrag(element.get("href") or "")
            if fragment and not address:
                named.append(("href", fragment))
            for name, target in named:
                if target not in self.ids:
                    yield f"{element.tag} {name}={target!r} leads nowhere"

    def _controls(self):
        labelled = {label.get("for") for label in self.all("label")}
        for element in self.elements:
            is_control = element.tag in {"select", "textarea"} or (
                element.tag == "input" and element.get("type") != "hidden"
            )
            if is_control and element.get("id") not in labelled and not element.get("aria-label"):
                yield f"{element.tag} {element.get('name')!r} has no label"
            if element.tag == "img" and element.get("alt") is None:
                yield f"img {element.get('src')!r} has no alt"
            if element.tag in {"a", "button"} and not "".join(element.itertext()).strip():
                yield f"{element.tag} {element.get('href')!r} has no words"

    def _own_code_and_style(self):
        """What the Content-Security-Policy would block."""
        for element in self.elements:
            is_code = element.tag == "script" and element.get("type") != DATA
            if element.tag == "style" or (is_code and not element.get("src")):
                yield f"inline {element.tag}"
            for name in map(str, element.attrib):
                if name == "style" or name.startswith("on"):
                    yield f"{element.tag} has the attribute {name}"
            if (element.get("href") or "").strip().lower().startswith(("javascript:", "data:")):
                yield f"{element.tag} leads to {element.get('href')!r}"

    def _loaded_from_elsewhere(self):
        for element in self.elements:
            url = element.get(LOADING.get(element.tag, ""), "")
            if element.tag == "form":
                url = element.get("action", "")
            if url.startswith("//") or ":" in url.partition("/")[0]:
                yield f"{element.tag} needs {url!r}"
