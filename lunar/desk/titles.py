"""What those records are called to which the rows of a page refer: one query for each model."""

from collections import defaultdict

from lunar.canonical.rows import path_to_record
from lunar.canonical.shapes import shapes
from lunar.desk.history import is_recorded
from lunar.sources.models import Record, Source

NOT_PUBLIC = "a record that is not public"


class Titles:
    """The records that `identities` (model, natural key) name, and what to call them.

    For the public, a record that is not public, or is gone, has no name; at the desk, one that is
    gone goes by its key.
    """

    def __init__(self, identities, *, public):
        self.public = public
        self._records = {}
        wanted = defaultdict(set)
        for identity in identities:
            for model, (key,) in records_named(*identity):
                wanted[model].add(key)
        for model, keys in wanted.items():
            found = _visible(model, public).filter(**{f"{key_field(model)}__in": keys})
            self._records |= {(model, record.natural_key()): record for record in found}

    def record(self, model, key):
        """Return the record with this natural key; None if it is gone or may not be named."""
        return self._records.get((model, tuple(key)))

    def may_name(self, model, key):
        """Return whether everything that this natural key names may be named here."""
        return not self.public or all(one in self._records for one in records_named(model, key))

    def title(self, model, key):
        """Return what to call the record with this natural key."""
        record = self.record(model, key)
        if record is None:
            return NOT_PUBLIC if self.public else "/".join(map(str, key))
        return str(record)


def records_named(model, key):
    """Return the identities of all records that a natural key names.

    That of a crew member names a mission and a person; that of a mission itself alone.
    """
    if is_record(model):
        return [(model, tuple(key))]
    found, rest = [], list(key)
    for field in shapes()[model].key:
        width = _width(field)
        if field.is_relation:
            found += records_named(field.related_model, rest[:width])
        rest = rest[width:]
    return found


def is_record(model):
    """Return whether rows of `model` have a history of their own, not that of what they belong to.

    Sources and vocabularies have one, too.
    """
    return is_recorded(model) and not path_to_record(model)[0]


def record_models():
    """Return {name in addresses: model} of everything that has a history of its own."""
    return {model._meta.model_name: model for model in shapes() if is_record(model)}


def key_field(model):
    """Return the name of the field by which records of `model` are addressed."""
    return shapes()[model].key[0].name


def _width(field):
    """Return how many places of a flat natural key this field of it takes."""
    return sum(map(_width, shapes()[field.related_model].key)) if field.is_relation else 1


def _visible(model, public):
    hides = issubclass(model, (Record, Source))  # a vocabulary has nothing to hide
    return model._default_manager.public() if public and hides else model._default_manager.all()
