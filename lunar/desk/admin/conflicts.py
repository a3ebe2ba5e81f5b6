"""What an editor is told whose record somebody else has changed, and how both versions are kept.

What was sent is carried on by the page itself, so that nothing depends on a session or a script.
"""

import re
from dataclasses import dataclass

from django.apps import apps
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.template.response import TemplateResponse

from lunar.canonical.reader import RecordError
from lunar.canonical.rows import path_to_record, rows_of
from lunar.canonical.writer import replace
from lunar.desk import roles
from lunar.desk.admin.submission import hidden_fields, typed_rows, without_gone_rows
from lunar.desk.admin.versions import changes_since, choice_between, rows_at
from lunar.desk.differences import compare
from lunar.desk.history import StaleRecordError, Way, owner_of, recording, revision_number
from lunar.desk.models import Revision
from lunar.desk.reconcile import Merge, Side, reconcile
from lunar.desk.reverting import in_words

MERGE = "_save_merged"  # the button of the page on which clashes are decided
MERGE_SEEN = "_merge_seen"  # the number of the revision with which it merges
CHOICE = "choice-"
ASKED = ("state",)  # a merge never publishes because a form that was opened earlier said so
AGAIN = (
    "Somebody else saved at the same moment, so nothing of this is saved yet. "
    "Everything you typed is still here: save again."
)


class _WrittenError(Exception):
    """Leaves a trial whose form could be saved; `rows` are the record's as it would then be."""

    def __init__(self, rows):
        super().__init__()
        self.rows = rows


@dataclass
class Trial:
    """What would come of a form if it were saved now: a merge, or the page with its errors."""

    theirs: list
    gone: list
    merge: Merge | None = None
    response: object = None


def whole_number(text):
    """Return the revision number that a form was made from; -1 for none that can be."""
    return int(text) if text and re.fullmatch("[0-9]{1,9}", text) else -1


def refusal_message(error):
    """Return in words why the database refused, from the constraint that it names."""
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if re.search(rf"\b{re.escape(constraint.name)}\b", str(error)):
                return constraint.get_violation_error_message()
    return (
        "The database refused this, because it clashes with something saved in the meantime. "
        "Nothing was changed. Open the record again in another tab to see how it is now."
    )


