"""What was computed once for a state of the record and need not be again: counts, facets."""

from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256

from django.conf import settings
from django.core.cache import caches

from lunar.serving.state import current_state

_shown = ContextVar("the state that the request under way shows", default=None)


@contextmanager
def showing(state):
    """Within it, whatever is asked for as remembered is that of `state`."""
    token = _shown.set(state)
    try:
        yield
    finally:
        _shown.reset(token)


def remembered(name, compute):
    """Return what `compute()` returned in this state of the record; `name` tells it from others.

    Only what depends on nothing else than the record and `name`, and is not changed afterwards.
    None is not remembered.
    """
    if not settings.REMEMBER:
        return compute()
    state = _shown.get() or current_state()
    key = f"remembered:{sha256(f'{name} {state.key}'.encode()).hexdigest()}"
    pages = caches["pages"]
    value = pages.get(key)
    if value is None:
        value = compute()
        if current_state() == state:  # or it may be of a later one
            pages.set(key, value, timeout=None)
    return value
