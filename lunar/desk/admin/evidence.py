"""Evidence beside what it is evidence for, and citations on pages of their own."""

from django.contrib import admin
from django.http import HttpResponseRedirect
from django.utils.html import format_html
from django.utils.text import Truncator

from lunar.desk.admin.editor import EditorAdmin, FieldsMixin, InlinePermissionsMixin, change_url
from lunar.desk.admin.forms import (
    CitationAloneForm,
    CitationForm,
    CitationFormSet,
    carries_publication,
)
from lunar.sources.models.record import Absence


class CitationInline(InlinePermissionsMixin, FieldsMixin, admin.StackedInline):
    """Evidence, beside what it is evidence for. Subclasses name the model."""

    form = CitationForm
    formset = CitationFormSet
    extra = 0
    view_on_site = False
    verbose_name = "citation"
    verbose_name_plural = "evidence"
    classes = ["citations"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("field", "source", "stance"),
                    ("stated_value", "locator", "quote", "note"),
                ]
            },
        )
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("source")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "note":
            field.widget.attrs["rows"] = 1
        return field


def citation_inline(model):
    """Return the inline for the citations of `model`."""
    citations = model._meta.get_field("citations").related_model
    return type(f"{citations.__name__}Inline", (CitationInline,), {"model": citations})


class EvidenceMixin:
    """Adds the evidence of the edited row: by each value, and in full below."""

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        if obj:
            citations = obj.citations.select_related("source")
            for row, citation in enumerate(citations):  # in the order of the rows below
                field = form.base_fields.get(citation.field)
                if field:
                    field.help_text = format_html(
                        '{} <a class="field-evidence is-{}" href="#citations-{}">{}</a>',
                        field.help_text,
                        citation.stance,
                        row,
                        evidence_in_short(citation),
                    )
        return form

    def get_inlines(self, request, obj):
        return [*super().get_inlines(request, obj), citation_inline(self.model)]

    def get_fieldsets(self, request, obj=None):
        """Give those who may only look the absences in words, where editors have selects."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        words = {"absent_values": "absences_in_words"}
        return [
            (title, options | {"fields": [words.get(name, name) for name in options["fields"]]})
            for title, options in fieldsets
        ]

    @admin.display(description="Values that are missing")
    def absences_in_words(self, row):
        return "; ".join(
            f"{row.field_label(name)}: {Absence(kind).label.lower()}"
            for name, kind in row.absent_values.items()
        )


class BehindRecordMixin:
    """A page reached from its record: not on the index, and left towards the record."""

    address_fields = ()
    parent_field = "subject"

    def get_model_perms(self, request):
        return {}

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *([self.parent_field] if obj else [])]

    def response_post_save_change(self, request, obj):
        parent = self.opts.get_field(self.parent_field).remote_field
        inline = f"{parent.related_name}-group"
        return HttpResponseRedirect(f"{change_url(getattr(obj, self.parent_field))}#{inline}")


def evidence_in_short(citation):
    """Return who supports or disputes a value, and what a dispute says: “disputed: NASA, 30 g”."""
    words = Truncator(citation.source.publisher).chars(40)
    if citation.locator:
        words = f"{words}, {citation.locator}"
    if citation.stated_value:
        words = f"{words}: {citation.stated_value}"
    return f"disputed by {words}" if citation.stance == citation.Stance.DISPUTES else words


class CitedFieldFilter(admin.SimpleListFilter):
    title = "evidence for"
    parameter_name = "for"
    WHOLE = "record"

    def lookups(self, request, model_admin):
        subject = model_admin.model.subject_model()
        return [
            (name or self.WHOLE, subject.field_label(name)) for name in ["", *subject.CITED_FIELDS]
        ]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        return queryset.filter(field="" if self.value() == self.WHOLE else self.value())


class CitationAdmin(BehindRecordMixin, EditorAdmin):
    """Citations of one kind, to be searched and mended across records."""

    form = CitationAloneForm
    list_display = ["subject", "field_label", "source", "stance", "stated_value", "locator"]
    list_filter = ["stance", CitedFieldFilter]
    list_select_related = ["subject", "source"]
    search_fields = ["source__search_text", "stated_value", "quote", "note"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "subject",
                    "field",
                    "source",
                    "stance",
                    "stated_value",
                    "locator",
                    "quote",
                    "note",
                ]
            },
        )
    ]

    @admin.display(description="Evidence for", ordering="field")
    def field_label(self, citation):
        return citation.field_label

    def get_deleted_objects(self, objs, request):
        to_delete, model_count, perms_needed, protected = super().get_deleted_objects(objs, request)
        protected = [
            *protected,
            *(
                format_html(
                    'Published {}: <a href="{}">{}</a>. Nothing else supports it: cite another '
                    "source for it first, or withdraw it.",
                    record._meta.verbose_name,
                    change_url(record),
                    record,
                )
                for record in carries_publication(objs)
            ),
        ]
        return to_delete, model_count, perms_needed, protected


def register_citations(*models):
    """Give each of these citation tables a page of its own."""
    for model in models:
        # The label of a part names its record and whom it is about: its required relations.
        named = [
            f"subject__{field.name}"
            for field in model.subject_model()._meta.fields
            if field.remote_field and not field.null
        ]
        admin.site.register(model, CitationAdmin, list_select_related=["subject", "source", *named])
