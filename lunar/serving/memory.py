"""A cache in the memory of one process, bounded by bytes: the answers asked for last are kept."""

import sys
import threading
from collections import OrderedDict

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache


class Store:
    """What is kept in one place, what was asked for last at the end, and how many bytes that is."""

    def __init__(self):
        self.kept, self.bytes, self.lock = OrderedDict(), 0, threading.Lock()

    def drop(self, key):
        found = self.kept.pop(key, None)
        if found:
            self.bytes -= found[1]
        return found is not None


_stores = {}  # by LOCATION: Django makes a cache for each thread, all of which look here


class MemoryCache(BaseCache):
    """Keeps bytes, text, numbers and tuples of them as they are, without a copy.

    For CACHES, with a LOCATION, whose content all threads of a process share, and OPTIONS
    {"MAX_BYTES": …}. Nothing expires: its keys name the state that a value is of, so that what is
    out of date is not asked for and goes when room is needed. Django's own cache in memory counts
    entries alone, and copies at each look.
    """

    def __init__(self, location, params):
        super().__init__(params)
        self.most = params.get("OPTIONS", {})["MAX_BYTES"]
        self._store = _stores.setdefault(location, Store())

    def get(self, key, default=None, version=None):
        store = self._store
        with store.lock:
            try:
                store.kept.move_to_end(key)
                return store.kept[key][0]
            except KeyError:
                return default

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        size, store = size_of(key) + size_of(value), self._store
        with store.lock:
            store.drop(key)
            if size > self.most // 4:  # it would throw out too much of what others ask for
                return
            store.kept[key] = value, size
            store.bytes += size
            while store.bytes > self.most:
                store.drop(next(iter(store.kept)))

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        if self.get(key) is not None:
            return False
        self.set(key, value)
        return True

    def delete(self, key, version=None):
        with self._store.lock:
            return self._store.drop(key)

    def clear(self):
        with self._store.lock:
            self._store.kept.clear()
            self._store.bytes = 0


def size_of(value):
    """Return about how many bytes a value takes."""
    if isinstance(value, dict):
        value = (*value, *value.values())
    if isinstance(value, (list, tuple)):
        return sys.getsizeof(value) + sum(map(size_of, value))
    return sys.getsizeof(value)
