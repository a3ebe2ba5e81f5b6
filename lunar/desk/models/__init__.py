from lunar.desk.models.editor import EditorProfile
from lunar.desk.models.revision import Revision
from lunar.desk.models.second_factor import SecondFactorRule

__all__ = ["EditorProfile", "Revision", "SecondFactorRule"]
