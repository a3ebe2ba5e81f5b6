from missions.models.citations import (
    CrewMemberCitation,
    FigureCitation,
    LandingCitation,
    MissionCitation,
    MissionEventCitation,
    ProgrammeCitation,
    SampleReturnCitation,
    SpacecraftCitation,
)
from missions.models.flight import CrewMember, Landing, MissionEvent, Spacecraft
from missions.models.mission import Mission, MissionType, Programme
from missions.models.sample import Figure, SampleReturn

__all__ = [
    "CrewMember",
    "CrewMemberCitation",
    "Figure",
    "FigureCitation",
    "Landing",
    "LandingCitation",
    "Mission",
    "MissionCitation",
    "MissionEvent",
    "MissionEventCitation",
    "MissionType",
    "Programme",
    "ProgrammeCitation",
    "SampleReturn",
    "SampleReturnCitation",
    "Spacecraft",
    "SpacecraftCitation",
]
