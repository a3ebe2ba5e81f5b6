"""The public page of a record that is not public, for those who may see it."""

from urllib.parse import urlsplit

from csp.utils import build_policy
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, resolve, reverse

from lunar.desk import roles
from lunar.details import RecordDetailView


class PreviewMixin:
    """Adds to the page of a record one that shows how it would look to the public."""

    def get_urls(self):
        preview = path(
            "<path:object_id>/preview/",
            self.admin_site.admin_view(self.preview_view),
            name=self._preview_name,
        )
        return [preview, *super().get_urls()]

    def preview_view(self, request, object_id):
        if not roles.may_see(request.user):
            raise PermissionDenied
        record = self.get_object(request, unquote(object_id))
        page = record and _public_page(record)
        if page is None:
            raise Http404("There is nothing to preview.")
        if record.is_public:
            return redirect(record)
        response = page.func.view_class.as_view(is_preview=True)(request, **page.kwargs)
        # As strict as on public pages: the middleware leaves a policy alone that is there already.
        response["Content-Security-Policy"] = build_policy()
        response["X-Robots-Tag"] = "noindex"
        return response

    def render_change_form(self, request, context, obj=None, **kwargs):
        if obj and not obj.is_public and _public_page(obj):
            address = reverse(f"admin:{self._preview_name}", args=[quote(obj.pk)])
            context["preview_url"] = address
        return super().render_change_form(request, context, obj=obj, **kwargs)

    @property
    def _preview_name(self):
        return f"{self.opts.app_label}_{self.opts.model_name}_preview"


def _public_page(record):
    """Return how the record's address resolves; None for one shown on a page of others."""
    page = resolve(urlsplit(record.get_absolute_url()).path)
    view_class = getattr(page.func, "view_class", None)
    is_own = view_class is not None and issubclass(view_class, RecordDetailView)
    return page if is_own else None
