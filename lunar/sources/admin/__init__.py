from lunar.sources.admin.editor import EMPTY, EditorAdmin, change_url, date_column
from lunar.sources.admin.evidence import CitationAdmin, CitationInline, register_citations
from lunar.sources.admin.records import (
    ABSENCES,
    EvidenceFilter,
    PartAdmin,
    PartInline,
    RecordAdmin,
)
from lunar.sources.admin.source import SourceAdmin

__all__ = [
    "ABSENCES",
    "EMPTY",
    "CitationAdmin",
    "CitationInline",
    "EditorAdmin",
    "EvidenceFilter",
    "PartAdmin",
    "PartInline",
    "RecordAdmin",
    "SourceAdmin",
    "change_url",
    "date_column",
    "register_citations",
]
