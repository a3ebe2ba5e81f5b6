from lunar.desk.models.check import CheckRun
from lunar.desk.models.editor import EditorProfile
from lunar.desk.models.former import FormerAddress
from lunar.desk.models.revision import Revision
from lunar.desk.models.second_factor import SecondFactorRule
from lunar.desk.models.suggestion import Salt, Sending, SuggestedValue, Suggestion

__all__ = [
    "CheckRun",
    "EditorProfile",
    "FormerAddress",
    "Revision",
    "Salt",
    "SecondFactorRule",
    "Sending",
    "SuggestedValue",
    "Suggestion",
]
