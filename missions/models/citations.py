"""One citation table for each cited model of this app."""

from django.db import models

from lunar.sources.models import Citation
from missions.models.flight import CrewMember, Landing, MissionEvent, Spacecraft
from missions.models.mission import Mission, Programme
from missions.models.sample import Figure, SampleReturn


class ProgrammeCitation(Citation):
    subject = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="citations")


class MissionCitation(Citation):
    subject = models.ForeignKey(Mission, on_delete=models.CASCADE, related_name="citations")


class SpacecraftCitation(Citation):
    OWNER_PATH = "subject__mission"
    subject = models.ForeignKey(Spacecraft, on_delete=models.CASCADE, related_name="citations")


class LandingCitation(Citation):
    OWNER_PATH = "subject__mission"
    subject = models.ForeignKey(Landing, on_delete=models.CASCADE, related_name="citations")


class MissionEventCitation(Citation):
    OWNER_PATH = "subject__mission"
    subject = models.ForeignKey(MissionEvent, on_delete=models.CASCADE, related_name="citations")


class CrewMemberCitation(Citation):
    OWNER_PATH = "subject__mission"
    NAMED_BY = ("subject__person",)
    subject = models.ForeignKey(CrewMember, on_delete=models.CASCADE, related_name="citations")


class SampleReturnCitation(Citation):
    OWNER_PATH = "subject__mission"
    subject = models.ForeignKey(SampleReturn, on_delete=models.CASCADE, related_name="citations")


class FigureCitation(Citation):
    subject = models.ForeignKey(Figure, on_delete=models.CASCADE, related_name="citations")
