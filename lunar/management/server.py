"""The demo's web server: Django's own, threaded, for one computer."""

import errno
import logging
import re

from django.conf import settings
from django.core.servers.basehttp import (
    ThreadedWSGIServer,
    WSGIRequestHandler,
    get_internal_wsgi_application,
)
from django.db import connections

PLACE = re.compile(r"(?:(?P<host>\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z.-]+):)?(?P<port>[0-9]{1,5})")
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104  (compared with what was asked for)
REASONS = {
    errno.EACCES: "this port needs more rights; take one above 1023",
    errno.EADDRINUSE: "something serves there already; name another port, such as 8001",
    errno.EADDRNOTAVAIL: "this computer does not have that address",
}


class PlaceError(Exception):
    """Nothing can be served at the address asked for; the message says why."""


class DemoServer(ThreadedWSGIServer):
    """Listens from the moment it is made; answers once `serve` is called."""

    request_queue_size = 64

    @classmethod
    def at(cls, place):
        """Return a server bound to “address:port”, or to a port of this computer only."""
        match = PLACE.fullmatch(place)
        if not match or int(match["port"]) > 65535:
            raise PlaceError(f"“{place}” is no address and port, such as 127.0.0.1:8000.")
        host = (match["host"] or "127.0.0.1").strip("[]")
        try:
            server = cls((host, int(match["port"])), WSGIRequestHandler, ipv6=":" in host)
        except (OSError, UnicodeError) as error:
            reason = REASONS.get(getattr(error, "errno", None)) or getattr(error, "strerror", error)
            raise PlaceError(f"Nothing can be served at {place}: {reason}.") from error
        server.host = host
        return server

    @property
    def url(self):
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host else host}:{self.server_port}/"

    def serve(self):
        """Answer requests until interrupted."""
        if self.host in EVERYWHERE:
            settings.ALLOWED_HOSTS = ["*"]
        else:
            settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, self.host]
        connections.close_all()  # each request opens its own
        self.set_app(get_internal_wsgi_application())
        # A line for each request would carry the password out of sight.
        logging.getLogger("django.server").setLevel(logging.WARNING)
        self.serve_forever()
