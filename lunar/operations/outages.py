"""What is answered while the database cannot do its work: a plain page that loses nothing.

Django comes here, as the site's `handler500`, with every exception that nobody caught, whether a
view, a template or a middleware met it. The middlewares outside set their headers as always, and
the exception is logged as any other. It is an outage if trying again may help: the database is out
of reach, full or locked, or has undone the work for another's sake.
"""

import sqlite3
import sys
from traceback import walk_tb

from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpResponse
from django.http.request import UnreadablePostError
from django.template.loader import render_to_string
from django.urls import reverse

from lunar.api.problems import ProblemError

RETRY_AFTER = 30  # seconds
READING = {"GET", "HEAD", "OPTIONS"}
NOT_SENT_BACK = ("password",)  # in names of fields


def failure(request):
    """Answer a request over which the program failed: 503 in an outage, or else 500."""
    error = sys.exc_info()[1]
    if not is_outage(error):
        return HttpResponse(render_to_string("500.html"), status=500)
    if request.path_info.startswith(reverse("api")):
        return _problem(request)
    response = HttpResponse(render_to_string("503.html", _said(request, error)), status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "private, no-store"
    return response


def is_outage(error):
    """Whether an exception is the database's, and none that the program has to answer for.

    SQLite calls both by one name: what it says of a wrong statement, or a missing table, has the
    plain code of an error.
    """
    if not isinstance(error, (OperationalError, InterfaceError)):
        return False
    code = getattr(error.__cause__, "sqlite_errorcode", None)
    return code is None or code & 0xFF != sqlite3.SQLITE_ERROR


def _said(request, error):
    """Return the context of the page."""
    if request.method in READING:
        return {"saves": False}
    return {
        "saves": True,
        "is_certain": not _may_be_committed(error),
        "fields": _sent(request),
    }


def _may_be_committed(error):
    """Whether the connection ended between the word to commit and the answer to it."""
    if connection.vendor == "sqlite":  # it is in this process, and has answered
        return False
    committing = BaseDatabaseWrapper._commit.__code__
    return any(frame.f_code is committing for frame, _ in walk_tb(error.__traceback__))


def _sent(request):
    """Return (name, value) of all that was sent, to be sent again; [] if that cannot be.

    Going back would not do: browsers forget what was typed into pages that nobody may store.
    """
    try:
        sent, files = request.POST, request.FILES
    except (SuspiciousOperation, UnreadablePostError):
        return []
    if files or any(word in name for name in sent for word in NOT_SENT_BACK):
        return []
    return [(name, value) for name, values in sent.lists() for value in values]


def _problem(request):
    detail = f"The database cannot be read right now. Try again in {RETRY_AFTER} s."
    headers = {"Retry-After": str(RETRY_AFTER), "Access-Control-Allow-Origin": "*"}
    return ProblemError("unavailable", detail, headers=headers).response(request)
