"""The page of results, and what is suggested while somebody types."""

from django.core.paginator import Paginator
from django.http import JsonResponse, QueryDict
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from lunar.lists import page_links
from lunar.search.documents import kinds
from lunar.search.engine import MOST_COUNTED, PER_PAGE
from lunar.search.forms import SearchForm
from lunar.search.results import search, suggestions
from lunar.serving.pages import public_page
from lunar.text import clean_text


class SearchView(TemplateView):
    """Answers 400 with a message for a bad parameter, and 404 for a page beyond the last."""

    template_name = "search.html"
    page_parameters = tuple(SearchForm.base_fields)
    status = 200

    def get_context_data(self, **kwargs):
        form = SearchForm(self.request.GET)
        if not form.is_valid():
            self.status = 400
            typed = clean_text(self.request.GET.get("q", ""))
            return super().get_context_data(words=typed, results=[], form=form, **kwargs)
        words, kind, page = (form.cleaned_data[name] for name in ("q", "type", "page"))
        answer = search(words, kind, page)
        if page != answer.page:
            self.status = 404
        return super().get_context_data(
            words=words,
            form=form,
            results=answer.found,
            answer=answer,
            chosen=kinds().get(kind),
            all_link=link(words),
            facets=[(facet, link(words, facet.value)) for facet in answer.facets],
            did_you_mean_link=link(answer.did_you_mean),
            pages=page_links(
                Paginator(range(answer.listed), PER_PAGE),
                answer.page,
                lambda number: link(words, kind, number),
            ),
            page_beyond=page if page != answer.page else None,
            most_counted=MOST_COUNTED,
            **kwargs,
        )

    def render_to_response(self, context, **kwargs):
        return super().render_to_response(context, status=self.status, **kwargs)


@public_page(*SearchForm.base_fields)
@require_safe
def suggest(request):
    """Answer {"query": …, "suggestions": [{name, native_name, kind, url}]} as JSON."""
    form = SearchForm(request.GET)
    if not form.is_valid():
        said = [f"{name}: {text}" for name, texts in form.errors.items() for text in texts]
        return JsonResponse(
            {"title": "This search cannot be understood.", "status": 400, "detail": " ".join(said)},
            status=400,
            content_type="application/problem+json",
        )
    words = form.cleaned_data["q"]
    return JsonResponse({"query": words, "suggestions": suggestions(words)})


def link(words, kind="", page=1):
    """Return the query string that asks for this page of a search."""
    query = QueryDict(mutable=True)
    for name, value in (("q", words), ("type", kind), ("page", page if page > 1 else "")):
        if value:
            query[name] = value
    return f"?{query.urlencode()}"
