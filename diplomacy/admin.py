from django.contrib import admin
from django.utils.html import format_html

from diplomacy.models import (
    Act,
    ActCitation,
    Adherence,
    AdherenceCitation,
    Agreement,
    AgreementCitation,
    Practice,
    PracticeCitation,
    Transfer,
    TransferCitation,
    TransferSeries,
    TransferSeriesCitation,
)
from lunar.desk.admin import (
    ABSENCES,
    EMPTY,
    EvidenceFilter,
    PartAdmin,
    PartInline,
    RecordAdmin,
    change_url,
    date_column,
    register_citations,
)

DATE = date_column("date", "Date")
LAST_CONFIRMED = date_column("last_confirmed", "Last confirmed")


class ActInline(PartInline):
    model = Act
    classes = ["parts"]  # the status follows from the acts, so they are always in sight
    select_related = [
        f"{end}_{party}"
        for end in ("from", "to")
        for party in ("country", "organization", "person")
    ]
    fieldsets = [
        (None, {"fields": [("kind", "date", "place", "evidence"), "note"]}),
        (
            "From, to and reason",
            {
                "classes": ["collapse"],
                "fields": [
                    ("from_country", "from_organization", "from_person"),
                    ("to_country", "to_organization", "to_person"),
                    "quoted_reason",
                ],
            },
        ),
    ]


@admin.register(Transfer)
class TransferAdmin(RecordAdmin):
    worklists = {**RecordAdmin.worklists, "stale": "Not seen in place for five years"}
    list_display = [
        "title",
        "kind",
        "giver",
        "recipient",
        DATE,
        "status",
        "citation_count",
        "state",
    ]
    list_filter = [
        "state",
        EvidenceFilter,
        "kind",
        "status",
        "status_is_disputed",
        "series",
        ("giver", admin.RelatedOnlyFieldListFilter),
        ("recipient", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["giver", "recipient"]
    slug_from = ("title",)
    readonly_fields = [
        *RecordAdmin.readonly_fields,
        "status_now",
        "holder_now",
        "place",
        DATE,
        LAST_CONFIRMED,
    ]
    inlines = [ActInline]
    fieldsets = [
        (None, {"fields": ["title", "slug", ("kind", "series"), "reciprocates", "summary"]}),
        (
            "Giver",
            {"fields": [("giver", "giver_organization"), ("giver_person", "giver_office")]},
        ),
        (
            "Recipient",
            {
                "fields": [
                    ("recipient", "recipient_organization"),
                    ("recipient_person", "recipient_office"),
                ]
            },
        ),
        (
            "Material",
            {
                "fields": [
                    "missions",
                    "material",
                    ("mass_g", "mass_certainty", "mass_as_stated"),
                ]
            },
        ),
        ("Occasion", {"fields": ["occasion", "meaning"]}),
        ABSENCES,
        (
            "Where it stands",
            {
                "fields": [
                    ("status_now", "holder_now", "place"),
                    (DATE, LAST_CONFIRMED),
                ],
                "description": "Follows from the acts below, never typed in: to change it, "
                "add, correct or delete an act and save.",
            },
        ),
        RecordAdmin.PUBLICATION,
    ]

    @admin.display(description="Status")
    def status_now(self, transfer):
        disputed = ", disputed by a source" if transfer.status_is_disputed else ""
        return f"{transfer.get_status_display()}{disputed}"

    @admin.display(description="Holder")
    def holder_now(self, transfer):
        holder = transfer.holder
        return format_html('<a href="{}">{}</a>', change_url(holder), holder) if holder else EMPTY


@admin.register(Act)
class ActAdmin(PartAdmin):
    parent_field = "transfer"
    list_display = [
        "transfer",
        "kind",
        DATE,
        "place",
        "from_party",
        "to_party",
    ]
    list_filter = ["kind", ("transfer__series", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["transfer", *ActInline.select_related]
    search_fields = ["transfer__search_text", "place", "quoted_reason", "note"]
    fieldsets = [
        (None, {"fields": ["transfer", ("kind", "date", "place"), "quoted_reason", "note"]}),
        ("From", {"fields": [("from_country", "from_organization", "from_person")]}),
        ("To", {"fields": [("to_country", "to_organization", "to_person")]}),
        ABSENCES,
    ]


@admin.register(TransferSeries)
class TransferSeriesAdmin(RecordAdmin):
    list_display = ["name", date_column("began", "Began"), "is_goodwill", "citation_count", "state"]
    list_filter = ["state", EvidenceFilter, "is_goodwill"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "name",
                    "slug",
                    "is_goodwill",
                    "began",
                    "recipients_stated",
                    "summary",
                ]
            },
        ),
        ABSENCES,
        RecordAdmin.PUBLICATION,
    ]


class AdherenceInline(PartInline):
    model = Adherence
    select_related = ["country", "organization"]
    fieldsets = [(None, {"fields": [("country", "step", "date"), ("organization", "evidence")]})]


@admin.register(Agreement)
class AgreementAdmin(RecordAdmin):
    list_display = [
        "name",
        "kind",
        date_column("opened", "Opened"),
        date_column("in_force", "In force"),
        "citation_count",
        "state",
    ]
    list_filter = ["state", EvidenceFilter, "kind"]
    inlines = [AdherenceInline]
    fieldsets = [
        (
            None,
            {"fields": ["name", "long_name", "slug", "kind", ("opened", "in_force"), "summary"]},
        ),
        ABSENCES,
        RecordAdmin.PUBLICATION,
    ]


@admin.register(Adherence)
class AdherenceAdmin(PartAdmin):
    parent_field = "agreement"
    list_display = ["country", "agreement", "step", DATE, "organization"]
    list_filter = ["step", ("agreement", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["country", "agreement", "organization"]
    search_fields = ["country__search_text", "agreement__search_text"]
    fieldsets = [
        (None, {"fields": ["agreement", "country", "organization", ("step", "date")]}),
        ABSENCES,
    ]


@admin.register(Practice)
class PracticeAdmin(RecordAdmin):
    list_display = [
        "name",
        "other_names",
        date_column("started", "Began"),
        "citation_count",
        "state",
    ]
    list_filter = ["state", EvidenceFilter]
    fieldsets = [
        (None, {"fields": ["name", "other_names", "slug", "countries", "started", "origin"]}),
        ("What it is", {"fields": ["summary", "context", "follows"]}),
        ("Cases", {"fields": ["series", "transfers"]}),
        ABSENCES,
        RecordAdmin.PUBLICATION,
    ]


register_citations(
    ActCitation,
    AdherenceCitation,
    AgreementCitation,
    PracticeCitation,
    TransferCitation,
    TransferSeriesCitation,
)
