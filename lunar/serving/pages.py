"""Public pages that are kept whole, and 304 to whoever has one already.

A view is a public page if it names the parameters that its address may have (`page_parameters`, or
`@public_page`). Its answer then depends on the address, those parameters and the state of the site
alone: on no cookie, no form token, and on nobody who asks. All others pass through untouched.
"""

import gzip
import re
import time
from functools import lru_cache
from hashlib import sha256
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpResponse, HttpResponseNotModified, QueryDict
from django.urls import resolve
from django.utils.cache import parse_etags, patch_vary_headers
from django.utils.http import http_date, parse_http_date_safe

from lunar.serving.remembered import showing
from lunar.serving.state import current_state

TRIES = 3  # to make a page while the record is being changed
COMPRESSED = re.compile(r"text/|image/svg|application/(json|xml|atom\+xml|ld\+json|problem\+json)")
LEAST_COMPRESSED = 500  # bytes
TAKES_GZIP = re.compile(r"(^|[,\s])(gzip|\*)\s*(;\s*q=(1|0?\.\d*[1-9])[\d.]*\s*)?(,|$)")
OWN_HEADERS = {"Content-Length", "ETag", "Last-Modified"}  # given to each answer anew
REVALIDATED = "public, no-cache"  # anybody may keep it, and asks whether it still holds


def public_page(*names, at=None):
    """Declare a view function a public page that takes the parameters `names`.

    Where they depend on what the address captures, `at` returns them for that.
    """

    def declare(view):
        view.page_parameters = at or names
        return view

    return declare


class PublicPagesMiddleware:
    """Answers with the page that is kept, or has one made and keeps it.

    It stands before everything else, so that a kept page has all the headers of the first answer,
    and only an answer that host and scheme were accepted for is kept. Whoever has a session is
    always given a new page, for nobody else.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        address = self.address(request)
        if address is None:
            return self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response = self.get_response(request)
            response.setdefault("Cache-Control", "private, no-cache")
            return response
        return answer(request, address, self.get_response)

    def address(self, request):
        """Return the one address of the public page asked for; None if it is none.

        What the page does not take is no part of it, and is not told to its view either.
        """
        if request.method not in {"GET", "HEAD"}:
            return None
        match, names = public_page_at(request.path_info)
        if match is None:
            return None
        request.resolver_match = match  # for whoever counts what is asked for
        query = ""
        if request.META.get("QUERY_STRING"):
            try:
                query = normalised(request.GET, names)
            except SuspiciousOperation:  # more parameters than are read
                return None
            request.GET = QueryDict(query)
            request.META["QUERY_STRING"] = query
        try:
            host = request.get_host()
        except SuspiciousOperation:  # one that is not ours
            return None
        return f"{request.scheme}://{host}{request.path}?{query}"


def answer(request, address, make):
    """Return what is at `address`: 304 to whoever has it, what is kept, or what `make` makes.

    `make(request)` is called again if the record changed while it was at work: what it returns
    shows one state of the site, or else is kept by nobody.
    """
    state = state_if_known()
    if state is None:  # whatever comes after this will tell why
        return make(request)
    tag = tag_of(address, state)
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        return given(finish(HttpResponseNotModified(), tag, state))
    kept = caches["pages"].get(tag) if settings.PAGE_CACHE else None
    if kept:
        return given(conditional(request, finish(response_of(kept, request), tag, state), state))
    for _ in range(TRIES):
        with showing(state):
            response = make(request)
        if not is_public(response):
            return response
        made_from, state = state, state_if_known()
        if state == made_from or response.streaming:  # that tells by itself what it is of
            return keep(request, response, tag_of(address, made_from), made_from)
        if state is None:
            break
    response.setdefault("Cache-Control", "no-store")
    return response


def state_if_known():
    """Return the state of the site; None while the database does not answer."""
    try:
        return current_state()
    except (DatabaseError, InterfaceError):
        return None


def given(response):
    """Mark an answer for which nothing was made."""
    response.is_kept = True
    return response


def keep(request, response, tag, state):
    """Return a new answer that shows `state`; if it is a whole page, it is kept."""
    if response.status_code != 200:
        response.setdefault("Cache-Control", REVALIDATED)
        return response
    if not response.streaming:
        kept = kept_form(response)
        response = response_of(kept, request, response)
        if settings.PAGE_CACHE:
            caches["pages"].set(tag, kept, timeout=None)
    return conditional(request, finish(response, tag, state), state)


@lru_cache(maxsize=4096)
def public_page_at(path):
    """Return (what resolves `path`, the names of its parameters); (None, ()) for no public page."""
    try:
        match = resolve(path)
    except Http404:
        return None, ()
    view = getattr(match.func, "view_class", match.func)
    names = getattr(view, "page_parameters", None)
    if names is None:
        return None, ()
    return match, names(**match.kwargs) if callable(names) else names


def normalised(asked, names):
    """Return the query string of what is asked for by one of `names`, in their order."""
    return urlencode([(name, asked[name]) for name in names if name in asked])


def tag_of(address, state):
    """Return the entity tag of the page at `address` in a state: weak, for it may be compressed."""
    return f'W/"{sha256(f"{state.key} {address}".encode()).hexdigest()[:32]}"'


def is_public(response):
    """Return whether an answer may be shown to others than the one who asked."""
    private = response.cookies or "cookie" in response.get("Vary", "").lower()
    return not private and not re.search("private|no-store", response.get("Cache-Control", ""))


def finish(response, tag, state):
    """Give an answer what lets it be kept elsewhere and asked for again."""
    response["ETag"] = tag
    response["Cache-Control"] = REVALIDATED
    if time.time() >= state.last_modified:
        response["Last-Modified"] = http_date(state.last_modified)
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def conditional(request, response, state):
    """Return a whole page, or 304 to whoever has it by another condition than its tag.

    If-Match and the like are for those who write; a page is given whatever they say.
    """
    tags = parse_etags(request.headers.get("If-None-Match", ""))
    since = None if tags else parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    if tags == ["*"] or response["ETag"] in tags or (since and since >= state.last_modified):
        return finish(HttpResponseNotModified(), response["ETag"], state)
    return response


def kept_form(response):
    """Return (headers, body, whether it is compressed) of a whole page."""
    body = response.content
    compresses = len(body) >= LEAST_COMPRESSED and COMPRESSED.match(response["Content-Type"])
    headers = tuple((name, value) for name, value in response.items() if name not in OWN_HEADERS)
    return headers, gzip.compress(body, 6, mtime=0) if compresses else body, bool(compresses)


def response_of(kept, request, response=None):
    """Return a kept page as an answer, in place of the body of `response` if that is given."""
    headers, body, is_compressed = kept
    whole = None if response is None else response.content
    if response is None:
        response = HttpResponse(headers=dict(headers))
    if is_compressed and TAKES_GZIP.search(request.headers.get("Accept-Encoding", "")):
        response["Content-Encoding"] = "gzip"
    elif is_compressed:
        body = gzip.decompress(body) if whole is None else whole
    response.content = body
    response["Content-Length"] = str(len(body))
    return response
