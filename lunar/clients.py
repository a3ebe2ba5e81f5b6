"""Where a request comes from."""

from ipaddress import ip_address

from django.conf import settings

UNKNOWN = "::"  # the address of nobody


def client_address(request):
    """Return the address of whoever sent `request`, as text.

    Behind LUNAR_PROXIES proxies of our own it is what the outermost of them saw: each appends to
    X-Forwarded-For, and whatever stands before their entries is the client's own claim. An
    address that is none is UNKNOWN, so that nobody gets a count of their own by making one up.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.PROXIES:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        address = forwarded[-settings.PROXIES :][0]
    try:
        return str(ip_address(address.strip()))
    except ValueError:
        return UNKNOWN
