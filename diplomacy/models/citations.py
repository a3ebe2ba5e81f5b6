"""One citation table for each cited model of this app."""

from django.db import models

from diplomacy.models.act import Act
from diplomacy.models.agreement import Adherence, Agreement
from diplomacy.models.practice import Practice
from diplomacy.models.series import TransferSeries
from diplomacy.models.transfer import Transfer
from lunar.sources.models import Citation


class TransferSeriesCitation(Citation):
    subject = models.ForeignKey(TransferSeries, on_delete=models.CASCADE, related_name="citations")


class TransferCitation(Citation):
    subject = models.ForeignKey(Transfer, on_delete=models.CASCADE, related_name="citations")


class ActCitation(Citation):
    OWNER_PATH = "subject__transfer"
    subject = models.ForeignKey(Act, on_delete=models.CASCADE, related_name="citations")


class AgreementCitation(Citation):
    subject = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="citations")


class AdherenceCitation(Citation):
    OWNER_PATH = "subject__agreement"
    NAMED_BY = ("subject__country",)
    subject = models.ForeignKey(Adherence, on_delete=models.CASCADE, related_name="citations")


class PracticeCitation(Citation):
    subject = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="citations")
