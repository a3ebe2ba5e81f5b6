"""Site-wide pages: front page, about, method, and what is shown for errors."""

from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.generic import ListView, TemplateView

from lunar.coverage import Coverage
from lunar.front import FrontPage
from lunar.gallery import Gallery
from lunar.reliability import SECTIONS
from lunar.serving.pages import public_page
from lunar.sources.models import Exclusion

SECURITY_TEXT_HOLDS = timedelta(days=180)


class HomeView(TemplateView):
    template_name = "home.html"
    page_parameters = ()

    def get_context_data(self, **kwargs):
        return super().get_context_data(page=FrontPage(), **kwargs)


class AboutView(TemplateView):
    template_name = "about.html"
    page_parameters = ()


class MethodView(TemplateView):
    template_name = "method.html"
    page_parameters = ()


class ReliabilityView(TemplateView):
    """What the site promises of itself, how that is proven, and where to report a weakness."""

    template_name = "reliability.html"
    page_parameters = ()

    def get_context_data(self, **kwargs):
        contacts = [
            {"address": contact, "words": contact.removeprefix("mailto:")}
            for contact in settings.SECURITY_CONTACTS
        ]
        return super().get_context_data(promises=SECTIONS, contacts=contacts, **kwargs)


class CoverageView(TemplateView):
    """How complete the record is."""

    template_name = "coverage.html"
    page_parameters = ()

    def get_context_data(self, **kwargs):
        return super().get_context_data(coverage=Coverage(), **kwargs)


class GalleryView(TemplateView):
    """Every component with sample data, for those who build and test the site."""

    template_name = "gallery.html"
    page_parameters = ()

    def get_context_data(self, **kwargs):
        return super().get_context_data(gallery=Gallery(), **kwargs)


class ExclusionsView(ListView):
    """What was left out of the record on purpose, with the reasons."""

    queryset = Exclusion.objects.all()
    template_name = "exclusions.html"
    page_parameters = ()


@public_page()
def robots(request):
    """Let robots read all public pages, and keep them from the endless filters of lists."""
    kept_out = [f"Disallow: {path}" for path in ("/admin/", "/cite/", "/*?")]
    sitemap = request.build_absolute_uri(reverse("sitemap"))
    return _plain("User-agent: *", *kept_out, "", f"Sitemap: {sitemap}")


def security_contact(request):
    """Where to report a weakness (RFC 9116), if this installation says so."""
    if not settings.SECURITY_CONTACTS:
        raise Http404
    until = datetime.combine(datetime.now(UTC) + SECURITY_TEXT_HOLDS, time(), UTC)
    return _plain(
        *(f"Contact: {contact}" for contact in settings.SECURITY_CONTACTS),
        f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {request.build_absolute_uri(request.path)}",
    )


def _error_page(status):
    """Return the view that says in words what went wrong.

    Django's own look for the token of a form first, and so read whatever was sent: where that
    cannot be read, they fail themselves.
    """

    def page(request, exception=None):
        return HttpResponse(render_to_string(f"{status}.html"), status=status)

    return page


bad_request, forbidden, not_found = map(_error_page, (400, 403, 404))


def _plain(*lines):
    text = "".join(f"{line}\n" for line in lines)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
