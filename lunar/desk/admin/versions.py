"""Versions of one record beside each other: what changed in between, and what is to be chosen."""

from dataclasses import dataclass

from lunar.desk.differences import compare
from lunar.desk.history import Way
from lunar.desk.models import Revision
from lunar.desk.models.editor import LEFT

MOST_TOLD = 20  # changes in between


@dataclass
class Meanwhile:
    """One change that was made since a form was opened."""

    revision: Revision
    difference: object

    @property
    def editor(self):
        """Who made it, as colleagues know each other."""
        if self.revision.by_program:
            return "Lunar Record"
        editor = self.revision.editor
        return editor.get_full_name() or editor.get_username() if editor else LEFT


@dataclass
class Choice:
    """A clash as the page asks for it."""

    name: str
    title: str
    theirs: list[tuple[str, str]] | None  # (label, value in words); None where the row is deleted
    mine: list[tuple[str, str]] | None
    is_row: bool
    chosen: str
    is_unanswered: bool


def changes_since(label, key, seen):
    """Return what was done to a record since its revision number `seen`, the first change first."""
    revisions = list(Revision.objects.at(label, key).with_editor()[: MOST_TOLD + 1])
    told = [
        (revision, before)
        for revision, before in zip(revisions, [*revisions, None][1:], strict=True)
        if revision.number > seen
        and (before or revision.way != Way.FOUND)  # how it stood all along is no change
    ][:MOST_TOLD]
    differences = compare(
        [(before.canonical_rows if before else [], after.canonical_rows) for after, before in told]
    )
    changes = [Meanwhile(after, one) for (after, _), one in zip(told, differences, strict=True)]
    return changes[::-1]


def rows_at(record, seen):
    """Return the canonical rows of a record at revision number `seen`, None if there is none.

    Before its history begins, it stood as the first revision found it.
    """
    revision = Revision.objects.of(record).filter(number=max(seen, 1)).first()
    if seen < 0 or not revision or (seen == 0 and revision.way != Way.FOUND):
        return None
    return revision.canonical_rows


def choice_between(clash, difference, name, chosen, is_unanswered):
    """Return one clash as the page asks for it, in controls called `name`.

    `difference` is what taking mine would change.
    """
    rows = difference.rows
    is_whole = clash.name == ""
    return Choice(
        name=name,
        title=_clash_title(clash, rows),
        theirs=None if is_whole and clash.theirs is None else _said(rows, "before"),
        mine=None if is_whole and clash.mine is None else _said(rows, "after"),
        is_row=is_whole,
        chosen=chosen,
        is_unanswered=is_unanswered,
    )


def _clash_title(clash, rows):
    """Return what two versions of one thing are called: “Launch”, “Landing 1: Site name”."""
    if not rows:
        return str(clash.line.row)
    labels = ", ".join(change.label for change in rows[0].fields)
    if clash.name == "" or not labels:
        return rows[0].title
    return f"{rows[0].title}: {labels}" if clash.line.row.owners else labels


def _said(rows, when):
    """Return (label, value in words) of one side of some RowChanges."""
    return [
        (change.label if row is rows[0] else f"{row.title}, {change.label}", getattr(change, when))
        for row in rows
        if getattr(row, when)
        for change in row.fields
    ]
