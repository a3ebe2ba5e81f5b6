"""Pictures and cards as files; a page shows a picture by itself."""

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from lunar.pictures import cards, files, registry
from lunar.serving.pages import public_page

# An SVG file is a document: opened by itself it may style itself, and do nothing else.
ALONE = {"default-src": [NONE], "style-src": [UNSAFE_INLINE], "img-src": ["data:"], "sandbox": True}


def parameters_of(name):
    """Return the names of the parameters of a picture's address."""
    try:
        return registry.picture(name).parameters
    except KeyError:
        return ()


@public_page(at=parameters_of)
@require_safe
@csp(ALONE)
def picture_svg(request, name):
    file = _file(request, name)
    refused = _refused(file.picture)
    if refused:
        return refused
    return _answer(file.svg, "image/svg+xml; charset=utf-8", f"{file.file_name}.svg")


@public_page(at=parameters_of)
@require_safe
def picture_png(request, name):
    file = _file(request, name)
    refused = _refused(file.picture)
    if refused:
        return refused
    svg = file.svg()
    return _answer(
        lambda: files.png(svg, *files.size_of(svg)), "image/png", f"{file.file_name}.png"
    )


@public_page()
@require_safe
def card(request, kind, slug):
    """The Open Graph image of one record; there is none of a draft."""
    drawn = cards.card_of(kind, slug)
    if drawn is None:
        raise Http404("No public record has this card.")
    return _card(drawn, f"lunar-record-{slug.lower()}.png")


@public_page()
@require_safe
def default_card(request):
    return _card(cards.SITE, "lunar-record.png")


def _card(drawn, name):
    svg = cards.svg(drawn)
    return _answer(lambda: files.png(svg, cards.WIDTH, cards.HEIGHT, 1), "image/png", name)


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


def _answer(content, content_type, name):
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
    return response
