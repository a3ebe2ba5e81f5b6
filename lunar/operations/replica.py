"""Pages of readers from a read replica, if DATABASE_REPLICA_URL names one; all else as ever.

A replica is a moment behind. Nobody who has written must look at it: whoever has a session, and
whoever looks after a suggestion by its private address, reads where it was written. So does every
transaction. A replica that does not answer is left alone for some seconds.
"""

import logging
import time
from contextvars import ContextVar
from functools import cache

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.http import HttpResponse
from django.urls import reverse

from lunar.operations.logs import is_secret

logger = logging.getLogger(__name__)

REPLICA = "replica"
LEFT_ALONE = 10  # seconds after a failure
CANCELED = "57014"  # a statement that took too long, and would elsewhere

_reading = ContextVar("whether this is read from the replica", default=False)
_left_alone_until = 0


class ReplicaRouter:
    """Sends reading to the replica where ReplicaMiddleware allows it."""

    def db_for_read(self, model, **hints):
        in_transaction = connections[DEFAULT_DB_ALIAS].in_atomic_block
        return REPLICA if _reading.get() and not in_transaction and _answers() else DEFAULT_DB_ALIAS

    def db_for_write(self, model, **hints):
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one, other, **hints):
        return True

    def allow_migrate(self, alias, app_label, **hints):
        return alias == DEFAULT_DB_ALIAS


class ReplicaMiddleware:
    """Lets readers' pages be read from the replica, and makes them anew if it breaks off."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not is_readers(request):
            return self.get_response(request)
        token = _reading.set(True)
        try:
            response = self.get_response(request)
        finally:
            _reading.reset(token)
        return self.get_response(request) if hasattr(request, "replica_failed") else response

    def process_exception(self, request, exception):
        if not _reading.get() or not isinstance(exception, (OperationalError, InterfaceError)):
            return None
        state = getattr(exception.__cause__, "sqlstate", None)
        if state == CANCELED:
            return None
        if state is None or state.startswith("57P"):  # the connection is lost
            _leave_alone(exception)
        request.replica_failed = True
        return HttpResponse()  # nobody gets it


def is_readers(request):
    """Return whether a request is that of somebody who only reads what is public."""
    path = request.path_info
    return (
        request.method in {"GET", "HEAD"}
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and not path.startswith(_desk())
        and not is_secret(path)
    )


@cache
def _desk():
    return reverse("admin:index")


def _answers():
    if time.monotonic() < _left_alone_until:
        return False
    replica = connections[REPLICA]
    try:
        replica.close_if_health_check_failed()
        replica.ensure_connection()
    except (OperationalError, InterfaceError) as error:
        _leave_alone(error)
        return False
    return True


def _leave_alone(error):
    global _left_alone_until
    _left_alone_until = time.monotonic() + LEFT_ALONE
    # Its message may name the address and the user.
    logger.error("The read replica does not answer (%s).", type(error).__name__)
