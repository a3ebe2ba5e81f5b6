"""The addresses of the API: its start, the list of each kind, each record, the document."""

import math
import re

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView

from lunar.api import limits
from lunar.api.document import document
from lunar.api.documentation import Documentation
from lunar.api.history import Gone, with_revisions
from lunar.api.kinds import kinds
from lunar.api.parameters import check, read
from lunar.api.problems import ProblemError
from lunar.api.sparse import only, with_sources
from lunar.data.about import LICENCE, TITLE, current_stamp
from lunar.data.files import json_text
from lunar.data.records import public_records, public_rows
from lunar.desk.titles import key_field
from lunar.serving import pages

METHODS = "GET, HEAD, OPTIONS"
READABLE = "ETag, Link, RateLimit, RateLimit-Policy, Retry-After"  # by scripts of other sites
KEY = re.compile(r"[-\w]{1,120}", re.ASCII)


@method_decorator(csrf_exempt, name="dispatch")  # whatever is sent is refused in plain words
class ApiView(View):
    """Answers with `respond()`, and with problem details if it raises ProblemError.

    Every answer may be read by scripts of any site, and counts towards the limit of its client.
    No cookie is looked at.
    """

    http_method_names = ["get", "head", "options"]

    def dispatch(self, request, *args, **kwargs):
        count = limits.count(request)
        try:
            if count.is_exceeded:
                detail = f"No more than {settings.API_RATE_LIMIT} in {settings.API_RATE_SECONDS} s."
                raise ProblemError(
                    "too-many-requests", detail, headers={"Retry-After": str(count.seconds_left)}
                )
            response = super().dispatch(request, *args, **kwargs)
        except ProblemError as problem:
            response = problem.response(request)
        except SuspiciousOperation:  # more parameters than Django reads
            response = ProblemError("bad-parameter", "There are too many.").response(request)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = READABLE
        for name, value in count.headers.items():
            response[name] = value
        return response

    def get(self, request, **kwargs):
        check(request.GET, self.parameters())
        response = pages.answer(request, self.absolute(None), lambda request: self.respond())
        response["Cache-Control"] = f"public, max-age={settings.API_MAX_AGE}"
        return response

    def parameters(self):
        """Return the Parameters that the address may have."""
        return []

    def respond(self):
        """Return the answer; raise ProblemError if there is none."""
        raise NotImplementedError

    def absolute(self, address):
        return self.request.build_absolute_uri(address)

    def options(self, request, *args, **kwargs):
        return HttpResponse(
            status=204,
            headers={
                "Allow": METHODS,
                "Access-Control-Allow-Methods": METHODS,
                "Access-Control-Allow-Headers": "If-None-Match",
                "Access-Control-Max-Age": "86400",
            },
        )

    def http_method_not_allowed(self, request, *args, **kwargs):
        raise ProblemError(
            "method-not-allowed", f"Allowed are {METHODS}.", headers={"Allow": METHODS}
        )


def json_response(data):
    return HttpResponse(json_text(data), content_type="application/json")


class IndexView(ApiView):
    """What there is: every kind of record with the number of its records and its address."""

    def respond(self):
        found = [
            {
                "kind": kind.name,
                "title": kind.label,
                "count": kind.pages(self.request, 1).count,
                "url": self.absolute(reverse("api-list", args=[kind.name])),
            }
            for kind in kinds().values()
        ]
        return json_response(
            {
                "title": TITLE,
                "licence": {"name": LICENCE["name"], "url": LICENCE["path"]},
                "revision": current_stamp().revision,
                "documentation": self.absolute(reverse("api-docs")),
                "openapi": self.absolute(reverse("api-openapi")),
                "kinds": found,
            }
        )


class KindView(ApiView):
    """Something of one kind of record."""

    def get(self, request, **kwargs):
        self.kind = kinds().get(kwargs["kind"])
        if self.kind is None:
            raise ProblemError("not-found", f"The kinds of records are {', '.join(kinds())}.")
        return super().get(request, **kwargs)

    def wanted(self):
        return read(self.request.GET, self.kind.value_names)

    def documents(self, pks, wanted):
        """Return the public data of records, in the order of their primary keys `pks`."""
        model = self.kind.model
        found = with_revisions(model, public_records(model, pks, self.absolute))
        found = only(found, wanted.fields)
        return with_sources(found, self.absolute) if wanted.with_sources else found


