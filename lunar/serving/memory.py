"""A cache in the memory of one process, bounded by bytes: the answers asked for last are kept."""

import sys
import threading
from collections import OrderedDict

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache


class MemoryCache(BaseCache):
    """Keeps bytes, text, numbers and tuples of them as they are, without a copy.

    For CACHES, with OPTIONS {"MAX_BYTES": …}. Nothing expires: its keys name the state that a value
    is of, so that what is out of date is not asked for and goes when room is needed. Django's own
    cache in memory counts entries alone, and copies at each look.
    """

    def __init__(self, name, params):
        super().__init__(params)
        self.most = params.get("OPTIONS", {})["MAX_BYTES"]
        self._kept, self._bytes, self._lock = OrderedDict(), 0, threading.Lock()

    def get(self, key, default=None, version=None):
        with self._lock:
            try:
                self._kept.move_to_end(key)
                return self._kept[key][0]
            except KeyError:
                return default

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        size = size_of(key) + size_of(value)
        with self._lock:
            self._drop(key)
            if size > self.most // 4:  # it would throw out too much of what others ask for
                return
            self._kept[key] = value, size
            self._bytes += size
            while self._bytes > self.most:
                self._drop(next(iter(self._kept)))

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        if self.get(key) is not None:
            return False
        self.set(key, value)
        return True

    def delete(self, key, version=None):
        with self._lock:
            return self._drop(key)

    def clear(self):
        with self._lock:
            self._kept.clear()
            self._bytes = 0

    def _drop(self, key):
        found = self._kept.pop(key, None)
        if found:
            self._bytes -= found[1]
        return found is not None


def size_of(value):
    """Return about how many bytes a value takes."""
    if isinstance(value, dict):
        value = (*value, *value.values())
    if isinstance(value, (list, tuple)):
        return sys.getsizeof(value) + sum(map(size_of, value))
    return sys.getsizeof(value)
