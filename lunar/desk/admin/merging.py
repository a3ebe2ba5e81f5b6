"""The page on which a record is merged into another of its kind."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from lunar.desk import roles
from lunar.desk.admin.editor import change_url
from lunar.desk.admin.forms import LoadedAutocompleteSelect, ReasonField
from lunar.desk.history import StaleRecordError, revision_number
from lunar.desk.merging import Merger


class IntoForm(forms.Form):
    """Asks which record stays; asked by GET, so that the page after it has an address."""

    def __init__(self, model, data):
        super().__init__(data if "into" in data else None)
        referring = next(
            relation.field
            for relation in model._meta.related_objects
            if not relation.field.many_to_many and relation.field.editable
        )
        self.fields["into"] = forms.ModelChoiceField(
            model._default_manager.all(),
            label="The one to keep",
            widget=LoadedAutocompleteSelect(referring, admin.site),
            error_messages={"invalid_choice": "There is no such record."},
        )


class MergeForm(forms.Form):
    change_reason = ReasonField()
    seen = forms.RegexField(r"^[0-9]{1,9},[0-9]{1,9}$", widget=forms.HiddenInput)


class MergeMixin:
    """Adds “Merge into another” to the pages of the records of one kind."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_merge"
        view = self.admin_site.admin_view(self.merge_view)
        return [path("<path:object_id>/merge/", view, name=name), *super().get_urls()]

    def merge_view(self, request, object_id):
        if not roles.may(request.user, "merge"):
            raise PermissionDenied("Only reviewers merge records.")
        duplicate = self.get_object(request, unquote(object_id))
        if duplicate is None:
            raise Http404("There is no such record.")
        asked = IntoForm(self.model, request.GET)
        merger, form = None, None
        if asked.is_valid():
            kept = asked.cleaned_data["into"]
            try:
                merger = Merger.of(duplicate, kept)
            except ValidationError as error:
                asked.add_error("into", error)
        if merger:
            seen = f"{revision_number(duplicate)},{revision_number(kept)}"
            form = MergeForm(request.POST or None, initial={"seen": seen})
            if request.method == "POST" and form.is_valid():
                done = self.merge(request, merger, form)
                if done:
                    return done
        context = {
            **self.admin_site.each_context(request),
            "title": f"Merge “{duplicate}” into another",
            "opts": self.opts,
            "original": duplicate,
            "asked": asked,
            "merger": merger,
            "form": form,
            "media": self.media + asked.media,
        }
        return TemplateResponse(request, "admin/desk/merge.html", context)

    def merge(self, request, merger, form):
        """Merge and lead to the record that stays; None if the form must be shown again."""
        old = str(merger.duplicate)
        seen = [int(number) for number in form.cleaned_data["seen"].split(",")]
        try:
            merger.carry_out(request.user, form.cleaned_data["change_reason"], seen)
        except StaleRecordError:
            form.add_error(
                None,
                "Somebody changed one of the two in the meantime. Look at what merging does now, "
                "then merge again.",
            )
            form.data = form.data.copy()
            form.data["seen"] = (
                f"{revision_number(merger.duplicate)},{revision_number(merger.kept)}"
            )
            return None
        except ValidationError as error:
            form.add_error(None, f"The two cannot be merged: {' '.join(error.messages)}")
            return None
        self.message_user(
            request, f"“{old}” is merged into this one; its address leads here.", messages.SUCCESS
        )
        return HttpResponseRedirect(change_url(merger.kept))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        links = {}
        if roles.may(request.user, "merge"):
            name = f"admin:{self.opts.app_label}_{self.opts.model_name}_merge"
            links["merge_url"] = reverse(name, args=[object_id])
        return super().change_view(request, object_id, form_url, links | (extra_context or {}))
