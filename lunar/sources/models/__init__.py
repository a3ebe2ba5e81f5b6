from lunar.sources.models.citation import Citation
from lunar.sources.models.exclusion import Exclusion
from lunar.sources.models.record import Cited, Record, RecordQuerySet
from lunar.sources.models.source import Source

__all__ = ["Citation", "Cited", "Exclusion", "Record", "RecordQuerySet", "Source"]
