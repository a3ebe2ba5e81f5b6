"""The site as a web server calls it: nothing of Django's test client stands between."""

import sys
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from wsgiref.headers import Headers
from wsgiref.util import setup_testing_defaults

from django.core.signals import got_request_exception, request_finished, request_started
from django.db import close_old_connections

from lunar.wsgi import application

HOST = "testserver"


@dataclass
class Answer:
    """What came back; `error` is the exception behind a 500."""

    status: int
    headers: Headers
    content: bytes
    error: BaseException | None = None

    @property
    def is_html(self):
        return (self.headers["Content-Type"] or "").startswith("text/html")

    @property
    def text(self):
        return self.content.decode(errors="replace")


def ask(path, query="", method="GET", sent=b"", session="", **environ):
    """Return the Answer to one request; `environ` is what a server would tell beyond it.

    `path` and `query` are octets as Latin-1, as WSGI has them; `session` is the key of a session.
    """
    asked = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": HOST,
        "SERVER_NAME": HOST,
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(sent)),
        "wsgi.input": BytesIO(sent),
    }
    if sent:
        asked["CONTENT_TYPE"] = "application/x-www-form-urlencoded"
    if session:
        asked["HTTP_COOKIE"] = f"sessionid={session}"
    asked |= environ
    setup_testing_defaults(asked)
    started, errors = [], []

    def start_response(status, headers, exc_info=None):
        started[:] = [int(status[:3]), Headers(headers)]

    def note(sender, **kwargs):
        errors.append(sys.exception())

    # Within a test's transaction a connection is never old.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    got_request_exception.connect(note)
    try:
        with closing(application(asked, start_response)) as body:
            content = b"".join(body)
    except Exception as error:  # whatever it is, a server answers 500
        return Answer(500, Headers([]), b"", error)
    finally:
        got_request_exception.disconnect(note)
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
    return Answer(*started, content, errors[0] if errors else None)


# On whatever the site answers, errors and refusals among it.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}
REFERRERS = {"same-origin", "no-referrer"}
PLAIN = ("text/plain", "application/problem+json")  # for programs, and for files that are not there


def look_of(answer):
    """Yield in which an answer is not one of this site: its headers, and the words of refusals."""
    if answer.status == 304:  # browsers keep the headers of the answer that they have
        return
    for name, value in HEADERS.items():
        if answer.headers[name] != value:
            yield f"{answer.status} with {name}: {answer.headers[name]}"
    if answer.headers["Referrer-Policy"] not in REFERRERS:
        yield f"{answer.status} with Referrer-Policy: {answer.headers['Referrer-Policy']}"
    if "geolocation=()" not in (answer.headers["Permissions-Policy"] or ""):
        yield f"{answer.status} without Permissions-Policy"
    policy = answer.headers["Content-Security-Policy"] or ""
    is_strict = "default-src 'none'" in policy and "script-src 'unsafe" not in policy
    if not is_strict or not ("frame-ancestors 'none'" in policy or "sandbox" in policy):
        yield f"{answer.status} with Content-Security-Policy: {policy}"
    if 400 <= answer.status < 500:
        kind = answer.headers["Content-Type"] or ""
        has_words = "<h1>" in answer.text and "Lunar Record" in answer.text
        if not (has_words if answer.is_html else kind.startswith(PLAIN) and answer.content):
            yield f"{answer.status} is not told in words: {kind} {answer.text[:200]!r}"
