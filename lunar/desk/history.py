"""Every change of the record kept as a revision, with who made it and why.

    with recording(request.user, "Mass corrected after NASA's catalogue", Way.FORM):
        sample.save()

Whatever is saved or deleted in the block, by whatever means sends Django's signals, ends up in one
revision of each record it belongs to: the record with its parts and citations as it stands at the
end of the block. Means that send no signals (bulk writes) first `open` the record. The block is one
transaction: it happens whole, revisions included, or not at all.

What is changed outside of any block, by hand in a shell, is noticed at the next recorded change of
the same record and kept as a revision of its own, so that no revision claims another's change.
"""

from contextlib import contextmanager
from contextvars import ContextVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.db.models.signals import m2m_changed, post_save, pre_delete, pre_save
from django.utils import timezone

from lunar.canonical.rows import path_to_record, rows_of
from lunar.canonical.shapes import shapes
from lunar.desk.models import FormerAddress, Revision
from lunar.sources.models import Citation, Record, Source

Way, Shown = Revision.Way, Revision.Shown

LONGEST_REASON = Revision._meta.get_field("reason").max_length
FOUND_FIRST = "As it stood when its history begins."
FOUND_CHANGED = "Changed without the editors' desk."

_under_way = ContextVar("the recording under way", default=None)


class StaleRecordError(Exception):
    """Somebody else changed a record since it was read; `label`, `key` name it."""

    def __init__(self, label, key, seen):
        super().__init__(f"{label} {key} has changed since its revision {seen}.")
        self.label, self.key, self.seen = label, key, seen


@contextmanager
def recording(editor, reason, way):
    """Keep what changes in this block; `editor` is None for loads and commands.

    Yields the Recording. Raises StaleRecordError, with everything rolled back, if another writer
    changed one of the records first.
    """
    if not reason.strip():
        raise ValueError("A change needs a reason.")
    if _under_way.get():
        raise RuntimeError("A change is being recorded already.")
    one = Recording(editor, reason.strip()[:LONGEST_REASON], way)
    token = _under_way.set(one)
    try:
        with transaction.atomic():
            yield one
            one.close()
    finally:
        _under_way.reset(token)


class Recording:
    """The records that one block changes, as they were before; `revisions` once it has ended."""

    def __init__(self, editor, reason, way):
        self.editor, self.reason, self.way = editor, reason, way
        self.made_at = timezone.now()
        self.before = {}  # {(model, key): (number of the latest revision, rows)}
        self._numbers = {}  # {(model, key): number of the latest revision that an editor could see}
        self._found_so = {}  # {(model, key): revision of what nobody had recorded}
        self._opened = set()  # (model, primary key)
        self.revisions = []

    def open(self, record):
        """Note how `record` stands before it is changed; nothing if that is known already.

        Where the database can (PostgreSQL), other writers of the record wait from here on, so that
        it does not change between being compared and being written.
        """
        if (type(record), record.pk) in self._opened:
            return
        rows = type(record)._base_manager.select_for_update(no_key=True)
        stored = rows.filter(pk=record.pk).first() if record.pk else None
        if not stored:
            return
        self._opened.add((type(record), record.pk))
        identity = _identity(stored)
        if identity not in self.before:
            self.before[identity] = self._found(stored, *identity)

    def open_new(self, record):
        """Note that `record` was not there before, unless it is known."""
        model, key = _identity(record)
        if (model, key) not in self.before:
            latest = latest_revision(model, key)
            self._numbers[model, key] = latest.number if latest else 0
            self.before[model, key] = (self._numbers[model, key], [])

    def expect(self, record, seen):
        """Raise StaleRecordError if `record` has another latest revision than number `seen`."""
        self.open(record)
        model, key = _identity(record)
        if self._numbers.get((model, key)) != seen:
            raise StaleRecordError(model._meta.label_lower, key, seen)

    def _found(self, record, model, key):
        """Return where the history of a record stands, with what nobody recorded yet."""
        rows = rows_of(record)
        latest = latest_revision(model, key)
        self._numbers[model, key] = latest.number if latest else 0
        if latest and latest.rows == Revision.entries(rows):
            return latest.number, rows
        number = latest.number + 1 if latest else 1
        self._found_so[model, key] = make_found(model, key, number, rows, self.made_at)
        return number, rows

    def close(self):
        """Write a revision of each record that is not as it was."""
        made = {
            "editor": self.editor,
            "way": self.way,
            "reason": self.reason,
            "made_at": self.made_at,
        }
        touched, found = [], []
        for (model, key), (number, before) in self.before.items():
            record = model._default_manager.filter(**{_key_field(model): key}).first()
            rows = rows_of(record) if record else []
            if Revision.entries(rows) != Revision.entries(before):
                touched += [*before, *rows]
                title = before[0].title if before else ""
                found += filter(None, [self._found_so.get((model, key))])
                self.revisions.append(make_revision(model, key, number + 1, rows, title, **made))
        _keep([*found, *self.revisions])
        show_sources(touched)


def make_revision(model, key, number, rows, title="", *, editor, **made):
    """Return the unsaved Revision of the record that has these canonical rows, its own first.

    `title` names a record that has none any more because it is deleted.
    """
    return Revision(
        label=model._meta.label_lower,
        key=key,
        number=number,
        editor=editor,
        by_program=editor is None,
        title=(rows[0].title if rows else title or key)[:300],
        state=rows[0].fields.get("state", "") if rows else "",
        shown=shown_of(rows),
        rows=Revision.entries(rows),
        **made,
    )


