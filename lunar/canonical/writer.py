"""A plan written to the database, inside the transaction of the load.

Rows are written in bulk, past `save()` and its signals: `lunar.sources.derivation` is told at the
end. Every row passes `full_clean()` in effect: fields and `clean()` here, constraints by the
database, which holds all of them; only where it refuses a batch is each row of it asked for why.
"""

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, IntegrityError, transaction

from lunar.canonical.models import LoadedRow
from lunar.canonical.plan import LOADING, WRITING, Action, Step
from lunar.canonical.reader import RecordError
from lunar.canonical.rows import Row, link_columns
from lunar.canonical.shapes import canonical, shapes
from lunar.database import gather_statistics
from lunar.sources import derivation
from lunar.sources.models import Record, Source

BATCH = 500


def write(plan, progress):
    """Do everything that `plan` says; raise RecordError if a row is not valid."""
    uncited = _uncited_records()
    with derivation.gathered():
        _write_rows(plan.steps.values(), progress)
        _derive(progress)
    gather_statistics()
    _refuse(
        f"{record._meta.label_lower}:{'/'.join(record.natural_key())}: state: "
        "would be published without a supporting citation."
        for record in _uncited_records() - uncited
    )


def replace(stored, wanted):
    """Turn one record from its present rows `stored` into `wanted`; return it as it is then.

    Both are lists of all its canonical rows, its own first; `stored` is empty for a record that is
    gone. Raises RecordError, leaving the transaction to be rolled back, if a row is not valid or
    refers to one that is not in the database.
    """
    before = {row.identity: row for row in stored}
    after = {row.identity: row for row in wanted}
    steps = []
    for identity in before | after:
        step = Step(after.get(identity), before.get(identity), None, Action.UNCHANGED)
        if not (step.fixture and step.stored) or step.fixture.fields != step.stored.fields:
            step.take_fixture()
        steps.append(step)
    cited = [row.fields["source"][0] for row in (*stored, *wanted) if "source" in row.fields]
    with derivation.gathered():
        _write_rows(steps, lambda *progress: None)
        model, key = wanted[0].identity
        record = model._default_manager.get_by_natural_key(*key)
        if hasattr(record, "derived"):
            derivation.refresh(record)
        sources = Source.objects.filter(slug__in=cited)
        derivation.refresh_many(Source, sources.values_list("pk", flat=True))
    if record in _uncited_records():
        raise RecordError([f"{wanted[0]}: would be published without a supporting citation."])
    return record


def _write_rows(steps, progress):
    writer = _Writer(steps, progress)
    for shape in reversed(shapes().values()):
        writer.take_out(shape)
    for shape in shapes().values():
        writer.put_in(shape)


def remember(plan):
    """Keep what each row looks like in the fixtures, to know an editor's change by."""
    wanted = {}
    for step in plan.steps.values():
        fingerprint = step.fixture.fingerprint if step.action in LOADING else step.loaded
        if fingerprint and step.action is not Action.DELETE:
            wanted[step.row.shape.label, step.row.key_text] = fingerprint
    outdated = []
    for pk, label, key, fingerprint in LoadedRow.objects.values_list(
        "pk", "label", "key", "fingerprint"
    ):
        if wanted.get((label, key)) == fingerprint:
            del wanted[label, key]
        else:
            outdated.append(pk)
    _delete(LoadedRow, "pk", outdated)
    LoadedRow.objects.bulk_create(
        [LoadedRow(label=label, key=key, fingerprint=f) for (label, key), f in wanted.items()],
        batch_size=BATCH,
    )


