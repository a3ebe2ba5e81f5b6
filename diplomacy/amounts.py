"""How much is in several transfers: how many, how many grams, and of how many nobody knows."""

from dataclasses import dataclass
from decimal import Context, Decimal

from diplomacy.models import Transfer
from lunar.mass import mass_in_words

Certainty, Status = Transfer.MassCertainty, Transfer.Status


def rounded(grams):
    """Return a sum of rough masses to three figures; more would claim what nobody measured."""
    return Context(prec=3).create_decimal(grams)


@dataclass
class Amount:
    """How much is in a group of transfers; grams only of those by which material passed."""

    passed: int = 0
    grams: Decimal = Decimal(0)
    known: int = 0  # passed, with a mass on record
    rough: int = 0  # passed, with a mass that is only about right
    sought: int = 0  # sought or offered, nothing passed
    open: int = 0  # whether it passed has not been researched

    @classmethod
    def of(cls, transfers):
        """Return the amount of some transfers that are already read."""
        total = cls()
        for transfer in transfers:
            if transfer.status in {*Status.sought(), Status.NEVER_DELIVERED}:
                total.sought += 1
            elif transfer.status == Status.NOT_RESEARCHED:
                total.open += 1
            else:
                total.passed += 1
                if transfer.mass_g is not None and transfer.mass_certainty != Certainty.PLANNED:
                    total.known += 1
                    total.rough += transfer.mass_certainty == Certainty.ABOUT
                    total.grams += transfer.mass_g
        return total

    def __add__(self, other):
        return Amount(**{name: value + getattr(other, name) for name, value in vars(self).items()})

    def __bool__(self):
        return bool(self.passed or self.sought or self.open)

    @property
    def unknown(self):
        """How many transfers took place of which the mass is not known."""
        return self.passed - self.known

    @property
    def count(self):
        return self.passed + self.sought + self.open

    @property
    def mass(self):
        """The mass in words: “about 3.5 g + 2 of unknown mass”; "" if nothing passed."""
        if not self.known:
            return "mass unknown" if self.passed else ""
        return (
            f"{self.known_mass} + {self.unknown} of unknown mass"
            if self.unknown
            else (self.known_mass)
        )

    @property
    def known_mass(self):
        """The mass in words as far as it is known; "" if of none of them it is."""
        if not self.known:
            return ""
        if self.rough:
            return f"about {mass_in_words(rounded(self.grams))}"
        return mass_in_words(self.grams)

    @property
    def rest(self):
        """What is counted besides the transfers that took place, in words."""
        parts = [(self.sought, "only sought"), (self.open, "not researched")]
        return ", ".join(f"{n} {words}" for n, words in parts if n)

    @property
    def in_words(self):
        """One line: “3 transfers, 6 g; 1 only sought”."""
        transfers = f"{self.passed:,} transfer{'' if self.passed == 1 else 's'}, {self.mass}"
        return "; ".join(part for part in (transfers if self.passed else "", self.rest) if part)
