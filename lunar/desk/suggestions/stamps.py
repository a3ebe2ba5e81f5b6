"""A mark in the form that says when, for which record and at which revision it was opened."""

import time
from dataclasses import dataclass

from django.core.signing import BadSignature, Signer

FASTEST_SECONDS = 3  # nobody reads and fills in the form in less
OLDEST_SECONDS = 24 * 60 * 60

_signer = Signer(salt="lunar.desk.suggestions")


@dataclass
class Stamp:
    """What a form was opened for; `text` is what the page carries."""

    label: str
    key: str
    number: int
    opened: float

    @classmethod
    def now(cls, record, number):
        """Return the Stamp of a form opened now for `record` at its revision `number`."""
        return cls(record._meta.label_lower, record.natural_key()[0], number, time.time())

    @classmethod
    def read(cls, text):
        """Return the Stamp that a form carried; None if it was not made here."""
        try:
            return cls(*_signer.unsign_object(text))
        except BadSignature:
            return None

    @property
    def text(self):
        return _signer.sign_object([self.label, self.key, self.number, self.opened])

    @property
    def age(self):
        """Seconds since the form was opened."""
        return time.time() - self.opened

    def is_for(self, record):
        return (self.label, self.key) == (record._meta.label_lower, record.natural_key()[0])
