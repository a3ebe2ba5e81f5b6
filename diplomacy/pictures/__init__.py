"""Pictures of diplomacy: who gave to whom, when, and who holds it now."""

from diplomacy.pictures import flows, matrix, timeline, world

__all__ = ["flows", "matrix", "timeline", "world"]
