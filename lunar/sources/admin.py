from django.contrib import admin
from django.db.models import Q
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst

from lunar.desk.admin.editor import EditorAdmin, changelist_url, date_column
from lunar.desk.admin.merging import MergeMixin
from lunar.desk.worklists import WorklistFilter
from lunar.sources.models import Exclusion, Source
from lunar.sources.models.source import citation_models
from lunar.text import clean_text


class ArchiveFilter(admin.SimpleListFilter):
    title = "archived copy"
    parameter_name = "archived"

    def lookups(self, request, model_admin):
        return [("yes", "Has one"), ("no", "Address without a copy"), ("none", "No address at all")]

    def queryset(self, request, queryset):
        conditions = {
            "yes": ~Q(archive_url=""),
            "no": Q(archive_url="") & ~Q(url=""),
            "none": Q(archive_url="", url=""),
        }
        return queryset.filter(conditions.get(self.value(), Q()))


@admin.register(Source)
class SourceAdmin(MergeMixin, EditorAdmin):
    list_display = [
        "title",
        "publisher",
        date_column("published", "Published"),
        "kind",
        "standing",
        "language",
        "cited_by",
    ]
    list_filter = [WorklistFilter, "kind", "standing", ArchiveFilter, "language"]
    worklists = {"unarchived": "Sources without an archived copy"}
    search_fields = ["search_text"]
    readonly_fields = ["rests_on_it"]
    slug_from = ("publisher", "title")
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "title",
                    "title_english",
                    "authors",
                    ("publisher", "published"),
                    ("kind", "standing", "language"),
                ]
            },
        ),
        ("Where it is", {"fields": ["url", "archive_url", "accessed"]}),
        ("In this record", {"fields": ["slug", "note", "rests_on_it"]}),
    ]

    def get_search_results(self, request, queryset, search_term):
        words = clean_text(search_term)
        found = queryset.matching(words)
        return (found | queryset.filter(slug__icontains=words) if words else found), False

    def get_view_on_site_url(self, obj=None):
        return obj.get_absolute_url() if obj and obj.is_public else None

    @admin.display(description="What rests on it")
    def rests_on_it(self, source):
        counted = [
            (model, model.objects.filter(source=source).count() if source.pk else 0)
            for model in citation_models()
        ]
        links = format_html_join(
            "",
            '<li><a href="{}?source__id__exact={}">{}: {}</a></li>',
            (
                (
                    changelist_url(model),
                    source.pk,
                    capfirst(model.subject_model()._meta.verbose_name_plural),
                    number,
                )
                for model, number in counted
                if number
            ),
        )
        return format_html("<ul>{}</ul>", links) if links else "Nothing yet."


@admin.register(Exclusion)
class ExclusionAdmin(EditorAdmin):
    list_display = ["subject", "reason"]
    search_fields = ["subject", "reason"]
    fields = ["subject", "reason", "slug"]
    slug_from = ("subject",)

    def get_view_on_site_url(self, obj=None):
        return None  # all are on one page
