"""The history of every row at the desk, and the way back to any of its revisions."""

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst

from lunar.canonical.reader import RecordError
from lunar.canonical.rows import rows_of
from lunar.desk import roles
from lunar.desk.admin.forms import ReasonForm
from lunar.desk.differences import compare
from lunar.desk.filters import CompareForm
from lunar.desk.history import StaleRecordError, is_recorded, owner_of
from lunar.desk.models import Revision
from lunar.desk.reverting import (
    deleted_records,
    in_words,
    revert,
    told_of_part,
    told_of_record,
    wanted_rows,
)
from lunar.desk.titles import is_record

STALE = (
    "Somebody else changed this record since you opened this page, so nothing was reverted. "
    "Below is what the revert would change now."
)
CLASH = "The database refuses this: it clashes with another record. Nothing was changed."


class RevertForm(ReasonForm):
    """Asks why; `seen` is the number of the latest revision when the page was made."""

    seen = forms.IntegerField(min_value=1, error_messages={"required": STALE})


class HistoryMixin:
    """Shows each revision of the record that a row is or belongs to, and reverts to one.

    On the page of a part or a citation stands only what concerned it; reverted is its record.
    Deleted records are listed, and come back as drafts.
    """

    object_history_template = "admin/desk/history.html"

    def get_urls(self):
        if not is_record(self.model):
            return super().get_urls()
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        pages = [
            ("deleted/", self.deleted_view, "deleted"),
            ("deleted/<slug:key>/", self.deleted_history_view, "deleted_history"),
            ("deleted/<slug:key>/<int:number>/", self.restore_view, "restore"),
            ("<path:object_id>/history/<int:number>/", self.revert_view, "revert"),
        ]
        own = [
            path(address, self.admin_site.admin_view(view), name=f"{name}_{page}")
            for address, view, page in pages
        ]
        return own + super().get_urls()

    def changelist_view(self, request, extra_context=None):
        extra_context = extra_context or {}
        if is_record(self.model) and deleted_records(self.model).exists():
            lists = extra_context.get("part_lists", [])
            deleted = f"Deleted {self.opts.verbose_name_plural}"
            extra_context["part_lists"] = [*lists, (deleted, self._address("deleted"))]
        return super().changelist_view(request, extra_context)

    def history_view(self, request, object_id, extra_context=None):
        row = self.get_object(request, unquote(object_id))
        if row is None or not is_recorded(self.model):
            return super().history_view(request, object_id, extra_context)
        record = owner_of(row)
        revisions = Revision.objects.of(record).with_editor()
        told = told_of_record(revisions) if row == record else told_of_part(revisions, row)
        latest, rows = revisions.first(), rows_of(record)
        is_current = latest is None or latest.rows == Revision.entries(rows)
        context = self._history_context(request, revisions, told) | {
            "record": record,
            "is_part": record != row,
            "record_history": _address_of(record, "history"),
            "unrecorded": None if is_current else _difference(latest.canonical_rows, rows),
            "may_revert": may_revert(request.user, record),
            "revert_page": _page_of(type(record), "revert"),
        }
        return super().history_view(request, object_id, context | (extra_context or {}))

    def deleted_view(self, request):
        """List the records of this kind that were deleted."""
        self._check_may_see(request)
        context = self._context(request, f"Deleted {self.opts.verbose_name_plural}")
        found = deleted_records(self.model).with_editor().defer("rows")
        context["deleted"] = [(self._address("deleted_history", r.key), r) for r in found]
        return self._page(request, "deleted", context)

    def deleted_history_view(self, request, key):
        self._check_may_see(request)
        latest = self._deleted_or_404(key)
        revisions = Revision.objects.at(self.opts.label_lower, key).with_editor()
        context = self._context(request, f"History of {latest.title}")
        context |= self._history_context(request, revisions, told_of_record(revisions))
        context |= {
            "deleted_list": self._address("deleted"),
            "may_revert": roles.may(request.user, "revert"),
            "revert_page": _page_of(self.model, "restore"),
            "revert_key": key,
        }
        return self._page(request, "history", context)

    def revert_view(self, request, object_id, number):
        """Ask why, and revert a record to one of its revisions."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not may_revert(request.user, record):
            raise PermissionDenied
        key = record.natural_key()[0]
        context = {"record": record, "history": _address_of(record, "history")}
        return self._revert(request, key, number, rows_of(record), context)

    def restore_view(self, request, key, number):
        """Ask why, and bring a deleted record back as a draft."""
        if not roles.may(request.user, "revert"):
            raise PermissionDenied
        self._deleted_or_404(key)
        context = {"history": self._address("deleted_history", key)}
        return self._revert(request, key, number, [], context)

    def _revert(self, request, key, number, present, context):
        latest = Revision.objects.at(self.opts.label_lower, key).first()
        target = Revision.objects.at(self.opts.label_lower, key).filter(number=number).first()
        if target is None or not target.canonical_rows:
            raise Http404
        form = RevertForm(request.POST if request.method == "POST" else None)
        problems = form.errors.get("seen", [])
        if form.is_bound and form.is_valid():
            reason = form.cleaned_data["change_reason"]
            try:
                record = revert(target, request.user, reason, form.cleaned_data["seen"])
            except RecordError as error:
                problems = in_words(error)
            except StaleRecordError:
                problems = [STALE]
            except IntegrityError:
                problems = [CLASH]
            else:
                self.log_change(request, record, reason)
                told = f"“{record}” is as it was in revision {number}."
                self.message_user(request, told, messages.SUCCESS)
                return HttpResponseRedirect(_address_of(record, "change"))
        wanted = wanted_rows(target, present)
        verb = "Revert" if present else "Restore"
        page = self._context(request, f"{verb} “{target.title}” to revision {number}")
        page |= {
            "verb": verb,
            "target": target,
            "form": form,
            "problems": problems,
            "seen": latest.number,
            "difference": _difference(present, wanted),
            "has_state": "state" in wanted[0].shape.fields,
        }
        return self._page(request, "revert", page | context)

    def _history_context(self, request, revisions, told):
        every = list(revisions.defer("rows"))
        form = CompareForm(request.GET, every)
        chosen = form.chosen()
        rows = {r.number: r.canonical_rows for r in revisions.filter(number__in=chosen or ())}
        return {
            "told": told,
            "form": form if len(every) > 1 else None,
            "compared": chosen,
            "difference": _difference(*(rows[n] for n in chosen)) if chosen else None,
        }

    def _check_may_see(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _deleted_or_404(self, key):
        latest = deleted_records(self.model).filter(key=key).first()
        if latest is None:
            raise Http404
        return latest

    def _context(self, request, title):
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "module_name": capfirst(self.opts.verbose_name_plural),
        }

    def _page(self, request, name, context):
        request.current_app = self.admin_site.name
        return TemplateResponse(request, f"admin/desk/{name}.html", context)

    def _address(self, page, *args):
        return reverse(_page_of(self.model, page), args=args)


def may_revert(user, record):
    """Return whether `user` may bring `record` back to an earlier revision."""
    return roles.may(user, "revert") and roles.may_change(user, record)


def _difference(before, after):
    [difference] = compare([(before, after)])
    return difference


def _page_of(model, page):
    return f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"


def _address_of(record, page):
    return reverse(_page_of(type(record), page), args=[record.pk])