def make_found(model, key, number, rows, made_at):
    """Return the unsaved Revision of a record whose state nobody has recorded."""
    reason = FOUND_FIRST if number == 1 else FOUND_CHANGED
    return make_revision(
        model, key, number, rows, editor=None, way=Way.FOUND, reason=reason, made_at=made_at
    )


def shown_of(rows):
    """Return how much of a revision with these rows the public may see.

    The rule is that of `Record.is_public`. A source is hidden until `show_sources` finds that
    something public rests on it.
    """
    if not rows:
        return Shown.NOTHING
    [record, *_] = rows
    if record.shape.model is Source:
        return Shown.HIDDEN
    if not issubclass(record.shape.model, Record):
        return Shown.WHOLE
    state = record.fields.get("state", Record.State.DRAFT)
    if state == Record.State.WITHDRAWN:
        return Shown.NOTICE
    supported = any(
        issubclass(row.shape.model, Citation)
        and row.shape.model.subject_model() is record.shape.model
        and row.fields.get("stance", Citation.Stance.SUPPORTS) == Citation.Stance.SUPPORTS
        for row in rows
    )
    is_public = state == Record.State.PUBLISHED and supported
    return Shown.WHOLE if is_public else Shown.NOTHING


def show_sources(rows):
    """Show or hide the revisions of the sources among `rows`, or cited by them.

    A change of a record may make sources public, or the last that rested on one may be gone.
    """
    slugs = {row.key[0] for row in rows if row.shape.model is Source}
    slugs |= {row.fields["source"][0] for row in rows if issubclass(row.shape.model, Citation)}
    if not slugs:
        return
    public = set(Source.objects.public().filter(slug__in=slugs).values_list("slug", flat=True))
    revisions = Revision.objects.filter(label=Source._meta.label_lower)
    revisions.filter(key__in=public, shown=Shown.HIDDEN).update(shown=Shown.WHOLE)
    revisions.filter(key__in=slugs - public, shown=Shown.WHOLE).update(shown=Shown.HIDDEN)


def is_recorded(model):
    """Return whether rows of `model` are records, or parts or citations of one."""
    return model in shapes() and model is not FormerAddress


def owner_of(row):
    """Return the record that a row is or belongs to."""
    return getattr(row, "owner", row)


def latest_revision(model, key):
    """Return the latest Revision of the record with this key, or None."""
    return Revision.objects.at(model._meta.label_lower, key).first()


def revision_number(record):
    """Return the number of the latest revision of `record`, 0 if it has none."""
    found = Revision.objects.of(record).values_list("number", flat=True).first()
    return found or 0


def _number_part(sender, instance, **kwargs):
    """Give a new part the next number in its record: never one that a deleted part had."""
    if sender not in shapes() or getattr(instance, "number", 0) is not None:
        return
    parent = shapes()[sender].key[0].name
    siblings = sender._base_manager.filter(**{parent: getattr(instance, parent)})
    used = {0, *siblings.values_list("number", flat=True)}
    for entries in Revision.objects.of(owner_of(instance)).values_list("rows", flat=True):
        label = sender._meta.label_lower
        used |= {entry["fields"].get("number", 0) for entry in entries if entry["model"] == label}
    instance.number = max(used) + 1


def _keep(revisions):
    try:
        with transaction.atomic():
            Revision.objects.keep(revisions)
    except IntegrityError as error:
        [first, *_] = revisions
        raise StaleRecordError(first.label, first.key, first.number - 1) from error


def _identity(record):
    return type(record), record.natural_key()[0]


def _key_field(model):
    return shapes()[model].key[0].name


def connect():
    """Listen to every write of a canonical row; called once when the app is ready."""
    pre_save.connect(_open_owners, dispatch_uid="open-revised")
    pre_save.connect(_number_part, dispatch_uid="number-part")  # once its record is open
    pre_delete.connect(_open_owners, dispatch_uid="open-deleted")
    post_save.connect(_open_new, dispatch_uid="open-new")
    m2m_changed.connect(_open_linked, dispatch_uid="open-linked")


def _open_owners(sender, instance, **kwargs):
    """Open the record that a row belongs to in the database, and the one it is to belong to."""
    one = _under_way.get()
    if not one or not is_recorded(sender):
        return
    stored = sender._base_manager.filter(pk=instance.pk).first() if instance.pk else None
    for row in filter(None, [stored, instance]):
        try:
            one.open(owner_of(row))
        except ObjectDoesNotExist:  # a part that has not been given a record
            continue


def _open_new(sender, instance, created=False, **kwargs):
    one = _under_way.get()
    if one and created and is_recorded(sender) and not path_to_record(sender)[0]:
        one.open_new(instance)


def _open_linked(sender, instance, action, reverse, model, pk_set, **kwargs):
    one = _under_way.get()
    if not one or not action.startswith("pre_"):
        return
    if not reverse and type(instance) in shapes():
        one.open(instance)
    elif reverse and model in shapes():
        for record in model._base_manager.filter(pk__in=pk_set or ()):
            one.open(record)
