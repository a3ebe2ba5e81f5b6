"""Records and their parts."""

from django.contrib import admin
from django.db.models import Count
from django.utils.html import format_html
from django.utils.text import capfirst

from lunar.desk.admin.actions import MOVE_ACTIONS, MovesMixin
from lunar.desk.admin.editor import (
    EditorAdmin,
    FieldsMixin,
    InlinePermissionsMixin,
    change_url,
    changelist_url,
)
from lunar.desk.admin.evidence import BehindRecordMixin, EvidenceMixin
from lunar.desk.admin.forms import CitedForm, RecordForm
from lunar.desk.admin.preview import PreviewMixin
from lunar.desk.worklists import WorklistFilter
from lunar.text import clean_text

# The last of a page's values.
ABSENCES = ("Why values are missing", {"classes": ["collapse"], "fields": ["absent_values"]})


class EvidenceFilter(admin.SimpleListFilter):
    title = "evidence"
    parameter_name = "evidence"

    def lookups(self, request, model_admin):
        return [("none", "No citation"), ("one", "One citation"), ("several", "Several")]

    def queryset(self, request, queryset):
        conditions = {
            "none": {"citation_count": 0},
            "one": {"citation_count": 1},
            "several": {"citation_count__gt": 1},
        }
        return queryset.filter(**conditions.get(self.value(), {}))


class PartInline(InlinePermissionsMixin, FieldsMixin, admin.StackedInline):
    """Parts of a record on its page; their own evidence is behind the “Change” link."""

    form = CitedForm
    extra = 0
    view_on_site = False
    show_change_link = True
    classes = ["collapse", "parts"]
    readonly_fields = ["evidence"]
    select_related = ()

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related(*self.select_related)
        return rows.annotate(citations_counted=Count("citations"))

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        if obj and formset.max_num != 1:
            number = self.model._base_manager.filter(**{formset.fk.name: obj}).count()
            self.verbose_name_plural = f"{self.model._meta.verbose_name_plural} ({number})"
        return formset

    @admin.display(description="Evidence")
    def evidence(self, part):
        if not part.pk:
            return "Save first; then its evidence can be added from here."
        number = getattr(part, "citations_counted", None)
        words = f"{number or 'no'} citation{'' if number == 1 else 's'}"
        return format_html(
            '<a href="{}#citations-group">{}: add or change</a>', change_url(part), capfirst(words)
        )


class PartAdmin(BehindRecordMixin, EvidenceMixin, EditorAdmin):
    """A part of a record on a page of its own, with its evidence. Names `parent_field`."""

    form = CitedForm


class RecordAdmin(PreviewMixin, MovesMixin, EvidenceMixin, EditorAdmin):
    """A public entry: its values, its evidence, its parts, and whether it is published."""

    form = RecordForm
    worklists = {
        "in_review": "In review",
        "unsourced": "Drafts without a citation",
        "disputed": "Disputed by a source",
        "resting_on_one_source": "Public on one source alone",
    }
    search_fields = ["search_text"]
    readonly_fields = ["citation_count", "seen_by_public"]
    actions = [*MOVE_ACTIONS, *EditorAdmin.actions]
    PUBLICATION = (
        "Publication",
        {
            "fields": [("state", "citation_count", "seen_by_public")],
            "description": "The public sees a published record with at least one supporting "
            "citation. The count follows from the evidence below.",
        },
    )

    def get_list_filter(self, request):
        return [WorklistFilter, *super().get_list_filter(request)]

    def get_search_results(self, request, queryset, search_term):
        words = clean_text(search_term)
        found = queryset.matching(words)
        if words and self.address_fields:
            [address] = self.address_fields
            found |= queryset.filter(**{f"{address}__icontains": words})
        return found, False

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(
            request, {"part_lists": self.part_lists(request)} | (extra_context or {})
        )

    def part_lists(self, request):
        """Return (name, address) of the lists of everything that belongs to these records."""
        return [
            (capfirst(inline.model._meta.verbose_name_plural), changelist_url(inline.model))
            for inline in self.get_inline_instances(request)
            if inline.has_view_or_change_permission(request)
        ]

    @admin.display(description="Public", boolean=True)
    def seen_by_public(self, record):
        return bool(record.pk) and record.is_public
