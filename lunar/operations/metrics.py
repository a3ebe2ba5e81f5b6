"""Figures for Prometheus at `/metrics`, for whoever knows LUNAR_METRICS_TOKEN; without it, nothing.

Any process answers for all of them: they count in files of PROMETHEUS_MULTIPROC_DIR, which
deploy/serve makes anew at each start.
"""

import os
import sys
from contextlib import suppress

from django.conf import settings
from django.core.signals import got_request_exception
from django.db import Error
from django.http import HttpResponse
from django.utils.crypto import constant_time_compare
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.core import GaugeMetricFamily

from lunar.serving.state import current_state

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
BUCKETS = (0.005, 0.02, 0.1, 0.3, 1, 3, 10)  # seconds

requests = Counter("lunar_requests", "Requests answered.", ["route", "method", "status"])
seconds = Histogram("lunar_request_seconds", "How long it took.", ["route"], buckets=BUCKETS)
kept = Counter("lunar_kept_pages", "Public pages that did not have to be made.")
database_errors = Counter("lunar_database_errors", "Failures of the database.", ["kind"])


def observe(request, response, took):
    """Count a request that took so many seconds; made-up methods and addresses count as one."""
    match = request.resolver_match
    route = (match and match.view_name) or "none"
    method = request.method if request.method in METHODS else "other"
    requests.labels(route, method, response.status_code).inc()
    seconds.labels(route).observe(took)
    if getattr(response, "is_kept", False):
        kept.inc()


def count_database_error(sender, **kwargs):
    """Count what ended a request, if it came from the database."""
    error = sys.exception()
    if isinstance(error, Error):
        database_errors.labels(type(error).__name__).inc()


got_request_exception.connect(count_database_error)


def metrics(request):
    """Return the figures, or None for whoever does not know the token."""
    given = request.META.get("HTTP_AUTHORIZATION", "")
    if not constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}"):
        return None
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.MultiProcessCollector(registry)
    else:
        for figure in (requests, seconds, kept, database_errors):
            registry.register(figure)
    registry.register(RecordCollector())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class RecordCollector:
    """What the database knows, and so no process counts."""

    def collect(self):
        # Without the database there are none; /healthz tells of that.
        with suppress(Error):
            number = current_state().number
            yield GaugeMetricFamily("lunar_data_revision", "Counts changes of the data.", number)
