"""The site's style sheets brought to a form that lasts outside the site.

A file of a picture has to look right where nothing knows the site's style sheet, and in the PNG
renderer, which knows neither custom properties nor the `font` shorthand. So the light values of
the tokens are put in their place, lengths are in px, and only rules that the picture uses stay.
"""

import re
from functools import lru_cache

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage

REM = 16  # px
ASSUMED_WIDTH = 1280  # px of the screen, for rules that depend on it
TOKENS_SHEET = "lunar/css/site.css"
PICTURES_SHEET = "lunar/css/pictures.css"
OWN_FAMILIES = {"--sans": "'Source Sans 3', ", "--serif": "'Source Serif 4', "}

COMMENT = re.compile(r"/\*.*?\*/", re.S)
TOKEN = re.compile(r"(--[\w-]+)\s*:\s*([^;}]+)")
VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,\s*([^()]*(?:\([^()]*\))?[^()]*))?\)")
LENGTH = re.compile(r"(?<![\w.])(\d*\.?\d+)rem\b")
CLAMP = re.compile(r"clamp\([^,]+,[^,]+,\s*([^()]+)\)")
WIDTH_CONDITION = re.compile(r"\((min|max)-width:\s*([\d.]+)(rem|em|px)\)")
FONT = re.compile(
    r"(?P<lead>(?:(?:italic|oblique|normal|bold|\d{3})\s+)*)(?P<size>[\d.]+(?:px|em|%)?)"
    r"(?:\s*/\s*[\d.]+\w*)?\s+(?P<family>.+)"
)
UNKNOWN_STATES = re.compile(r"::|:(?!not|first|last|nth|only)")
NAMES = re.compile(r"[.#]([\w-]+)")


def sheet(name):
    """Return the text of one of the site's style sheets, without comments."""
    with open(static_path(name), encoding="utf-8") as file:
        return COMMENT.sub("", file.read())


def static_path(name):
    """Return where a static file lies; `name` may be the one that carries its hash."""
    return finders.find(name) or staticfiles_storage.path(name)


def tokens():
    """Return {"--ink": "#1b1d22", …}: the custom properties' light values, in px."""
    return _tokens_of(sheet(TOKENS_SHEET), sheet(PICTURES_SHEET))


@lru_cache(maxsize=2)
def _tokens_of(*sheets):
    found = {}
    for text in sheets:
        for selector, body in _blocks(text):
            if selector == ":root":
                found |= {name: value.strip() for name, value in TOKEN.findall(body)}
    for name, families in OWN_FAMILIES.items():
        found[name] = families + found.get(name, "sans-serif")
    # Single quotes, as values also go into attributes.
    return {name: _in_px(" ".join(v.split())).replace('"', "'") for name, v in found.items()}


def resolved(text):
    """Return `text` (markup or rules) with every var(--x) replaced by its light value."""
    values = tokens()
    for _ in range(4):  # a token's value may name a token
        text, changes = VARIABLE.subn(
            lambda match: values.get(match[1], (match[2] or "").strip() or "inherit"), text
        )
        if not changes:
            break
    return text


def rules_for(markup):
    """Return the rules of the pictures' style sheet that `markup` uses, resolved."""
    known = {"picture", *re.findall(r'\bid="([^"]+)"', markup)}
    for names in re.findall(r'\bclass="([^"]+)"', markup):
        known.update(names.split())
    kept = []
    for selectors, body in _flat(sheet(PICTURES_SHEET)):
        used = [s for s in (part.strip() for part in selectors.split(",")) if _applies(s, known)]
        if used:
            declarations = ";".join(_declarations(resolved(body)))
            kept.append(f"{','.join(used)}{{{declarations}}}")
    return "\n".join(kept)


def _applies(selector, known):
    subject = re.split(r"[\s>+~]+", selector)[-1]
    return not (
        selector.startswith(":root")
        or subject.startswith(("svg", "figcaption", "figure", "table"))
        or UNKNOWN_STATES.search(selector)
        or set(NAMES.findall(selector)) - known
    )


def _declarations(body):
    for declaration in body.split(";"):
        name, colon, value = declaration.partition(":")
        name, value = name.strip(), _in_px(" ".join(value.split()))
        font = FONT.fullmatch(value) if name == "font" else None
        if font:
            style = "italic" if "italic" in font["lead"] else "normal"
            weight = re.search(r"bold|\d{3}", font["lead"])
            yield f"font-style:{style}"
            yield f"font-weight:{weight[0] if weight else 400}"
            yield f"font-size:{font['size']}"
            yield f"font-family:{font['family']}"
        elif colon and not name.startswith("--"):
            yield f"{name}:{value}"


def _in_px(value):
    value = CLAMP.sub(r"\1", value)
    return LENGTH.sub(lambda match: f"{float(match[1]) * REM:g}px", value)


def _flat(text):
    """Yield (selectors, body) of all rules, with those that a wide screen would apply."""
    for selector, body in _blocks(text):
        if not selector.startswith("@"):
            yield selector, body
        elif selector.startswith("@media") and _fits(selector):
            yield from _flat(body)


def _fits(query):
    conditions = WIDTH_CONDITION.findall(query)
    if len(conditions) != query.count("("):
        return False
    sizes = ((kind, float(n) * (1 if unit == "px" else REM)) for kind, n, unit in conditions)
    return all(
        size <= ASSUMED_WIDTH if kind == "min" else size >= ASSUMED_WIDTH for kind, size in sizes
    )


def _blocks(text):
    """Yield (what stands before the braces, what stands in them), without looking deeper."""
    depth, start, body = 0, 0, 0
    for match in re.finditer(r"[{}]", text):
        if match[0] == "{":
            if depth == 0:
                selector, body = text[start : match.start()].strip(), match.end()
            depth += 1
        else:
            depth -= 1
            if depth == 0:
                yield selector, text[body : match.start()]
                start = match.end()
