"""What the record pages of this app show, in reading order."""

from diplomacy.pages.agreement import AgreementPage
from diplomacy.pages.country import CountryPage
from diplomacy.pages.home import HomePage
from diplomacy.pages.pair import PairPage
from diplomacy.pages.practice import PracticePage
from diplomacy.pages.series import SeriesPart
from diplomacy.pages.transfer import TransferPage

__all__ = [
    "AgreementPage",
    "CountryPage",
    "HomePage",
    "PairPage",
    "PracticePage",
    "SeriesPart",
    "TransferPage",
]
