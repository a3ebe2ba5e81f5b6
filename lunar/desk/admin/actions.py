"""Many records moved from state to state at once, after a page that shows them."""

import re
from typing import NamedTuple

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse

from lunar.desk import roles
from lunar.desk.admin.editor import changelist_url
from lunar.desk.admin.forms import ReasonForm
from lunar.desk.history import StaleRecordError, Way, recording
from lunar.desk.seen import latest_numbers
from lunar.sources.models import Record

State = Record.State
MAX_RECORDS = 300  # moved at once

# What is deleted leaves no note to its readers: nothing is deleted by the dozen.
admin.site.disable_action("delete_selected")


class Move(NamedTuple):
    """One way of moving records: from any of the states `sources` to `target`."""

    name: str
    words: str  # with a place for what is moved
    sources: tuple[State, ...]
    target: State

    def is_offered_to(self, user):
        """Return whether `user` may move any record in this way."""
        return any(roles.may(user, roles.MOVES[state, self.target]) for state in self.sources)

    def obstacle(self, user, record):
        """Return in words why `user` cannot move `record` in this way; "" if they can."""
        if record.state not in self.sources:
            names = " or ".join(f"“{state.label}”" for state in self.sources)
            return f"Its state is “{record.get_state_display()}”, not {names}."
        if not roles.may_move(user, record, self.target):
            return f"Your role does not move what is “{record.get_state_display()}” there."
        if self.target == State.PUBLISHED and not record.citation_count:
            return "No citation supports it."
        return ""


MOVES = [
    Move("send_to_review", "Send {} to review", (State.DRAFT,), State.IN_REVIEW),
    Move("back_to_draft", "Back to draft: {}", (State.IN_REVIEW, State.WITHDRAWN), State.DRAFT),
    Move("publish", "Publish {}", (State.DRAFT, State.IN_REVIEW), State.PUBLISHED),
    Move("withdraw", "Withdraw {}", (State.PUBLISHED,), State.WITHDRAWN),
    Move("restore", "Restore {}: publish again", (State.WITHDRAWN,), State.PUBLISHED),
]


def move_action(move):
    """Return the action of a list for one Move."""

    @admin.action(description=move.words.format("selected %(verbose_name_plural)s"))
    def action(model_admin, request, queryset):
        return move_page(model_admin, request, queryset, move)

    action.__name__ = move.name
    return action


MOVE_ACTIONS = [move_action(move) for move in MOVES]


class MovesMixin:
    """Offers to move records, each editor only as their role may."""

    def get_actions(self, request):
        withheld = {move.name for move in MOVES if not move.is_offered_to(request.user)}
        actions = super().get_actions(request)
        return {name: action for name, action in actions.items() if name not in withheld}


def move_page(model_admin, request, queryset, move):
    """Answer an action: show what it would do, or once that is confirmed with a reason, do it."""
    records = list(queryset.order_by("pk")[: MAX_RECORDS + 1])
    if len(records) > MAX_RECORDS:
        words = f"At most {MAX_RECORDS} can be moved at once: narrow the list, or choose fewer."
        model_admin.message_user(request, words, messages.ERROR)
        return None
    asked = "confirmed" in request.POST
    form = ReasonForm(request.POST if asked else None)
    if asked and form.is_valid():
        stopped = _move(request, model_admin.model, move, form.cleaned_data["change_reason"])
        if not stopped:
            words = f"{move.target.label}: {len(records)}."
            model_admin.message_user(request, words, messages.SUCCESS)
            filters = QueryDict(request.POST.get("filters", "")).urlencode()
            address = changelist_url(model_admin.model)
            return HttpResponseRedirect(f"{address}?{filters}" if filters else address)
        model_admin.message_user(request, stopped, messages.ERROR)
    return _show(model_admin, request, records, move, form)


def _show(model_admin, request, records, move, form):
    """Return the page with all that is chosen: what would be moved, and what not, and why."""
    numbers = latest_numbers(records)
    judged = [(record, move.obstacle(request.user, record)) for record in records]
    ready = [(record, numbers[record]) for record, obstacle in judged if not obstacle]
    names = model_admin.opts.verbose_name, model_admin.opts.verbose_name_plural
    context = {
        **model_admin.admin_site.each_context(request),
        "title": move.words.format(model_admin.opts.verbose_name_plural),
        "opts": model_admin.opts,
        "move": move,
        "ready": ready,
        "staying": [(record, obstacle) for record, obstacle in judged if obstacle],
        "button": move.words.format(f"{len(ready)} {names[len(ready) != 1]}"),
        "reason_form": form,
        "list_url": changelist_url(model_admin.model),
        "filters": request.POST.get("filters", request.GET.urlencode()),
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/desk/move.html", context)


def _move(request, model, move, reason):
    """Move the records that the form names, all or none; return in words what stopped it."""
    seen = _seen(request.POST)
    try:
        with recording(request.user, reason, Way.BULK) as change:
            found = model._base_manager.in_bulk(seen)
            if len(found) < len(request.POST.getlist(ACTION_CHECKBOX_NAME)):
                raise _StoppedError("One of the records is not there any more.")
            for pk, record in found.items():
                change.expect(record, seen[pk])
                change.open(record)
            # Read again now that another writer's change would be noticed at the end.
            for record in model._base_manager.filter(pk__in=seen):
                if move.obstacle(request.user, record):
                    raise _StoppedError(f"“{record}” has changed since you saw it.")
                record.state = move.target
                record.save(update_fields=["state"])
    except StaleRecordError as error:
        record = model._default_manager.get_by_natural_key(error.key)
        return f"“{record}” has changed since you saw it. Nothing was moved."
    except _StoppedError as error:
        return f"{error} Nothing was moved."
    return ""


class _StoppedError(Exception):
    """Ends a move with everything taken back; the message says why."""


def _seen(data):
    """Return {primary key: number of the revision seen} from the form of the page."""
    pairs = (re.fullmatch("([0-9]{1,18}):([0-9]{1,9})", text) for text in data.getlist("seen"))
    return {int(pair[1]): int(pair[2]) for pair in pairs if pair}
