"""The desk of this app; importing its modules registers what they hold."""

from missions.admin import parts, records

__all__ = ["parts", "records"]
