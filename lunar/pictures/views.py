"""Pictures and cards as files; a page shows a picture by itself."""

import hashlib

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from lunar.pictures import cards, files, registry

# An SVG file is a document: opened by itself it may style itself, and do nothing else.
ALONE = {"default-src": [NONE], "style-src": [UNSAFE_INLINE], "img-src": ["data:"], "sandbox": True}


@require_safe
@csp(ALONE)
def picture_svg(request, name):
    file = _file(request, name)
    refused = _refused(file.picture)
    if refused:
        return refused
    svg = file.svg()
    return _answer(
        request, svg, lambda: svg.encode(), "image/svg+xml; charset=utf-8", f"{file.file_name}.svg"
    )


@require_safe
def picture_png(request, name):
    file = _file(request, name)
    refused = _refused(file.picture)
    if refused:
        return refused
    svg = file.svg()
    return _answer(
        request,
        svg,
        lambda: files.png(svg, *files.size_of(svg)),
        "image/png",
        f"{file.file_name}.png",
    )


@require_safe
def card(request, kind, slug):
    """The Open Graph image of one record; there is none of a draft."""
    drawn = cards.card_of(kind, slug)
    if drawn is None:
        raise Http404("No public record has this card.")
    return _card(request, drawn, f"lunar-record-{slug.lower()}.png")


@require_safe
def default_card(request):
    return _card(request, cards.SITE, "lunar-record.png")


def _card(request, drawn, name):
    svg = cards.svg(drawn)
    return _answer(
        request, svg, lambda: files.png(svg, cards.WIDTH, cards.HEIGHT, 1), "image/png", name
    )


def _file(request, name):
    try:
        cls = registry.picture(name)
    except KeyError:
        raise Http404("No picture has this name.") from None
    return files.PictureFile(
        cls(request.GET), request.build_absolute_uri("/"), timezone.now().date()
    )


def _refused(picture):
    """Return the answer to parameters that say nothing sensible, or None."""
    problems = problems_of(picture)
    if not problems:
        return None
    text = "\n".join(["This picture cannot be drawn as asked.", *problems, ""])
    return HttpResponse(text, status=400, content_type="text/plain; charset=utf-8")


def problems_of(picture):
    """Return what is wrong with the picture's parameters, in sentences that name each."""
    form = getattr(picture, "form", None) or getattr(
        getattr(picture, "filterset", None), "form", None
    )
    if form is None or form.is_valid():
        return []
    return [
        f"{form.fields[name].label or name}: {error}" if name in form.fields else str(error)
        for name, errors in form.errors.items()
        for error in errors
    ]


def _answer(request, svg, content, content_type, name):
    """Return the file, or 304 where the asker has it; only then is nothing drawn."""
    etag = f'"{hashlib.sha256(svg.encode()).hexdigest()[:32]}-{name.rpartition(".")[2]}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            response = HttpResponse(content(), content_type=content_type)
        except files.TooBusy:
            return HttpResponse(
                "Too many images are being drawn just now. Please try again in a minute.\n",
                status=503,
                content_type="text/plain; charset=utf-8",
                headers={"Retry-After": "60"},
            )
        response["Content-Disposition"] = f'inline; filename="{name}"'
    response["ETag"] = etag
    response["Cache-Control"] = "public, no-cache"  # keep it, but ask whether it still holds
    return response
