"""The desk's queue of suggestions, and the page on which one is answered."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import Count
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst

from lunar.desk import roles
from lunar.desk.admin.editor import change_url, refusal_message
from lunar.desk.history import StaleRecordError
from lunar.desk.models import Suggestion
from lunar.desk.suggestions.answers import (
    ANSWERED_MEANWHILE,
    AnsweredMeanwhileError,
    AnswerForm,
)
from lunar.desk.suggestions.values import correctable_models
from lunar.desk.worklists import WorklistFilter

RECORD_CHANGED = (
    "The record was changed while this page was open, so nothing was done. What you decided and "
    "typed is still here: compare it with how the record stands now, and answer again."
)


class KindFilter(admin.SimpleListFilter):
    title = "kind of record"
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return [
            (name, capfirst(model._meta.verbose_name))
            for name, model in correctable_models().items()
        ]

    def queryset(self, request, queryset):
        model = correctable_models().get(self.value())
        return queryset.filter(label=model._meta.label_lower) if model else queryset


@admin.register(Suggestion)
class SuggestionAdmin(admin.ModelAdmin):
    """Suggestions of readers, what waits first and the oldest of it on top.

    Whoever may look at the desk may look; answering takes the permission "answer".
    """

    list_display = ["title", "kind", "value_count", "sent_at", "state", "answered_at"]
    list_filter = [WorklistFilter, "state", KindFilter]
    worklists = {"waiting": "Suggestions of readers to answer"}
    list_per_page = 50
    sortable_by = []  # always a queue
    actions = None

    def has_module_permission(self, request):
        return roles.may_see(request.user)

    def has_view_permission(self, request, obj=None):
        return roles.may_see(request.user)

    def has_change_permission(self, request, obj=None):
        return roles.may(request.user, "answer")

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(values_counted=Count("values"))

    @admin.display(description="Kind of record", ordering="label")
    def kind(self, suggestion):
        return capfirst(suggestion.model._meta.verbose_name)

    @admin.display(description="Values", ordering="values_counted")
    def value_count(self, suggestion):
        return suggestion.values_counted

    def changelist_view(self, request, extra_context=None):
        number = Suggestion.objects.waiting().count()
        title = {"title": f"Suggestions of readers: {number} waiting"}
        return super().changelist_view(request, title | (extra_context or {}))

    def history_view(self, request, object_id, extra_context=None):
        raise Http404  # what was answered, when and by whom is on its page

    def change_view(self, request, object_id, form_url="", extra_context=None):
        suggestion = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request):
            raise PermissionDenied
        if suggestion is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if request.method != "POST":
            return self._show(request, suggestion, AnswerForm(suggestion, request))
        if not self.has_change_permission(request, suggestion):
            raise PermissionDenied
        return self._answer(request, suggestion)

    def _answer(self, request, suggestion):
        form = AnswerForm(suggestion, request, request.POST)
        if not form.is_valid():
            return self._show(request, suggestion, form)
        try:
            form.save()
        except AnsweredMeanwhileError:
            self.message_user(request, ANSWERED_MEANWHILE, messages.ERROR)
            return redirect(change_url(suggestion))
        except StaleRecordError:
            return self._show(request, suggestion, _once_more(form, request, RECORD_CHANGED))
        except IntegrityError as error:
            refused = refusal_message(error)
            return self._show(request, suggestion, _once_more(form, request, refused))
        Suggestion.objects.forget_senders()
        self.message_user(request, f"Answered: {suggestion}.", messages.SUCCESS)
        if suggestion.values.waiting().exists():
            return redirect(change_url(suggestion))
        return redirect(reverse("admin:desk_suggestion_changelist"))

    def _show(self, request, suggestion, form):
        media = self.media + form.media
        for columns in form.columns_forms.values():
            media += columns.media
        record = form.record
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": str(suggestion),
            "suggestion": suggestion,
            "form": form,
            "media": media,
            "may_answer": self.has_change_permission(request) and form.waiting,
            "kind": suggestion.model._meta.verbose_name,
            "record": record,
            "record_url": change_url(record) if record else "",
            "later": suggestion.later_revisions.with_editor(),
            "others": Suggestion.objects.waiting()
            .filter(label=suggestion.label, key=suggestion.key)
            .exclude(pk=suggestion.pk),
        }
        return TemplateResponse(request, "admin/desk/suggestion.html", context)


def _once_more(form, request, why):
    """Return the form with what was sent, on how the record stands now, and why it is shown."""
    data = request.POST.copy()
    fresh = AnswerForm(form.suggestion, request)
    data["seen"] = fresh.initial["seen"]
    again = AnswerForm(form.suggestion, request, data)
    again.is_valid()
    again.add_error(None, why)
    return again
