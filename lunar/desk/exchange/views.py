"""Pages of the desk that take tables in and give them out."""

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.views.generic import TemplateView

from lunar.canonical.shapes import shapes
from lunar.desk.admin.editor import changelist_url
from lunar.desk.admin.forms import ReasonForm
from lunar.desk.exchange import carried, exports, plan, tables
from lunar.desk.exchange.admin import list_page
from lunar.desk.history import StaleRecordError

SHOWN_PROBLEMS = 200
CHANGED_MEANWHILE = (
    "Nothing was written: the record has changed since this preview was made. "
    "This is what the import would change now."
)


class UploadForm(forms.Form):
    """Asks for the file of an import."""

    file = forms.FileField(
        label="CSV or XLSX file", widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"})
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > tables.MAX_BYTES:
            limit = tables.MAX_BYTES // 1024**2
            raise forms.ValidationError(f"The file is larger than {limit} MB. Split it.")
        return file


class ExchangeView(TemplateView):
    """A page beside the list of one model."""

    model_admin = None

    def dispatch(self, request, *args, **kwargs):
        if not self.is_allowed(request):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def is_allowed(self, request):
        return self.model_admin.has_view_permission(request)

    def get_context_data(self, **kwargs):
        model = self.model_admin.model
        shape = shapes()[model]
        return super().get_context_data(
            **self.model_admin.admin_site.each_context(self.request),
            opts=model._meta,
            columns=shape.fields,
            key=[field.name for field in shape.key],
            list_url=changelist_url(model),
            **kwargs,
        )


class ImportView(ExchangeView):
    """Upload, then preview, then confirmation: one address, and nothing kept in between."""

    template_name = "admin/desk/import.html"

    def is_allowed(self, request):
        return self.model_admin.has_import_permission(request)

    def get(self, request):
        return self.ask()

    def post(self, request):
        text = request.POST.get("carried")
        return self.confirm(request, text) if text else self.upload(request)

    def ask(self, form=None):
        """Ask for a file, or for another one."""
        return self.render_to_response(
            self.get_context_data(
                title=f"Import {self.model_admin.opts.verbose_name_plural}",
                form=form or UploadForm(),
                limits=LIMITS,
            )
        )

    def upload(self, request):
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.ask(form)
        try:
            return self.show(tables.read_table(form.cleaned_data["file"].read()), ReasonForm())
        except tables.FileError as error:
            form.add_error("file", str(error))
            return self.ask(form)

    def show(self, table, reason_form):
        """Show what importing the table would change, and ask why."""
        found, text = carried.preview(self.request.user, self.model_admin.model, table)
        return self.render_to_response(
            self.get_context_data(
                title=f"Import {self.model_admin.opts.verbose_name_plural}: preview",
                plan=found,
                carried=text,
                reason_form=reason_form,
                problems=found.problems[:SHOWN_PROBLEMS],
                more_problems=max(0, len(found.problems) - SHOWN_PROBLEMS),
                form=UploadForm(),
                limits=LIMITS,
            )
        )

    def confirm(self, request, text):
        model, reason_form = self.model_admin.model, ReasonForm(request.POST)
        try:
            shown = carried.read_carried(request.user, model, text)
            if not reason_form.is_valid():
                return self.show(shown.table, reason_form)
            reason = reason_form.cleaned_data["change_reason"]
            try:
                done = carried.confirm(request.user, model, shown, reason)
            except (carried.ChangedMeanwhileError, carried.RefusedError, StaleRecordError):
                messages.error(request, CHANGED_MEANWHILE)
                return self.show(shown.table, reason_form)
        except tables.FileError as error:
            messages.error(request, str(error))
            return self.ask()
        new, changed = len(done.new), len(done.changed)
        messages.success(request, f"Imported: {new} new, {changed} changed.")
        return HttpResponseRedirect(changelist_url(model))


class ExportView(ExchangeView):
    """Which file, and how its cells are to be read."""

    template_name = "admin/desk/export.html"

    def get_context_data(self, **kwargs):
        query = self.request.GET.urlencode()
        base = list_page(self.model_admin.model, "export")
        return super().get_context_data(
            title=f"Export {self.model_admin.opts.verbose_name_plural}",
            number=filtered(self.model_admin, self.request).count(),
            files=[
                (name.upper(), f"{base}{name}/{f'?{query}' if query else ''}")
                for name in exports.TYPES
            ],
            limit=exports.MAX_ROWS,
            **kwargs,
        )


class ExportFileView(ExchangeView):
    """The file itself."""

    def get(self, request, file_format):
        if file_format not in exports.TYPES:
            raise Http404
        try:
            return exports.export(filtered(self.model_admin, request), file_format)
        except exports.ExportError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(changelist_url(self.model_admin.model))


def filtered(model_admin, request):
    """Return the rows of the list with the filters and the search of this request."""
    try:
        return model_admin.get_changelist_instance(request).get_queryset(request)
    except IncorrectLookupParameters as error:
        raise Http404("The list has no such filter.") from error


LIMITS = {
    "megabytes": tables.MAX_BYTES // 1024**2,
    "rows": tables.MAX_ROWS,
    "changes": plan.MAX_CHANGES,
    "minutes": carried.MAX_AGE // 60,
}
