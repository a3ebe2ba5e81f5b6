from diplomacy.models.act import Act
from diplomacy.models.agreement import Adherence, Agreement
from diplomacy.models.citations import (
    ActCitation,
    AdherenceCitation,
    AgreementCitation,
    PracticeCitation,
    TransferCitation,
    TransferSeriesCitation,
)
from diplomacy.models.practice import Practice
from diplomacy.models.series import TransferSeries
from diplomacy.models.transfer import Transfer

__all__ = [
    "Act",
    "ActCitation",
    "Adherence",
    "AdherenceCitation",
    "Agreement",
    "AgreementCitation",
    "Practice",
    "PracticeCitation",
    "Transfer",
    "TransferCitation",
    "TransferSeries",
    "TransferSeriesCitation",
]
