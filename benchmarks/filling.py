"""Made-up records written in bulk, past the signals, with all that follows from them.

Derived columns, entries of the search, words for its spelling and revisions come from the
project's own functions; here they only get the rows many at a time, in constant memory.
"""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from random import Random

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction

from benchmarks.records import Maker
from benchmarks.vocabulary import Vocabulary
from lunar.canonical.rows import Row, rows_of_all
from lunar.database import gather_statistics
from lunar.desk.history import make_revision
from lunar.desk.models import Revision
from lunar.search import spelling
from lunar.search.documents import kind_of, names_of_others
from lunar.search.index import make_entry, name_words
from lunar.search.models import NameWord
from lunar.sources.models import Record, Source

CHUNK = 1_000  # records written at once
SOURCES = MISSIONS = 10  # of 100 records; the rest are transfers
REVISED_EVERY = 20  # of how many records one has a history
FIRST_REVISION = datetime(2025, 1, 1, 9, tzinfo=UTC)
HISTORY = [
    (Revision.Way.IMPORT, "Taken over from a list."),
    (Revision.Way.FORM, "Completed from the sources cited."),
]
BETWEEN_REVISIONS = timedelta(minutes=17)
APPS = {"sources", "missions", "diplomacy"}


def fill(records, seed):
    """Add made-up records to those of the loaded record; yield how many are done."""
    sources = max(1, records * SOURCES // 100)
    missions = max(sources, records * MISSIONS // 100)  # each source needs one that cites it
    tables = [model for model in apps.get_models() if model._meta.app_label in APPS]
    maker = Maker(Vocabulary(Random(seed)), {m: _next_number(m) for m in tables}, sources)  # noqa: S311
    writer = _Writer()
    done = 0
    for make, many in (
        (maker.source, sources),
        (maker.mission, missions),
        (maker.transfer, records - sources - missions),
    ):
        for start in range(1, many + 1, CHUNK):
            numbers = range(start, min(start + CHUNK, many + 1))
            writer.write([make(n) for n in numbers])
            done += len(numbers)
            yield done
    _count_statements()
    _tidy(tables)


def _next_number(model):
    last = model._base_manager.order_by("-pk").values_list("pk", flat=True).first()
    return (last or 0) + 1


class _Writer:
    """Writes records with what follows from them."""

    def __init__(self):
        self.known_words = set(NameWord.objects.values_list("word", flat=True))
        self.revised = 0

    @transaction.atomic
    def write(self, made):
        """Write [(record, its parts and links)], all records of one kind."""
        records = [record for record, _ in made]
        rows = defaultdict(list)
        for record, parts in made:
            for name, value in record.derived().items():
                setattr(record, name, value)
            for part in parts:
                rows[type(part)].append(part)
        [model] = {type(record) for record in records}
        _insert(records)
        for parts in rows.values():  # a part comes before what cites it
            _insert(parts)
        self._index(model, [record for record in records if _is_public(record)])
        self._revise(model, records[::REVISED_EVERY])

    def _index(self, model, records):
        kind = kind_of(model)
        entries = []
        for record in records:
            document = kind.describe(record)
            document.texts.extend(names_of_others(record, getattr(model, "FOUND_THROUGH", ())))
            entries.append(make_entry(kind, record.pk, getattr(record, kind.key), document))
        _insert(entries)
        words = {word for entry in entries for word in name_words(entry)} - self.known_words
        spelling.learn(words)
        self.known_words |= words

    def _revise(self, model, records):
        """Give records a history of two changes: made along with others, then completed."""
        states = rows_of_all(model, [record.pk for record in records])
        imported_at = self._moment()
        revisions = []
        for record in records:
            rows = states[record.slug]
            revisions += [
                _revision(model, record, 1, [_shortened(rows[0]), *rows[1:]], imported_at),
                _revision(model, record, 2, rows, self._moment()),
            ]
        _insert(revisions)

    def _moment(self):
        self.revised += 1
        return FIRST_REVISION + self.revised * BETWEEN_REVISIONS


def _shortened(row):
    """Return a canonical row without its longer texts."""
    fields = {n: value for n, value in row.fields.items() if n not in {"summary", "result", "note"}}
    return Row(row.shape, row.key, fields, row.pk)


def _revision(model, record, number, rows, made_at):
    way, reason = HISTORY[number - 1]
    made = {"editor": None, "way": way, "reason": reason, "made_at": made_at}
    revision = make_revision(model, record.slug, number, rows, **made)
    if model is Source:  # hidden until something public rests on it, as here on every one
        revision.shown = Revision.Shown.WHOLE
    return revision


def _insert(rows):
    """Insert rows of one model by one short statement, in half the time of `bulk_create`."""
    if not rows:
        return
    meta = rows[0]._meta
    fields = [
        f for f in meta.concrete_fields if not f.generated and (rows[0].pk or f is not meta.pk)
    ]
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    places = ", ".join(_placeholder(field) for field in fields)
    values = [
        [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {meta.db_table} ({names}) VALUES ({places})", values)  # noqa: S608


def _placeholder(field):
    own = getattr(field, "get_placeholder", None)
    return own(None, None, connection) if own else "%s"


def _is_public(record):
    return not isinstance(record, Record) or record.state == Record.State.PUBLISHED


def _count_statements():
    """Give each source, now that everything is there, the number of what rests on it."""
    numbers = list(Source.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(numbers), CHUNK):
        sources = list(Source.to_derive(numbers[start : start + CHUNK]))
        for source in sources:
            source.cited_by = source.public_statements
        Source.objects.bulk_update(sources, ["cited_by"])


def _tidy(tables):
    """Go on numbering after the made-up rows, and let PostgreSQL's planner know of them."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
    gather_statistics()