class ListView(KindView):
    """The records of one kind that are asked for, and what is gone since the time asked for."""

    def parameters(self):
        return self.kind.list_parameters

    def respond(self):
        wanted, gone, gone_count = self.wanted(), None, 0
        listed = self.kind.pages(self.request, wanted.per_page, wanted.since)
        if wanted.since:
            gone = Gone(self.kind.model, wanted.since, self.absolute)
            gone_count = gone.count()
        pages = max(listed.num_pages, math.ceil(gone_count / wanted.per_page))
        if wanted.page > pages:
            told = [{"name": "page", "message": f"The last page is {pages}."}]
            raise ProblemError("not-found", "There is no such page.", parameters=told)
        start = (wanted.page - 1) * wanted.per_page
        stop = start + wanted.per_page
        links = self._links(wanted.page, pages)
        response = json_response(
            {
                "count": listed.count,
                "gone_count": gone_count,
                "page": wanted.page,
                "pages": pages,
                "per_page": wanted.per_page,
                "next": links.get("next"),
                "previous": links.get("prev"),
                "results": self.documents(listed.keys(start, stop), wanted),
                "gone": gone.page(start, stop) if gone else [],
            }
        )
        response["Link"] = ", ".join(f'<{url}>; rel="{rel}"' for rel, url in links.items())
        return response

    def _links(self, page, pages):
        """Return {relation: address} of the pages from here."""
        pages = min(pages, settings.API_MOST_PAGES)
        found = {"first": 1, "last": pages}
        found |= {"prev": page - 1} if page > 1 else {}
        found |= {"next": page + 1} if page < pages else {}
        return {rel: self._address(number) for rel, number in found.items()}

    def _address(self, page):
        query = self.request.GET.copy()
        query["page"] = str(page)
        return self.absolute(f"{self.request.path}?{query.urlencode()}")


class RecordView(KindView):
    """One record; what was merged leads on, what was withdrawn says when and why."""

    def parameters(self):
        return self.kind.record_parameters

    def respond(self):
        wanted, key = self.wanted(), self.kwargs["key"]
        if not KEY.fullmatch(key):
            raise ProblemError("not-found", "No record has such an id.")
        pk = self._named(key).values_list("pk", flat=True).first()
        if pk is None:
            return self._respond_without(key)
        [found] = self.documents([pk], wanted)
        return json_response(found)

    def _named(self, key):
        return public_rows(self.kind.model).filter(**{key_field(self.kind.model): key})

    def _respond_without(self, key):
        gone = Gone(self.kind.model, absolute=self.absolute)
        other = gone.moved_to(key) or next(
            (one for one in (key.upper(), key.lower()) if one != key and self._named(one).exists()),
            None,
        )
        if other:
            query = self.request.GET.urlencode()
            address = reverse("api-record", args=[self.kind.name, other])
            return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)
        withdrawn = gone.withdrawn(key)
        if withdrawn:
            raise ProblemError("withdrawn", withdrawn["reason"], record=withdrawn)
        raise ProblemError("not-found", "No public record has this id.")


class DocumentView(ApiView):
    """The OpenAPI document of all this."""

    def respond(self):
        return json_response(document())


class UnknownView(ApiView):
    """Any other address: one that lacks its last slash leads on."""

    def get(self, request, **kwargs):
        if not request.path.endswith(("/", ".json")):
            address = request.get_full_path(force_append_slash=True)
            return HttpResponsePermanentRedirect(address)
        start = self.absolute(reverse("api"))
        raise ProblemError("not-found", f"The API has no such address. It starts at {start}.")


class DocumentationView(TemplateView):
    """What the document says, and what it cannot say, for people."""

    template_name = "api/docs.html"
    page_parameters = ()

    def get_context_data(self, **kwargs):
        start = self.request.build_absolute_uri(reverse("api"))
        return super().get_context_data(docs=Documentation(document(), start), **kwargs)
