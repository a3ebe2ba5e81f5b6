from lunar.desk.models.editor import EditorProfile
from lunar.desk.models.revision import Revision

__all__ = ["EditorProfile", "Revision"]
