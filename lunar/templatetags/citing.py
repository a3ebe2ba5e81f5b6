"""What the head of a page tells reference managers and robots, and how a list is cited."""

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe

from lunar.citing import linked_data
from lunar.data import exports
from lunar.data.about import LICENCE, TITLE

register = template.Library()

WHOLE = [  # the files that hold the whole record
    ("application/zip", exports.ZIP),
    ("application/vnd.sqlite3", exports.DATABASE),
]


@register.simple_tag(takes_context=True)
def canonical_url(context):
    """The one address of this page, whatever else it was asked for; "" in the admin."""
    request = context.get("request")
    if request is None or request.path.startswith(reverse("admin:index")):
        return ""
    query = context.get("canonical", "")  # of a list: its query string
    return request.path + (query if query != "?" else "")


@register.inclusion_tag("citing/_head.html")
def citing_head(citation):
    """Meta tags by which reference managers know the record, and the record as linked data."""
    return {
        "citation": citation,
        "work": citation.work,
        "scholar_date": citation.work.iso_date.replace("-", "/"),
        "licence": LICENCE["path"],
        "data": linked_data.script(linked_data.page(citation)),
    }


@register.simple_tag(takes_context=True)
def dataset_data(context):
    """The whole record as linked data, to stand within a script element."""
    request = context["request"]
    files = [(kind, reverse("data-file", args=[name])) for kind, name in WHOLE]
    return linked_data.script(linked_data.dataset(request.build_absolute_uri, files))


@register.inclusion_tag("citing/_page.html", takes_context=True)
def cite_page(context):
    """How to cite a page of many records: its title, what was asked for, its address, the day."""
    request, filterset = context["request"], context.get("filterset")
    title = context.get("page_title", TITLE).removesuffix(f" | {TITLE}")
    return {
        "title": mark_safe(title),  # noqa: S308  of a captured block
        "chosen": [(label, value) for label, value, _ in filterset.chosen()] if filterset else [],
        "url": request.build_absolute_uri(canonical_url(context)),
        "today": timezone.now().date(),
    }
