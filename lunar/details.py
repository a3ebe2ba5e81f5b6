"""The view behind every record page: as it is, as it stood on a day, as a preview, or withdrawn."""

from datetime import UTC, datetime

from django import forms
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.generic import DetailView

from lunar.citing.citations import RecordCitation
from lunar.data import twins
from lunar.data.record_files import record_answer
from lunar.desk.as_of import NotPublicThenError, as_of
from lunar.desk.models import FormerAddress, Revision
from lunar.sources.evidence import suggest_url
from lunar.sources.models import Record
from lunar.text import clean_text

PREVIEWS = {
    Record.State.DRAFT: "Preview of a draft: not public",
    Record.State.IN_REVIEW: "Preview of a record in review: not public",
    Record.State.PUBLISHED: "Preview of a record without evidence: not public",
    Record.State.WITHDRAWN: "Preview of a withdrawn record: not public",
}


class DayForm(forms.Form):
    """Asks for the day at whose end a record is to be shown."""

    FORMAT = "Write year, month and day, as in 2026-11-23 for 23 November 2026."

    as_of = forms.DateField(
        label="Day (UTC)",
        input_formats=["%Y-%m-%d"],
        help_text=FORMAT,
        error_messages={"required": f"No day is given. {FORMAT}", "invalid": "This is no day."},
        widget=forms.TextInput(attrs={"size": "12", "autocomplete": "off", "spellcheck": "false"}),
    )


class RecordDetailView(DetailView):
    """Shows one record of `queryset`, which loads all that `page_class` needs of it.

    `?as_of=2026-11-23` asks for the record as it stood at the end of that day. What was merged into
    another leads there; what was withdrawn answers 410 with when and why; what was never public
    answers 404 like what is not there. A preview, which the desk makes with
    `as_view(is_preview=True)` for those who may see it, shows a record in any state.
    """

    page_class = None
    page_parameters = ("as_of", "format")
    is_preview = False

    def get_queryset(self):
        records = super().get_queryset()
        return records if self.is_preview else records.public()

    def get(self, request, *args, **kwargs):
        records = self.get_queryset()
        is_past = "as_of" in request.GET and not self.is_preview
        self.object = self.named(records.prefetch_related(None) if is_past else records).first()
        file_format = request.GET.get("format")
        if file_format and not self.is_preview:
            return self.as_file(file_format)
        if self.object is None:
            return self.show_successor() or self.show_withdrawal()
        return self.show_past() if is_past else self.show()

    def as_file(self, file_format):
        """Answer with the record as it is now in one of the formats."""
        if file_format not in twins.NAMES:
            return twins.problem("", 400, [("format", "Take csv, json or xlsx.")])
        if "as_of" in self.request.GET:
            wrong = "A file holds the record as it is now: leave this out."
            return twins.problem(file_format, 400, [("as_of", wrong)])
        if self.object is None:
            successor = self.show_successor()
            if successor:
                successor["Location"] += f"?format={file_format}"
                return successor
            revision = self.withdrawal()
            if revision is None:
                return twins.problem(file_format, 404, [("", "No public record is here.")])
            words = f"Withdrawn on {revision.made_at:%Y-%m-%d}: {revision.reason}"
            return twins.problem(file_format, 410, [("", words)])
        return record_answer(self.request, self.object, file_format)

    def named(self, records):
        """Return those of `records` that have the key in the address: one or none."""
        return records.filter(**{self.slug_field: self.kwargs[self.slug_url_kwarg]}).order_by()

    def withdrawal(self):
        """Return the revision by which the record in the address was last withdrawn, or None."""
        label = self.get_queryset().model._meta.label_lower
        revisions = Revision.objects.at(label, self.kwargs[self.slug_url_kwarg])
        return revisions.filter(shown=Revision.Shown.NOTICE).defer("rows").first()

    def show(self, **context):
        return self.render_to_response(self.get_context_data(object=self.object, **context))

    def show_successor(self):
        """Lead on to the record into which the one in the address was merged, if it is public."""
        key = self.kwargs[self.slug_url_kwarg]
        successor = FormerAddress.objects.target_of(self.get_queryset().model, key)
        if successor and not self.is_preview and self.get_queryset().filter(pk=successor.pk):
            return redirect(successor, permanent=True)
        return None

    def show_withdrawal(self):
        revision = None if self.is_preview else self.withdrawal()
        if revision is None:
            raise Http404("No public record has this address.")
        context = {"revision": revision, "kind": revision.model._meta.verbose_name}
        return TemplateResponse(self.request, "withdrawn.html", context, status=410)

    def show_past(self):
        form = DayForm({"as_of": clean_text(self.request.GET["as_of"])})
        if not form.is_valid():
            return self.show_no_past(400, form=form)
        day = form.cleaned_data["as_of"]
        if day > datetime.now(UTC).date():
            self.object = self.named(self.get_queryset()).get()
            return self.show(still_to_come=day)
        try:
            past = as_of(self.object, day)
        except NotPublicThenError as error:
            return self.show_no_past(404, form=form, day=day, error=error)
        self.object = past.record
        self.object.as_of_day = day
        return self.show(past=past)

    def show_no_past(self, status, **context):
        context |= {
            "record": self.object,
            "kind": self.object._meta.verbose_name,
            "tools": RecordTools(self.object),
        }
        return TemplateResponse(self.request, "no_past.html", context, status=status)

    def get_context_data(self, **kwargs):
        if self.page_class:
            kwargs["page"] = self.page_class(self.object)
        if self.is_preview:
            kwargs["preview"] = PREVIEWS[self.object.state]
            kwargs["edit_url"] = _edit_url(self.object)
        else:
            kwargs["tools"] = RecordTools(self.object, kwargs.get("past"))
            kwargs["twins"] = kwargs["tools"].twins
            kwargs["citation"] = self.citation(**kwargs)
        return super().get_context_data(**kwargs)

    def citation(self, *, tools, page=None, past=None, **context):
        """Return how to cite what is shown: the record as its latest public revision left it."""
        latest = tools.last_change
        revision = latest if latest and latest.shown == Revision.Shown.WHOLE else None
        absolute = self.request.build_absolute_uri
        return RecordCitation(self.object, revision, page, absolute, is_past=past is not None)


class RecordTools:
    """What the foot of a record page offers: its history, and to suggest a correction.

    `last_change` is the latest public revision, of a page as it stood the one shown; None where no
    change has been recorded.
    """

    def __init__(self, record, past=None):
        revisions = Revision.objects.of(record).public().defer("rows")
        self.last_change = past.revision if past else revisions.first()
        self.twins = [] if past else twins.twins()
        self.suggest_url = suggest_url(record) if isinstance(record, Record) else ""


def _edit_url(record):
    name = f"admin:{record._meta.app_label}_{record._meta.model_name}_change"
    return reverse(name, args=[record.pk])
