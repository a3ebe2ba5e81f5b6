"""Every request by an id: in the answer, in all that is logged about it, and in a line of its own.

It says what was asked for and how that went, and not by whom: a proxy may log addresses of
readers, the site has no use for them.
"""

import logging
import re
import secrets
import time
from functools import partial

from django.conf import settings

from lunar.operations.logs import request_id, shown_path

logger = logging.getLogger("lunar.requests")

HEADER = "X-Request-ID"
ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestMiddleware:
    """Gives each request its id, and logs a line when it has been answered whole."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.tell = tell
        if settings.METRICS_TOKEN:
            from lunar.operations.metrics import observe

            self.tell = partial(tell, observe=observe)

    def __call__(self, request):
        begun = time.perf_counter()
        number = id_of(request)
        token = request_id.set(number)
        try:
            response = self.get_response(request)
            response[HEADER] = number
            if response.streaming:
                response.streaming_content = Told(
                    response.streaming_content, partial(self.tell, request, response, begun)
                )
            else:
                self.tell(request, response, begun, len(response.content))
            return response
        finally:
            request_id.reset(token)


def id_of(request):
    """Return the id that a proxy of our own gave the request, or a new one."""
    if settings.PROXIES:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        if ID.fullmatch(given):
            return given
    return secrets.token_hex(8)


class Told:
    """A response's content in parts, told of at its end or where the reader left."""

    def __init__(self, content, tell):
        self._content, self._tell, self._number = iter(content), tell, request_id.get()
        self._size = 0

    def __iter__(self):
        return self

    def __next__(self):
        try:
            part = next(self._content)
        except BaseException:  # its end, usually
            self.close()
            raise
        self._size += len(part)
        return part

    def close(self):
        """Called by Django when the answer has been sent, or cannot be sent any further."""
        tell, self._tell = self._tell, None
        if tell:
            token = request_id.set(self._number)
            tell(self._size)
            request_id.reset(token)


def tell(request, response, begun, size, observe=None):
    """Log the line of a request that has been answered with `size` bytes, and count it."""
    seconds = time.perf_counter() - begun
    if observe:
        observe(request, response, seconds)
    if logger.isEnabledFor(logging.INFO):
        shown = {
            "method": request.method,
            "path": shown_path(request.path_info),
            "status": response.status_code,
            "ms": round(seconds * 1000, 1),
            "bytes": size,
        }
        logger.info("request", extra={"shown": shown})
