"""Pages of the editors' desk in general: fields, addresses, and what the database refuses."""

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.urls import reverse

from lunar.canonical.reader import RecordError
from lunar.desk import roles
from lunar.desk.admin.conflicts import (
    MERGE,
    ConflictsMixin,
    refusal_message,
    whole_number,
)
from lunar.desk.admin.forms import (
    AbsencesField,
    EditorForm,
    LoadedAutocompleteSelect,
    NamedAutocompleteSelectMultiple,
    ReasonField,
    ReasonForm,
    RowsField,
    autocomplete_relations,
)
from lunar.desk.admin.history import HistoryMixin
from lunar.desk.admin.versions import changes_since
from lunar.desk.exchange.admin import ExchangeMixin
from lunar.desk.history import (
    LONGEST_REASON,
    StaleRecordError,
    Way,
    owner_of,
    recording,
    revision_number,
)
from lunar.desk.reconcile import UndecidedError
from lunar.edtf import EdtfDate, EdtfField
from lunar.text import clean_text

EMPTY = "—"
ADDED = "Added."
DATE_FORMS = [
    EdtfDate(text)
    for text in (
        "1978-05-22",
        "1978-05",
        "1978",
        "197X",
        "1978-21",
        "1978~",
        "1978?",
        "1978%",
        "1969/1970",
        "../2025-04-29",
        "2003/..",
    )
]


def date_column(name, label):
    """Return a column for `list_display` with the EDTF date `name` in words, sorted in time."""

    @admin.display(description=label, ordering=Coalesce(f"{name}_earliest", f"{name}_latest"))
    def column(row):
        date = getattr(row, name)
        return date.in_words if date else EMPTY

    column.__name__ = f"{name}_in_words"
    return column


def change_url(row):
    """Return the address of the admin page on which `row` is changed."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def changelist_url(model):
    """Return the address of the admin's list of all rows of `model`."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


class FieldsMixin:
    """How columns become form fields, on pages and inlines alike."""

    plain_selects = ()  # relations with so few choices that a select shows them all

    def get_autocomplete_fields(self, request):
        return [n for n in autocomplete_relations(self.model) if n not in self.plain_selects]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "absent_values":
            return AbsencesField(self.model, label=db_field.help_text.removesuffix("."))
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        if isinstance(db_field, models.TextField):
            kwargs["widget"] = admin.widgets.AdminTextareaWidget(attrs={"rows": 3})
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        wrapper = getattr(field, "widget", None)
        if isinstance(wrapper, admin.widgets.RelatedFieldWidgetWrapper):
            wrapper.can_delete_related = wrapper.can_view_related = False
        return field

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = LoadedAutocompleteSelect(
                db_field, self.admin_site, using=kwargs.get("using")
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs["form_class"] = RowsField
        kwargs["widget"] = NamedAutocompleteSelectMultiple(
            db_field, self.admin_site, using=kwargs.get("using")
        )
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class InlinePermissionsMixin:
    """What may be done with the rows within a page follows from the row that the page is of."""

    def has_view_permission(self, request, obj=None):
        return roles.may_see(request.user)

    def has_add_permission(self, request, obj):
        return self.has_change_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        if obj is None:
            return roles.may_add(request.user, self.model)
        return roles.may_change(request.user, obj)

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)


class ClosedRecordError(Exception):
    """A part or citation was to be added to a record that this editor may not change."""


