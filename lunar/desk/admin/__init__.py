from lunar.desk.admin.accounts import AccountAdmin
from lunar.desk.admin.editor import EMPTY, EditorAdmin, change_url, date_column
from lunar.desk.admin.evidence import CitationAdmin, CitationInline, register_citations
from lunar.desk.admin.merging import MergeMixin
from lunar.desk.admin.records import (
    ABSENCES,
    EvidenceFilter,
    PartAdmin,
    PartInline,
    RecordAdmin,
)
from lunar.desk.suggestions.admin import SuggestionAdmin

__all__ = [
    "ABSENCES",
    "EMPTY",
    "AccountAdmin",
    "CitationAdmin",
    "CitationInline",
    "EditorAdmin",
    "EvidenceFilter",
    "MergeMixin",
    "PartAdmin",
    "PartInline",
    "RecordAdmin",
    "SuggestionAdmin",
    "change_url",
    "date_column",
    "register_citations",
]
