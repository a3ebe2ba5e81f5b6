"""How many requests one client may send: counted in Django's cache, for each minute or so.

Whoever reads a public record is let in where counting fails: only a full count refuses.
"""

import logging
import time
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.core.cache import cache

from lunar.clients import client_address
from lunar.operations.caches import CacheIsGoneError

logger = logging.getLogger(__name__)

OWN_BITS = 64  # of an IPv6 address: the rest is for the client to choose


@dataclass(frozen=True)
class Count:
    """One client's requests in the span of time that ends in `seconds_left`; None: not known."""

    used: int | None
    seconds_left: int

    @property
    def is_exceeded(self):
        return self.used is not None and self.used > settings.API_RATE_LIMIT

    @property
    def headers(self):
        """The headers of draft-ietf-httpapi-ratelimit-headers, version 10; none if not known."""
        if self.used is None:
            return {}
        limit = settings.API_RATE_LIMIT
        left = max(limit - self.used, 0)
        return {
            "RateLimit-Policy": f'"client";q={limit};w={settings.API_RATE_SECONDS}',
            "RateLimit": f'"client";r={left};t={self.seconds_left}',
        }


def count(request):
    """Count a request and return the Count of its client, this request included."""
    span, passed = divmod(int(time.time()), settings.API_RATE_SECONDS)
    key = f"api-requests:{client_of(request)}:{span}"
    try:
        cache.add(key, 0, timeout=2 * settings.API_RATE_SECONDS)
        used = cache.incr(key)
    except CacheIsGoneError:
        used = None
    except Exception:  # whatever else a cache that is full or wrong may raise
        logger.exception("Requests to the API are not being counted.")
        used = None
    return Count(used, settings.API_RATE_SECONDS - passed)


def client_of(request):
    """Return the address of a client, or of its network where it has many addresses."""
    address = ip_address(client_address(request))
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((address, OWN_BITS), strict=False))
