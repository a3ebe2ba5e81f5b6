"""The caches that the site runs on, as Django's settings take them.

`default` holds small things, such as the counts of the API: in the memory of each process or, for
all processes together, in the server that CACHE_URL names, which may be Redis, Valkey, or any other
that speaks their protocol. `pages` holds whole public pages, in each process: what is kept for a
state of the record is never wrong elsewhere, and a server would take longer to give it than a
process to look it up.
"""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from lunar.operations.version import VERSION

PAGES = {
    "BACKEND": "lunar.serving.memory.MemoryCache",
    "LOCATION": "pages",
    "OPTIONS": {"MAX_BYTES": 48 * 1024 * 1024},  # in the memory of one process
}

# Whoever waits longer is better off without a cache.
CONNECT_TIMEOUT = 0.5  # seconds
ANSWER_TIMEOUT = 0.5

FORM = (
    "CACHE_URL cannot be used: {}. It has the form redis://user:password@host:6379/0 or, with "
    "TLS, rediss://…; write special characters of the password as %40 (for @) and so on. A "
    "socket is unix:///run/redis/redis.sock?db=0. Without CACHE_URL each process keeps its own."
)


class CacheIsGoneError(ConnectionError):
    """The cache cannot count. It has been logged."""


def in_memory():
    """Return the settings of caches that are all in the memory of each process."""
    return {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
        "pages": PAGES,
    }


def on_server(url):
    """Return the settings of caches of which `default` is on the server that `url` names.

    Raises ImproperlyConfigured, without a word of the address, since it may hold a password.
    """
    # Not needed without a server, and slow to import.
    from redis.backoff import NoBackoff
    from redis.connection import parse_url
    from redis.retry import Retry

    try:
        parts = urlsplit(url)
        parse_url(url)
        port = parts.port  # raises ValueError above 65535
    except ValueError:
        raise ImproperlyConfigured(FORM.format("it is no such address")) from None
    if parts.netloc.count("@") > 1:
        raise ImproperlyConfigured(FORM.format("it has more than one @"))
    if parts.scheme == "unix" and (parts.hostname or len(parts.path) < 2):
        raise ImproperlyConfigured(FORM.format("it names no socket"))
    if parts.scheme != "unix" and not parts.hostname:
        raise ImproperlyConfigured(FORM.format("it names no host"))
    if port == 0:
        raise ImproperlyConfigured(FORM.format("its port is not a number up to 65535"))
    options = {
        "socket_connect_timeout": CONNECT_TIMEOUT,
        "socket_timeout": ANSWER_TIMEOUT,
        # Once, at once: a connection kept open may have been closed by a restart of the server.
        "retry": Retry(NoBackoff(), 1),
        "protocol": 2,  # what every such server speaks, without asking it first
    }
    return {
        "default": {
            "BACKEND": "lunar.operations.redis_cache.RedisCache",
            "LOCATION": [url],  # as a text Django would split it at commas
            # What one version has kept, the next one never reads.
            "KEY_PREFIX": f"lunar-record:{VERSION}",
            "OPTIONS": options,
        },
        "pages": PAGES,
    }
