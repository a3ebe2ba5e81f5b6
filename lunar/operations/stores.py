"""The database that the site runs on, as backups see it: copied, checked, and put back."""

from dataclasses import dataclass

from django.db import connection


class BackupError(Exception):
    """A backup or a restore was refused, with nothing changed; the message says why."""


@dataclass(frozen=True)
class Facts:
    """What a copy of the database holds: the number of its latest revision, its migrations."""

    revision: int
    migrations: list


def store():
    """Return the class for the present database.

    `copy(path)` writes it as it is at one moment and returns Facts, `check(path)` raises
    BackupError if such a file is not sound, `is_sound()` says so of the database itself, and
    `put_in_place(path, keep_aside)` replaces everything in it at one stroke, calling `keep_aside`
    when nobody can change any more what is to be replaced.
    """
    if connection.vendor == "postgresql":
        from lunar.operations.postgresql import Postgresql

        return Postgresql
    from lunar.operations.sqlite import Sqlite

    return Sqlite


REVISION = "SELECT coalesce(max(id), 0) FROM desk_revision"
MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY app, name"
