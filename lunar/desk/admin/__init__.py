from lunar.desk.admin.accounts import AccountAdmin
from lunar.desk.admin.editor import EMPTY, EditorAdmin, change_url, date_column
from lunar.desk.admin.evidence import CitationAdmin, CitationInline, register_citations
from lunar.desk.admin.records import (
    ABSENCES,
    EvidenceFilter,
    PartAdmin,
    PartInline,
    RecordAdmin,
)

__all__ = [
    "ABSENCES",
    "EMPTY",
    "AccountAdmin",
    "CitationAdmin",
    "CitationInline",
    "EditorAdmin",
    "EvidenceFilter",
    "PartAdmin",
    "PartInline",
    "RecordAdmin",
    "change_url",
    "date_column",
    "register_citations",
]