class EditorAdmin(HistoryMixin, ExchangeMixin, FieldsMixin, ConflictsMixin, admin.ModelAdmin):
    """A page of the editors' desk: who may do what follows from `lunar.desk.roles`.

    Every change asks why, and is kept as a revision of the record that the row is or belongs to.
    A change of a record that somebody else has changed since it was opened is stopped, and both
    versions are shown.
    """

    form = EditorForm
    save_on_top = True
    empty_value_display = EMPTY
    list_per_page = 50
    address_fields = ("slug",)  # part of public addresses: chosen once
    slug_from = ("name",)

    def get_prepopulated_fields(self, request, obj=None):
        return {"slug": self.slug_from} if obj is None and "slug" in self.address_fields else {}

    def get_readonly_fields(self, request, obj=None):
        fixed = self.address_fields if obj else ()
        return [*super().get_readonly_fields(request, obj), *fixed]

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, clean_text(search_term))

    def has_module_permission(self, request):
        return roles.may_see(request.user)

    def has_view_permission(self, request, obj=None):
        return roles.may_see(request.user)

    def has_add_permission(self, request):
        return roles.may_add(request.user, self.model)

    def has_change_permission(self, request, obj=None):
        if obj is None:
            return roles.may_add(request.user, self.model)
        return roles.may_change(request.user, obj)

    def has_delete_permission(self, request, obj=None):
        return obj is not None and roles.may_delete(request.user, obj)

    def get_view_on_site_url(self, obj=None):
        """Only what the public can see has an address to go to."""
        owner = getattr(obj, "owner", None)
        return owner.get_absolute_url() if owner and owner.is_public else None

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.refusal = getattr(request, "database_refusal", "")
        form.user = request.user
        form.base_fields["change_reason"] = ReasonField(required=obj is not None)
        return form

    def render_change_form(self, request, context, obj=None, **kwargs):
        context["seen"] = request.POST.get("seen") or getattr(request, "seen", 0)
        context["seen_key"] = owner_of(obj).natural_key()[0] if obj else ""
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def construct_change_message(self, request, form, formsets, add=False):
        return form.cleaned_data["change_reason"] or ADDED

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        models_shown = [
            self.model,
            *(inline.model for inline in self.get_inline_instances(request)),
        ]
        if any(isinstance(f, EdtfField) for model in models_shown for f in model._meta.fields):
            extra_context = {"date_forms": DATE_FORMS} | (extra_context or {})
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError as error:
            # Everything is rolled back. Show the same form again, saying why.
            request.database_refusal = refusal_message(error)
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ClosedRecordError as error:
            request.database_refusal = str(error)
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (StaleRecordError, UndecidedError, RecordError) as error:
            return self.answer_conflict(request, object_id, extra_context, error)

    def _changeform_view(self, request, object_id, form_url, extra_context):
        if request.method != "POST":
            row = self.get_object(request, unquote(object_id)) if object_id else None
            # Before anything that the form shows is read: what changes later is noticed.
            request.seen = revision_number(owner_of(row)) if row else 0
            return super()._changeform_view(request, object_id, form_url, extra_context)
        if MERGE in request.POST and object_id:
            return self.save_merged(request, object_id)
        reason = self.reason_given(request) or ADDED
        with recording(request.user, reason, Way.FORM) as change:
            if object_id:
                self.expect_unchanged(request, change, self.get_object(request, unquote(object_id)))
            return super()._changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request, obj, form, change):
        owner = owner_of(obj)
        if owner is not obj and not roles.may_change(request.user, owner):
            state = owner.get_state_display().lower()
            raise ClosedRecordError(f"“{owner}” is {state}: your role does not change it.")
        super().save_model(request, obj, form, change)

    def reason_given(self, request):
        return clean_text(request.POST.get("change_reason", ""), max_length=LONGEST_REASON)

    def delete_view(self, request, object_id, extra_context=None):
        try:
            return super().delete_view(request, object_id, extra_context)
        except StaleRecordError as error:
            with transaction.atomic():
                return self._ask_again(request, object_id, error)

    def _delete_view(self, request, object_id, extra_context):
        asked = request.method == "POST"
        form = ReasonForm(request.POST if asked else None)
        if not asked or not form.is_valid():
            return self._ask_deletion(request, object_id, form, request.POST.get("seen"))
        with recording(request.user, form.cleaned_data["change_reason"], Way.FORM) as change:
            request.recording = change
            return super()._delete_view(request, object_id, extra_context)

    def delete_model(self, request, obj):
        request.recording.expect(owner_of(obj), whole_number(request.POST.get("seen")))
        super().delete_model(request, obj)

    def _ask_deletion(self, request, object_id, form, seen=None, **told):
        """Show what would be deleted, and ask for a reason."""
        row = self.get_object(request, unquote(object_id))
        if seen is None and row:
            seen = revision_number(owner_of(row))
        request.POST = QueryDict()
        context = {"reason_form": form, "seen": seen, **told}
        return super()._delete_view(request, object_id, context)

    def _ask_again(self, request, object_id, stale):
        """Ask anew whether to delete what somebody else has changed in the meantime."""
        changes = changes_since(stale.label, stale.key, stale.seen)
        response = self._ask_deletion(
            request, object_id, ReasonForm(request.POST), meanwhile=changes
        )
        if response.status_code == 200:
            response.status_code = 409
        return response

    def changelist_view(self, request, extra_context=None):
        if request.method != "POST":
            return super().changelist_view(request, extra_context)
        with transaction.atomic():  # an action happens whole or not at all
            return super().changelist_view(request, extra_context)
