"""Whether the site can answer, for load balancers and those who are called at night.

`/healthz` tries each part and is 503 if pages cannot be made; a cache that is gone only makes them
slower. `/healthz/live` says that this process answers at all: whoever restarts processes asks for
that one, since a restart mends no database.

Both answer before anything else of the site looks at the request. A load balancer may name any
host and speak HTTP: nothing in the answer depends on either.
"""

from uuid import uuid4

from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponseNotAllowed, JsonResponse

from lunar.operations.models import ReadOnly
from lunar.operations.version import VERSION
from lunar.serving.state import current_state

OK = "ok"


class HealthMiddleware:
    """Answers these addresses, and `/metrics` for whoever may see that, and no other."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.views = {"/healthz": health, "/healthz/live": live}
        if settings.METRICS_TOKEN:
            from lunar.operations.metrics import metrics

            self.views["/metrics"] = metrics

    def __call__(self, request):
        view = self.views.get(request.path_info)
        if view is None:
            return self.get_response(request)
        if request.method in {"GET", "HEAD"}:
            response = view(request) or self.get_response(request)
        else:
            response = HttpResponseNotAllowed(["GET", "HEAD"])
        response["Cache-Control"] = "no-store"
        return response


def live(request):
    """Answer that this process answers."""
    return JsonResponse({"status": OK, "version": VERSION})


def health(request):
    """Answer with the state of each part, 503 if there can be no pages."""
    parts = {"database": OK, "migrations": OK, "cache": _cache()}
    said = {"status": OK, "version": VERSION}
    try:
        parts["migrations"] = _migrations()
        if parts["migrations"] == OK:
            said["data_revision"] = current_state().number
            said["read_only"] = ReadOnly.objects.reason_now()
    except Error as error:
        parts["database"] = _failure(error)
        parts["migrations"] = "unknown"
    if parts["database"] != OK or parts["migrations"] != OK:
        said["status"] = "failing"
    elif parts["cache"] != OK:
        said["status"] = "degraded"
    return JsonResponse(said | {"parts": parts}, status=503 if said["status"] == "failing" else 200)


_migrated = False  # once it was, this process finds it so: its code does not change


def _migrations():
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if pending:
            return f"{len(pending)} to be applied: manage.py migrate"
        _migrated = True
    return OK


def _cache():
    key = f"health:{uuid4().hex}"
    try:
        cache.set(key, OK, timeout=10)
        return cache.get(key, "no answer")
    except Exception as error:  # whatever a cache may raise, pages may do without
        return _failure(error)


def _failure(error):
    """Return what kind of failure it was; its message may name users and servers."""
    return f"failed ({type(error).__name__})"
