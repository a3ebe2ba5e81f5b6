"""What a page tells other sites about itself, and the addresses of its pictures as files."""

from django import template
from django.urls import reverse
from django.utils.safestring import mark_safe

from lunar.pictures import cards, files

register = template.Library()

SITE_NAME = "Lunar Record"


class CaptureNode(template.Node):
    """Keeps the text of a block under a name, so that the page can say it more than once."""

    def __init__(self, nodelist, name):
        self.nodelist = nodelist
        self.name = name

    def render(self, context):
        text = self.nodelist.render(context)
        context[self.name] = mark_safe(text.strip())  # noqa: S308  rendered, so escaped already
        return ""


@register.tag
def capture(parser, token):
    """{% capture as name %}…{% endcapture %}: blocks within it are filled by pages as usual."""
    try:
        _, word, name = token.split_contents()
    except ValueError:
        word = name = ""
    if word != "as":
        raise template.TemplateSyntaxError("Write {% capture as name %}.")
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return CaptureNode(nodelist, name)


@register.inclusion_tag("pictures/_social.html", takes_context=True)
def social_card(context):
    """Open Graph and card tags of this page, from its `object` and its own title and words."""
    request = context.get("request")
    if request is None or request.path.startswith(reverse("admin:index")):
        return {}
    kind = cards.kind_of(context.get("object"))
    image = reverse("pictures:card", args=kind) if kind else reverse("pictures:default-card")
    title = context.get("page_title", SITE_NAME).removesuffix(f" | {SITE_NAME}")
    title = mark_safe(title)  # noqa: S308  of a captured block
    canonical = context.get("canonical", "")  # of a list: its query string
    return {
        "site_name": SITE_NAME,
        "title": title,
        "description": context.get("page_description", ""),
        "type": "article" if kind else "website",
        "url": request.build_absolute_uri(request.path + (canonical if canonical != "?" else "")),
        "image": request.build_absolute_uri(image),
        "width": cards.WIDTH,
        "height": cards.HEIGHT,
    }


@register.filter
def as_file(picture, ending):
    """The address of a picture as a file: {{ picture|as_file:"svg" }}."""
    return reverse(f"pictures:{ending}", args=[picture.name]) + files.query_of(picture)
