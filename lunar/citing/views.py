"""The page and the files that say how to cite a record or one of its values."""

from copy import copy
from urllib.parse import urlsplit

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import resolve, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from lunar.citing.citations import UnknownValueError
from lunar.citing.formats import FORMATS
from lunar.desk.log import address_of
from lunar.desk.titles import record_models
from lunar.serving.pages import public_page
from lunar.text import clean_text


@public_page("field", "as_of")
@require_safe
def cite(request, model_name, key):
    """How to cite a record; with `?field=launch` one value, with `?as_of=` as it stood then."""
    return _answer(request, model_name, key)


@public_page("field", "as_of")
@require_safe
def cite_file(request, model_name, key, ending):
    """The same for reference managers, with the sources that support it."""
    if ending not in FORMATS:
        raise Http404
    return _answer(request, model_name, key, ending)


def _answer(request, model_name, key, ending=""):
    """Answer as the page of the record would where it has nothing to cite.

    It is asked itself, so what may not be seen there cannot be cited here.
    """
    page = _page_of(request, model_name, key)
    if page.status_code in (301, 302):
        kept = resolve(urlsplit(page.url).path).kwargs
        name, ending_of = ("cite-file", [ending]) if ending else ("cite", [])
        successor = reverse(name, args=[model_name, *kept.values(), *ending_of], query=request.GET)
        return redirect(successor, permanent=page.status_code == 301)
    if page.status_code != 200:
        return page
    citation = page.context_data["citation"]
    name = clean_text(request.GET.get("field", ""))
    if name:
        try:
            citation = citation.of_value(name)
        except UnknownValueError:
            raise Http404(f"The page of this {model_name} shows no value of this name.") from None
    response = _file(citation, ending) if ending else _page(request, citation)
    response["X-Robots-Tag"] = "noindex"
    return response


def _page_of(request, model_name, key):
    """Return the unrendered answer of the page of a record; raise Http404 if it has none."""
    model = record_models().get(model_name)
    address = address_of(model, key) if model else ""
    if not address.endswith("/"):  # a place on a page, or a filtered list
        raise Http404
    asked = copy(request)
    asked.GET = QueryDict(mutable=True)
    asked.GET.update({name: request.GET[name] for name in ("as_of",) if name in request.GET})
    match = resolve(address)
    return match.func(asked, *match.args, **match.kwargs)


def _page(request, citation):
    return TemplateResponse(request, "citing/cite.html", {"citation": citation})


def _file(citation, ending):
    kind = FORMATS[ending]
    today = timezone.now().date()
    text = kind.write([work.read_on(today) for work in citation.works])
    response = HttpResponse(text, content_type=f"{kind.media_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{citation.name}.{ending}"'
    return response
