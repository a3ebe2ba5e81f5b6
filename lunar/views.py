"""Site-wide pages: front page, about, method."""

from django.http import HttpResponse
from django.views.generic import ListView, TemplateView

from lunar.front import FrontPage
from lunar.gallery import Gallery
from lunar.sources.models import Exclusion


class HomeView(TemplateView):
    template_name = "home.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(page=FrontPage(), **kwargs)


class AboutView(TemplateView):
    template_name = "about.html"


class MethodView(TemplateView):
    template_name = "method.html"


class GalleryView(TemplateView):
    """Every component with sample data, for those who build and test the site."""

    template_name = "gallery.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(gallery=Gallery(), **kwargs)


class ExclusionsView(ListView):
    """What was left out of the record on purpose, with the reasons."""

    queryset = Exclusion.objects.all()
    template_name = "exclusions.html"


def robots(request):
    """Let robots read all public pages, and keep them from the endless filters of lists."""
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /*?", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
