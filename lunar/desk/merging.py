"""Two records of the same thing made one: everything that named the one names the other.

The record that goes leaves its address behind (FormerAddress), which leads to the one that stays.
"""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst

from lunar.canonical.shapes import shapes
from lunar.desk.history import Way, owner_of, recording
from lunar.desk.models import FormerAddress
from lunar.sources.models import Citation, Record


@dataclass
class Merger:
    """What merging `duplicate` into `kept` would do; nothing is done before `carry_out`.

    `moved` are rows that will name the one kept, each with the name of its field; `linked` records
    whose lists will; `doubled` citations that it has already, which go; `filled` the names of its
    blank values that the duplicate has.
    """

    duplicate: models.Model
    kept: models.Model
    moved: list = field(default_factory=list)
    linked: list = field(default_factory=list)
    doubled: list = field(default_factory=list)
    filled: list = field(default_factory=list)

    @classmethod
    def of(cls, duplicate, kept):
        """Look up what it would take. Raises ValidationError if the two cannot be merged."""
        if type(duplicate) is not type(kept) or duplicate.pk == kept.pk:
            raise ValidationError("Choose another record of the same kind.")
        if isinstance(kept, Record) and duplicate.is_public and not kept.is_public:
            raise ValidationError(
                "The one to keep is not public, but its duplicate is: publish it first, or merge "
                "the other way round."
            )
        merger = cls(duplicate, kept)
        for model in shapes():
            merger._look_through(model)
        merger._compare_values()
        return merger

    def _look_through(self, model):
        found = {}
        for one in model._meta.get_fields():
            if getattr(one, "related_model", None) is not type(self.kept) or one.auto_created:
                continue
            rows = model._base_manager.filter(**{one.name: self.duplicate})
            if one.many_to_many:
                self.linked += [(row, one.name) for row in rows]
            elif one.editable:  # derived columns follow by themselves
                for row in rows:
                    # A row may name it twice, as an act does that moves within one museum.
                    self._sort_in(found.setdefault(row.pk, row), one.name)

    def _sort_in(self, row, name):
        setattr(row, name, self.kept)
        if isinstance(row, Citation) and self._is_there(row):
            self.doubled.append(row)
            return
        try:
            row.validate_unique()
            row.validate_constraints()
        except ValidationError as error:
            raise ValidationError(
                f"{capfirst(row._meta.verbose_name)} “{row}” of {owner_of(row)} cannot name the "
                f"one to keep: {' '.join(error.messages)}"
            ) from error
        self.moved.append((row, name))

    def _is_there(self, citation):
        same = ("subject", "field", "source", "stance", "stated_value")
        values = {name: getattr(citation, name) for name in same}
        return type(citation).objects.filter(**values).exclude(pk=citation.pk).exists()

    def _compare_values(self):
        shape = shapes()[type(self.kept)]
        own = {*(one.name for one in shape.key), "state", "absent_values", *shape.unique}
        for one in shape.columns:
            if one.name in own:
                continue
            if getattr(self.kept, one.attname) in (None, "") and getattr(
                self.duplicate, one.attname
            ) not in (None, ""):
                self.filled.append(one.name)

    @property
    def filled_labels(self):
        """What people call the values that are taken over."""
        return [
            capfirst(self.kept._meta.get_field(name).verbose_name).replace("_", " ")
            for name in self.filled
        ]

    @property
    def touched(self):
        """The records, the two aside, that name the duplicate, each with how often."""
        count = {}
        for row, _ in [*self.moved, *self.linked, *((one, "") for one in self.doubled)]:
            owner = owner_of(row)
            if owner not in (self.duplicate, self.kept):
                count[owner] = count.get(owner, 0) + 1
        return sorted(count.items(), key=lambda pair: (pair[0]._meta.label, str(pair[0])))

    def carry_out(self, editor, reason, seen):
        """Merge, as one revision of each record it touches.

        `seen` are the numbers of the revisions of (duplicate, kept) on which this was decided.
        Raises StaleRecordError if one of the two has changed since.
        """
        with recording(editor, reason, Way.MERGE) as change:
            for record, number in zip((self.duplicate, self.kept), seen, strict=True):
                change.expect(record, number)
                change.open(record)
            for citation in self.doubled:
                type(citation)._base_manager.get(pk=citation.pk).delete()
            for row, name in self.moved:
                row.save(update_fields=[name])
            for row, name in self.linked:
                getattr(row, name).add(self.kept)
                getattr(row, name).remove(self.duplicate)
            self._fill()
            self._leave_address()
            self.duplicate.delete()
        return change

    def _fill(self):
        for name in self.filled:
            setattr(self.kept, name, getattr(self.duplicate, name))
            if isinstance(self.kept, Record):
                self.kept.absent_values.pop(name, None)
        self.kept.full_clean()
        self.kept.save()

    def _leave_address(self):
        label = self.kept._meta.label_lower
        [old], [new] = self.duplicate.natural_key(), self.kept.natural_key()
        FormerAddress.objects.filter(label=label, key=new).delete()
        FormerAddress.objects.filter(label=label, target=old).update(target=new)
        FormerAddress.objects.create(label=label, key=old, target=new)
