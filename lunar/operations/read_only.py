"""Read-only mode: what a change is answered while the site takes none."""

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse

from lunar.operations.models import ReadOnly

SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
NOT_TYPED = {"csrfmiddlewaretoken"}


class ReadOnlyMiddleware:
    """Answers 503 to every request that could change something, and gives back what was typed.

    It comes after the check of the form's token, so that no other site can have its own text
    shown here with a button to send it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, arguments, keywords):
        if request.method in SAFE or request.path_info.startswith(reverse("api")):
            return None  # the API changes nothing, and says so itself
        reason = ReadOnly.objects.using("default").reason_now()
        return refusal(request, reason) if reason else None


def refusal(request, reason):
    """Return a page that says why, with a form that sends the same again.

    Going back is no way to keep it: browsers forget forms of pages that may not be stored, and
    those of the desk may not.
    """
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in NOT_TYPED
    ]
    if any("password" in name for name, _ in typed):
        typed = []  # it was for a login, and goes into no page
    context = {"reason": reason, "typed": typed, "has_files": bool(request.FILES)}
    response = render(request, "read_only.html", context, status=503)
    response["Retry-After"] = str(settings.READ_ONLY_RETRY_SECONDS)
    response["Cache-Control"] = "private, no-store"
    return response
