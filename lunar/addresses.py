"""Addresses of record pages, which a long page holds by the hundred."""

from functools import cache

from django.urls import reverse


def page_address(name, key):
    """Return the address called `name` whose only argument is a slug or code; as `reverse` would.

    The pattern is looked up once, and slugs need no quoting.
    """
    return _form(name).replace(PLACE, key)


PLACE = "slug-of-the-record"


@cache
def _form(name):
    return reverse(name, args=[PLACE])
