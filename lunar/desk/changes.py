"""The public log of changes, and the history of each record."""

from types import SimpleNamespace

from django.core.paginator import EmptyPage, Paginator
from django.http import Http404
from django.views.generic import TemplateView

from lunar.desk.differences import compare
from lunar.desk.filters import ChangeFilterSet, CompareForm, LogOrder
from lunar.desk.log import Change, changes, entries, grouped, public_revisions
from lunar.desk.models import Revision
from lunar.desk.titles import record_models
from lunar.filters import DEFAULT_PER_PAGE
from lunar.lists import page_links

TOLD_IN_FULL = 50  # revisions of one page of history; the older ones can be compared


class ChangeLogView(TemplateView):
    """All public changes, the latest first; those of one moment one by one if asked for.

    Answers 400 with a message beside the field for a bad parameter, and 404 with a way to the
    last page for a page beyond it.
    """

    template_name = "desk/changes.html"
    page_parameters = ChangeFilterSet.parameters()

    def get_context_data(self, **kwargs):
        filterset = ChangeFilterSet(self.request.GET, public_revisions())
        self.status, beyond = (200 if filterset.is_valid() else 400), None
        asked = getattr(filterset.form, "cleaned_data", {})
        rows = self._rows(filterset.qs, asked)
        paginator = Paginator(rows, int(asked.get("per_page") or DEFAULT_PER_PAGE))
        number = asked.get("page") or 1
        try:
            page = paginator.page(number)
        except EmptyPage:
            self.status, beyond = 404, number
            page = paginator.page(paginator.num_pages)
        table = SimpleNamespace(paginator=paginator, page=page)
        return super().get_context_data(
            filterset=filterset,
            form=filterset.form,
            changes=self._changes(page, filterset.qs, asked),
            table=table,
            count=paginator.count,
            pages=page_links(paginator, page.number, lambda number: filterset.link(page=number)),
            page_beyond=beyond,
            canonical=filterset.link(page=page.number),
            **kwargs,
        )

    def _rows(self, revisions, asked):
        oldest_first = asked.get("sort") == LogOrder.OLDEST_FIRST
        if asked.get("at"):
            return revisions.order_by("label", "key", "number")
        return grouped(revisions, oldest_first=oldest_first)

    def _changes(self, page, revisions, asked):
        if not asked.get("at"):
            return changes(page.object_list, revisions)
        shown = revisions.filter(pk__in=[revision.pk for revision in page.object_list])
        return [
            Change(entry.revision, 1, [entry])
            for entry in entries(shown.order_by("label", "key", "number"))
        ]

    def render_to_response(self, context, **kwargs):
        return super().render_to_response(context, status=self.status, **kwargs)


class RecordHistoryView(TemplateView):
    """All public revisions of one record, and any two of them compared: ?from=3&to=5.

    Of a record that is withdrawn only the notice is left; of one that was never public, nothing.
    """

    template_name = "desk/record_history.html"
    page_parameters = CompareForm.NAMES

    def get_context_data(self, model_name, key, **kwargs):
        revisions = history_of(model_name, key)
        found = entries(revisions.defer("rows"), compared=False)
        if not found:
            raise Http404
        told = entries(
            revisions.filter(pk__in=[e.revision.pk for e in found[:TOLD_IN_FULL]]), whole=True
        )
        whole = [entry.revision for entry in found if not entry.is_notice]
        form = CompareForm(self.request.GET, whole)
        self.status = 400 if form.is_bound and not form.is_valid() else 200
        [latest, *_] = found
        return super().get_context_data(
            entries=[*told, *found[TOLD_IN_FULL:]],
            latest=latest,
            model_name=model_name,
            key=key,
            form=form if len(whole) > 1 else None,
            compared=form.chosen(),
            difference=_compared(revisions, form.chosen()),
            **kwargs,
        )

    def render_to_response(self, context, **kwargs):
        return super().render_to_response(context, status=self.status, **kwargs)


def history_of(model_name, key):
    """Return the public revisions of the record at this address, the latest first.

    Raises Http404 for a kind of record that there is not.
    """
    model = record_models().get(model_name)
    if model is None:
        raise Http404
    public = public_revisions().filter(label=model._meta.label_lower, key=key)
    return public.order_by("-number")


def _compared(revisions, numbers):
    """Return the Difference between two public revisions of one record; None if not asked for."""
    if not numbers:
        return None
    whole = revisions.filter(shown=Revision.Shown.WHOLE, number__in=numbers)
    rows = {revision.number: revision.canonical_rows for revision in whole}
    [difference] = compare([[rows[number] for number in numbers]], public=True)
    return difference
