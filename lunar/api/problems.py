"""What is wrong with a request, told as problem details (RFC 9457)."""

from http import HTTPStatus

from django.http import HttpResponse
from django.urls import reverse

from lunar.data.files import json_text
from lunar.text import clean_text

MEDIA_TYPE = "application/problem+json"

# {name in the address of its explanation: (status, title, explanation)}
KINDS = {
    "bad-parameter": (
        HTTPStatus.BAD_REQUEST,
        "A parameter is wrong",
        "It is unknown, given twice, too long, or has a value that cannot be. Each such one is "
        "named, with what is wrong with it.",
    ),
    "not-found": (
        HTTPStatus.NOT_FOUND,
        "Nothing public is here",
        "No public record has this id, or no kind of record this name, or the list has fewer "
        "pages.",
    ),
    "method-not-allowed": (
        HTTPStatus.METHOD_NOT_ALLOWED,
        "The API can only be read",
        "The header Allow says by which methods.",
    ),
    "withdrawn": (
        HTTPStatus.GONE,
        "The record was withdrawn",
        "It was public and is not any more. The member record says when and why.",
    ),
    "too-many-requests": (
        HTTPStatus.TOO_MANY_REQUESTS,
        "Too many requests",
        "The header Retry-After says after how many seconds to come again.",
    ),
    "unavailable": (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The record cannot be read right now",
        "The database does not answer. The header Retry-After says after how many seconds to come "
        "again.",
    ),
}


class ProblemError(Exception):
    """Ends a request; `members` and `headers` are further members and headers of the answer."""

    def __init__(self, kind, detail, *, headers=None, **members):
        super().__init__(detail)
        self.kind, self.detail = kind, detail
        self.headers, self.members = headers or {}, members

    @classmethod
    def of_parameters(cls, wrong):
        """Return the problem of parameters, as [(name, message)]."""
        told = [
            {"name": clean_text(name), "message": clean_text(message, max_length=500)}
            for name, message in wrong
        ]
        names = ", ".join(one["name"] for one in told)
        return cls("bad-parameter", f"Wrong: {names}.", parameters=told)

    def response(self, request):
        status, title, _ = KINDS[self.kind]
        place = f"{reverse('api-docs')}#problem-{self.kind}"
        body = {
            "type": request.build_absolute_uri(place),
            "title": title,
            "status": status.value,
            "detail": self.detail,
        }
        return HttpResponse(
            json_text(body | self.members),
            status=status,
            content_type=MEDIA_TYPE,
            headers={"Cache-Control": "no-store"} | self.headers,
        )
