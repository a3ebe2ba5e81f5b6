"""Django's cache on Redis, which a page can do without.

Without an answer from the server, everything is a miss and nothing is kept. That is logged once in
a while, and the server is left alone for some seconds, so that no page waits for it again.
"""

import logging
import time

from django.core.cache.backends import redis
from redis.exceptions import RedisError

from lunar.operations.caches import CacheIsGoneError

logger = logging.getLogger(__name__)

LEFT_ALONE = 5  # seconds after a failure
TOLD_EVERY = 60  # seconds


def _missing(name, answer):
    """Return the method `name` of Django's cache, which gives `answer` if there is no server."""
    asked = getattr(redis.RedisCache, name)

    def method(self, *args, **kwargs):
        return self.ask(lambda: answer, asked, *args, **kwargs)

    return method


class RedisCache(redis.RedisCache):
    """A cache on Redis that answers as an empty one while its server is gone."""

    _gone_until = 0
    _tell_after = 0

    set = _missing("set", None)
    add = _missing("add", answer=False)
    touch = _missing("touch", answer=False)
    delete = _missing("delete", answer=False)
    has_key = _missing("has_key", answer=False)
    delete_many = _missing("delete_many", None)
    clear = _missing("clear", answer=False)

    def get(self, key, default=None, version=None):
        return self.ask(lambda: default, redis.RedisCache.get, key, default, version)

    def get_many(self, keys, version=None):
        return self.ask(dict, redis.RedisCache.get_many, keys, version)

    def set_many(self, data, *args, **kwargs):
        """Return the keys that could not be set."""
        return self.ask(lambda: list(data), redis.RedisCache.set_many, data, *args, **kwargs)

    def incr(self, key, delta=1, version=None):
        """Raise CacheIsGoneError without a server: no number would be a count."""
        return self.ask(_refuse, redis.RedisCache.incr, key, delta, version)

    def ask(self, without, method, *args, **kwargs):
        """Return what a method answers, or what `without` does if the server does not."""
        now = time.monotonic()
        if now < self._gone_until:
            return without()
        try:
            return method(self, *args, **kwargs)
        except (RedisError, OSError) as error:
            # The cache of each thread has its own connection, but the server is the same.
            RedisCache._gone_until = now + LEFT_ALONE
            if now >= RedisCache._tell_after:
                RedisCache._tell_after = now + TOLD_EVERY
                # Its message may name the address, its type does not.
                logger.error("The cache does not answer (%s).", type(error).__name__)
            return without()


def _refuse():
    raise CacheIsGoneError("The cache is gone; nothing is counted.")