class _PrimaryKeys(dict):
    """{natural key: primary key} of one table; a row outside the plan is looked up."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def __missing__(self, key):
        try:
            self[key] = self.model._default_manager.get_by_natural_key(*key).pk
        except self.model.DoesNotExist:
            raise RecordError(
                [f"There is no {Row(shapes()[self.model], key, {})} any more."]
            ) from None
        return self[key]


class _Writer:
    """Takes out what goes or changes, then puts in what comes or changed.

    A changed row goes back under its own primary key. So a value may move from row to row within
    one load (an address from a source that goes to one that comes), which one update after the
    other could not do. The database checks foreign keys when the transaction ends.
    """

    def __init__(self, steps, progress):
        self.progress = progress
        self.steps = {model: [] for model in shapes()}
        self.pks = {model: _PrimaryKeys(model) for model in shapes()}
        self.objects = {}
        for step in steps:
            model, key = step.row.identity
            if step.action in WRITING:
                self.steps[model].append(step)
            if step.stored:
                self.pks[model][key] = step.stored.pk

    def take_out(self, shape):
        """Remove the rows of one model that are deleted or changed."""
        steps = [step for step in self.steps[shape.model] if step.stored]
        changed = [step.stored.pk for step in steps if step.action is Action.CHANGE]
        self.objects[shape.model] = shape.model._base_manager.in_bulk(changed)
        pks = [step.stored.pk for step in steps]
        for field in shape.links:
            _delete(field.remote_field.through, link_columns(field)[0], pks)
        _delete(shape.model, "pk", pks)
        derivation.announce(shape.model, pks)

    def put_in(self, shape):
        """Insert the rows of one model that are new or changed."""
        rows = [step.fixture for step in self.steps[shape.model] if step.fixture]
        objects = [self._object(shape, row) for row in rows]
        pairs = list(zip(rows, objects, strict=True))
        _refuse(
            text for row, one in pairs for text in (*_check_fields(row, one), *_check(row, one))
        )
        for start in range(0, len(rows), BATCH):
            batch = slice(start, start + BATCH)
            _insert(rows[batch], objects[batch])
            self.progress(shape.name, start + len(rows[batch]), len(rows))
        self.pks[shape.model] |= {row.key: one.pk for row, one in pairs}
        self._refer_to_siblings(shape, pairs)
        for field in shape.links:
            self._link(field, rows)
        if shape.links:  # what a model says about its links can only be asked now
            _refuse(text for row, one in pairs for text in _check(row, one))

    def _object(self, shape, row):
        """Return the model's object for `row`, with the derived columns that it had."""
        one = self.objects[shape.model].get(self.pks[shape.model].get(row.key)) or shape.model()
        for field in shape.columns:
            value = row.fields.get(field.name, shape.defaults[field.name])
            if not field.is_relation:
                setattr(one, field.name, field.to_python(value))
            elif value is None or field.related_model is shape.model:
                setattr(one, field.attname, None)
            else:
                setattr(one, field.attname, self.pks[field.related_model][tuple(value)])
        return one

    def _refer_to_siblings(self, shape, pairs):
        """Set the foreign keys to rows of the same model, now that all of them exist."""
        for field in shape.columns:
            if field.is_relation and field.related_model is shape.model:
                referring = [(row, one) for row, one in pairs if field.name in row.fields]
                for row, one in referring:
                    setattr(
                        one, field.attname, self.pks[shape.model][tuple(row.fields[field.name])]
                    )
                objects = [one for _, one in referring]
                shape.model._base_manager.bulk_update(objects, [field.name], batch_size=BATCH)

    def _link(self, field, rows):
        near, far = link_columns(field)
        through = field.remote_field.through
        pks, targets = self.pks[field.model], self.pks[field.related_model]
        through._base_manager.bulk_create(
            [
                through(**{near: pks[row.key], far: targets[tuple(key)]})
                for row in rows
                for key in row.fields.get(field.name, ())
            ],
            batch_size=BATCH,
        )


def _delete(model, column, values):
    """Delete rows and nothing else: what refers to them is part of the same plan."""
    for start in range(0, len(values), BATCH):
        chunk = values[start : start + BATCH]
        model._base_manager.filter(**{f"{column}__in": chunk})._raw_delete(DEFAULT_DB_ALIAS)


def _check_fields(row, one):
    """Yield what the fields say against their values in one object."""
    relations = [field.name for field in row.shape.columns if field.is_relation]
    try:
        one.clean_fields(exclude=relations)
    except ValidationError as error:
        yield from _explain(row, error)


def _check(row, one):
    """Yield what the model says against one object, constraints aside."""
    try:
        one.clean()
    except ValidationError as error:
        yield from _explain(row, error)
    # A value that the model brings to another form would differ from its fixture at every load.
    for field in row.shape.columns:
        if not field.is_relation:
            given = row.fields.get(field.name, row.shape.defaults[field.name])
            cleaned = canonical(getattr(one, field.attname))
            if cleaned != given:
                yield f"{row.shape.file}: {row}: {field.name}: write {cleaned!r}, not {given!r}."


def _refuse(problems):
    found = list(problems)
    if found:
        raise RecordError(found)


def _explain(row, error):
    """Return the messages of a ValidationError, each with its file, row and field."""
    place = f"{row.shape.file}: {row}"
    if not hasattr(error, "error_dict"):
        return [f"{place}: {message}" for message in error.messages]
    return [
        f"{place}: {name}: {message}" if name in row.shape.fields else f"{place}: {message}"
        for name, messages in error.message_dict.items()
        for message in messages
    ]


def _insert(rows, objects):
    try:
        with transaction.atomic():
            type(objects[0])._base_manager.bulk_create(objects)
    except IntegrityError as error:
        raise RecordError(_culprits(rows, objects) or [f"{rows[0].shape.file}: {error}"]) from error


def _culprits(rows, objects):
    """Insert one by one what the database refused together, and return its objections."""
    problems = []
    for row, one in zip(rows, objects, strict=True):
        try:
            with transaction.atomic():
                one.full_clean()
                type(one)._base_manager.bulk_create([one])
        except ValidationError as error:
            problems += _explain(row, error)
        except IntegrityError as error:
            problems.append(f"{row.shape.file}: {row}: {error}.")
    return problems


def _derive(progress):
    """Derive every record afresh: what it is found by may be the name of another that changed."""
    gather_statistics()  # deriving reads most of what was written
    for model in derivation.derived_models():
        if model is Source:
            gather_statistics()  # by now it is known which records are public
        count = model._base_manager.count()
        for number, _ in enumerate(derivation.refreshed(model), start=1):
            progress(f"derived {model._meta.verbose_name_plural}", number, count)


def _uncited_records():
    """Return the records that are published although no citation supports them."""
    return {
        record
        for model in shapes()
        if issubclass(model, Record)
        for record in model._base_manager.filter(state=Record.State.PUBLISHED, citation_count=0)
    }
