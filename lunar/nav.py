"""The site's sections and their pages, and where in them a request is."""

from dataclasses import dataclass

from django.urls import reverse


@dataclass
class Link:
    """A link of the navigation; `current` is the value of its aria-current, or ""."""

    label: str
    url: str
    current: str = ""


# (label, name of the section's first page, its pages)
SECTIONS = [
    (
        "Missions",
        "missions:mission-list",
        [
            ("All missions", "missions:mission-list"),
            ("Map", "missions:map"),
            ("Programmes", "missions:programme-list"),
            ("Samples returned", "missions:sample-list"),
            ("Timeline", "timeline"),
        ],
    ),
    (
        "Diplomacy",
        "diplomacy:home",
        [
            ("Overview", "diplomacy:home"),
            ("Transfers", "diplomacy:transfer-list"),
            ("Goodwill displays", "diplomacy:display-list"),
            ("Countries", "diplomacy:country-list"),
            ("Agreements", "diplomacy:agreement-list"),
        ],
    ),
    ("Sources", "source-list", []),
    (
        "About",
        "about",
        [
            ("About", "about"),
            ("Method", "method"),
            ("Coverage", "coverage"),
            ("Reliability", "reliability"),
        ],
    ),
]


def navigation(request):
    """Context processor: the sections, and the pages of the section that the request is in."""
    sections, pages = [], []
    for label, name, children in SECTIONS:
        section = Link(label, reverse(name))
        sections.append(section)
        if request.path.startswith(section.url):
            section.current = "page" if request.path == section.url else "true"
            pages = [Link(child, reverse(child_name)) for child, child_name in children]
    within = [link for link in pages if request.path.startswith(link.url)]
    if within:
        nearest = max(within, key=lambda link: len(link.url))
        nearest.current = "page" if request.path == nearest.url else "true"
    return {"sections": sections, "section_pages": pages}