class ConflictsMixin:
    """Keeps a save on top of somebody else's from going through, and from being lost."""

    def log_change(self, request, obj, message):
        if getattr(request, "is_trial", False):
            raise _WrittenError(rows_of(owner_of(obj)))
        return super().log_change(request, obj, message)

    def expect_unchanged(self, request, change, row):
        """Raise StaleRecordError if the record changed since this request's form was opened.

        For who may not change it any more, that is what to be told; for others, that they may not.
        """
        seen = whole_number(request.POST.get("seen"))
        if row is None:
            key = request.POST.get("seen_key", "")
            _, record_model = path_to_record(self.model)
            if key and self.has_change_permission(request):
                raise StaleRecordError(record_model._meta.label_lower, key, seen)
        elif self.has_change_permission(request, row) or (
            self.has_change_permission(request) and seen >= 0
        ):
            change.expect(owner_of(row), seen)

    def answer_conflict(self, request, object_id, extra_context, error):
        """Answer a save that came too late, or a merge that cannot be, with nothing of it lost."""
        if isinstance(error, RecordError):
            request.database_refusal = _unmergeable(error)
        unanswered = {clash.token for clash in getattr(error, "clashes", ())}
        try:
            return self._conflict_page(request, object_id, extra_context, unanswered)
        except RecordError as problem:
            request.database_refusal = _unmergeable(problem)
            return self._conflict_page(request, object_id, extra_context, unanswered)

    def _conflict_page(self, request, object_id, extra_context, unanswered):
        with transaction.atomic():
            if not object_id:
                request.database_refusal = AGAIN
                return super()._changeform_view(request, None, "", extra_context)
            row = self.get_object(request, unquote(object_id))
            if not row:
                return self._closed_page(request, None)
            owner = owner_of(row)
            list(type(owner)._base_manager.select_for_update(no_key=True).filter(pk=owner.pk))
            if not self.has_change_permission(request, row):
                return self._closed_page(request, row)
            changes = self._changes_meanwhile(request, owner)
            if not changes and revision_number(owner) == whole_number(request.POST.get("seen")):
                request.database_refusal = AGAIN  # it was another record that somebody changed
            trial = self._trial(request, object_id, row, extra_context)
            if not trial.response:
                return self._choices_page(request, row, trial, changes, unanswered)
            return _form_page(trial, changes)

    def save_merged(self, request, object_id):
        """Save what was chosen on the conflict page.

        Raises StaleRecordError if the record has changed once more, UndecidedError if a choice is
        missing, RecordError if what comes of it is not valid; with nothing written.
        """
        with recording(request.user, self.reason_given(request) or "Merged.", Way.FORM) as change:
            row = self.get_object(request, unquote(object_id))
            if row is None or not self.has_change_permission(request, row):
                self.expect_unchanged(request, change, row)
                raise PermissionDenied
            owner = owner_of(row)
            change.expect(owner, whole_number(request.POST.get(MERGE_SEEN)))
            trial = self._trial(request, object_id, row, {})
            if trial.response:
                raise RecordError(["The form has errors."])
            wanted = trial.merge.rows(_choices(request))
            if Revision.entries(wanted) == Revision.entries(trial.theirs):
                self.message_user(request, f"“{row}” stays as it is: nothing of yours was chosen.")
                return self.response_post_save_change(request, row)
            state = wanted[0].fields.get("state", getattr(owner, "state", None))
            if hasattr(owner, "state") and not roles.may_move(request.user, owner, state):
                raise PermissionDenied
            replace(trial.theirs, wanted)
            row = self.get_object(request, unquote(object_id)) or row
            self.log_change(request, row, self.reason_given(request))
            return self.response_change(request, row)

    def _trial(self, request, object_id, row, extra_context):
        """Save what was sent over the present record, and take it back."""
        owner = owner_of(row)
        base = rows_at(owner, whole_number(request.POST.get("seen")))
        theirs = rows_of(owner)
        data, gone = without_gone_rows(self, request, row, base)
        data.pop("_saveasnew", None)
        if "state" in data and base and data["state"] == getattr(base[0].as_object, "state", None):
            data["state"] = owner.state  # as it was offered then; now it may not be
        sent, request.POST, request.is_trial = request.POST, data, True
        try:
            return Trial(
                theirs, gone, response=self._shown_again(request, object_id, extra_context)
            )
        except _WrittenError as written:
            return Trial(theirs, gone, merge=reconcile(base, theirs, written.rows, ask=ASKED))
        finally:
            request.POST, request.is_trial = sent, False

    def _shown_again(self, request, object_id, extra_context):
        """Return the page with the errors of the form; raise _WrittenError if it has none."""
        try:
            with transaction.atomic():
                return super()._changeform_view(request, object_id, "", extra_context)
        except IntegrityError as error:
            request.database_refusal = refusal_message(error)
            return super()._changeform_view(request, object_id, "", extra_context)

    def _changes_meanwhile(self, request, record):
        seen = whole_number(request.POST.get("seen"))
        label, key = record._meta.label_lower, record.natural_key()[0]
        return changes_since(label, key, seen)

    def _closed_page(self, request, row):
        """The page where nothing can be merged: the row is gone, or closed to this editor."""
        if row:
            changes = self._changes_meanwhile(request, owner_of(row))
        else:
            _, record_model = path_to_record(self.model)
            seen = whole_number(request.POST.get("seen"))
            key = request.POST.get("seen_key", "")
            changes = changes_since(record_model._meta.label_lower, key, seen)
        context = {"closed": True, "typed": typed_rows(self, request)}
        return self._told(request, row, changes, context)

    def _choices_page(self, request, row, trial, changes, unanswered):
        merge = trial.merge
        number = revision_number(owner_of(row))
        decided_before = request.POST.get(MERGE_SEEN)
        is_same = whole_number(decided_before) == number
        theirs = {clash.token: Side.THEIRS for clash in merge.of(Side.CLASH)}
        stands = merge.rows(theirs)
        variants = [merge.rows(theirs | {token: Side.MINE}) for token in theirs]
        pairs = [(trial.theirs, stands), *((stands, variant) for variant in variants)]
        kept, *clashes = compare(pairs)
        chosen = _choices(request) if is_same else {}
        context = {
            "kept": kept,
            "choices": [
                choice_between(
                    clash,
                    difference,
                    f"{CHOICE}{clash.token}",
                    chosen.get(clash.token, ""),
                    clash.token in unanswered,
                )
                for clash, difference in zip(merge.of(Side.CLASH), clashes, strict=True)
            ],
            "unanswered": len(unanswered),
            "once_more": bool(decided_before) and not is_same,
            "gone": trial.gone,
            "sent": hidden_fields(request.POST, without=(MERGE, CHOICE)),
            "merge_button": MERGE,
            "merge_seen": (MERGE_SEEN, number),
        }
        return self._told(request, row, changes, context)

    def _told(self, request, row, changes, context):
        context |= {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Somebody else has changed this record",
            "subtitle": str(row) if row else None,
            "original": row,
            "meanwhile": changes,
            "media": self.media,
            "has_view_permission": True,
            "is_popup": IS_POPUP_VAR in request.POST,
            "present_url": request.get_full_path() if row else None,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/desk/conflict.html", context, status=409)


def _form_page(trial, changes):
    """The form again with its errors, and what has changed since it was opened."""
    response = trial.response
    if hasattr(response, "context_data"):
        for inline in response.context_data["inline_admin_formsets"]:
            # What each row of the form is about, whatever has come in between them since.
            formset = inline.formset
            formset._queryset = [form.instance for form in formset.initial_forms]
        response.context_data |= {"meanwhile": changes, "gone": trial.gone}
        response.status_code = 409
    return response


def _unmergeable(error):
    """Return in words why the merged rows cannot be saved."""
    return (
        "The merged version cannot be saved: "
        + " ".join(in_words(error))
        + " Nothing was changed: what follows is as you typed it."
    )


def _choices(request):
    return {
        name.removeprefix(CHOICE): value
        for name, value in request.POST.items()
        if name.startswith(CHOICE)
    }
