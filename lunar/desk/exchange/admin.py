"""Import and export on the list of any model of the record."""

import re

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest
from django.urls import path, reverse

from lunar.desk import roles
from lunar.desk.exchange.exports import ExportError, export


def list_page(model, page):
    """Return the address of the import or export page of a model."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}")


class ExchangeMixin:
    """Adds two pages, the links to them, and the export of chosen rows."""

    actions = ["export_csv", "export_xlsx"]

    def get_urls(self):
        from lunar.desk.exchange.views import ExportFileView, ExportView, ImportView

        def page(view):
            return self.admin_site.admin_view(view.as_view(model_admin=self))

        name = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("import/", page(ImportView), name=f"{name}_import"),
            path("export/", page(ExportView), name=f"{name}_export"),
            path("export/<str:file_format>/", page(ExportFileView), name=f"{name}_export_file"),
            *super().get_urls(),
        ]

    def has_import_permission(self, request):
        return roles.may(request.user, "edit")

    def changelist_view(self, request, extra_context=None):
        addresses = {"export_url": list_page(self.model, "export")}
        if self.has_import_permission(request):
            addresses["import_url"] = list_page(self.model, "import")
        return super().changelist_view(request, addresses | (extra_context or {}))

    def response_action(self, request, queryset):
        """Refuse made-up keys of rows, which the database would fail at."""
        if not all(
            re.fullmatch("[0-9]{1,18}", pk) for pk in request.POST.getlist(ACTION_CHECKBOX_NAME)
        ):
            raise BadRequest("What is chosen are no rows of this list.")
        return super().response_action(request, queryset)

    @admin.action(description="Export selected %(verbose_name_plural)s as CSV")
    def export_csv(self, request, queryset):
        return self.export_selected(request, queryset, "csv")

    @admin.action(description="Export selected %(verbose_name_plural)s as XLSX")
    def export_xlsx(self, request, queryset):
        return self.export_selected(request, queryset, "xlsx")

    def export_selected(self, request, queryset, file_format):
        """Return the file; without one, with a message, the list comes again."""
        try:
            return export(queryset, file_format)
        except ExportError as error:
            self.message_user(request, str(error), messages.ERROR)
            return None
