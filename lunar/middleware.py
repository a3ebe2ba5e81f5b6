"""Headers that no library sets for us, the words of one refusal, and traps of Django's admin."""

from csp.constants import UNSAFE_INLINE
from django.core.exceptions import BadRequest, FieldDoesNotExist
from django.db import DataError
from django.template.loader import render_to_string
from django.urls import reverse

PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class PermissionsPolicyMiddleware:
    """Deny the page every browser feature that it never uses."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response


class RefusedMethodMiddleware:
    """Say in words that an address is only read, where Django says nothing at all."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            response.content = render_to_string("405.html")
        return response


class AdminMiddleware:
    """Keep answers under /admin/ out of every cache, and let its widgets set style attributes.

    Select2, which the admin's autocompletes are made of, writes `style` attributes; scripts and
    style sheets stay as strict as on public pages. Redirects and errors are private, too.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if self.is_admin(request):
            response["Cache-Control"] = "private, no-store"
            response._csp_update = {"style-src-attr": [UNSAFE_INLINE]}
        return response

    def process_exception(self, request, exception):
        """Answer 400 where Django 5.2's change list answers 500 to a made-up query string."""
        if (
            request.method == "GET"
            and self.is_admin(request)
            and isinstance(exception, (FieldDoesNotExist, OverflowError, DataError))
        ):
            raise BadRequest("This address asks for something that the admin does not have.")

    def is_admin(self, request):
        return request.path_info.startswith(reverse("admin:index"))
