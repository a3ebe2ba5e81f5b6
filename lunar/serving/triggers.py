"""Triggers that count every change of what public pages show, however it is made.

A save in a form, `update()`, a load, or SQL typed by hand: the database itself counts it, within
the same transaction. On PostgreSQL it does so at the very end of a transaction and once, so that
writers wait for each other only while they commit, and never in a circle.
"""

from django.apps import apps
from django.db import connections

from lunar.desk.models import EditorProfile, FormerAddress, Revision
from lunar.search.models import Entry
from lunar.serving.models import DataRevision

CONTENT_APPS = ("sources", "parties", "missions", "diplomacy")
MORE_CONTENT = (Revision, FormerAddress, EditorProfile, Entry)
EVENTS = ("INSERT", "UPDATE", "DELETE")

COUNTER = DataRevision._meta.db_table
MILLISECONDS = {
    "sqlite": "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
    "postgresql": "(extract(epoch FROM clock_timestamp()) * 1000)::bigint",
}
FUNCTION = f"""
CREATE OR REPLACE FUNCTION serving_count_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE {COUNTER} SET number = number + 1, changed_ms = {MILLISECONDS["postgresql"]},
    changed_by = txid_current() WHERE changed_by <> txid_current();
  RETURN NULL;
END $$
"""


def content_tables():
    """Return the table of every model whose rows public pages show, those of links included."""
    models = [
        model
        for label in CONTENT_APPS
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    ]
    return sorted(model._meta.db_table for model in [*models, *MORE_CONTENT])


def install_after_migration(sender, using, **kwargs):
    """Make what is missing of the counter and its triggers; called after every migration."""
    connection = connections[using]
    there = set(connection.introspection.table_names())
    if COUNTER not in there:  # its own migration was undone
        return
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {COUNTER} VALUES (1, 0, 0, 0) ON CONFLICT (id) DO NOTHING")
        install = (
            _install_on_postgresql if connection.vendor == "postgresql" else _install_on_sqlite
        )
        install(cursor, [table for table in content_tables() if table in there])


def _install_on_sqlite(cursor, tables):
    for table in tables:
        for event in EVENTS:
            cursor.execute(
                f'CREATE TRIGGER IF NOT EXISTS "count_{event.lower()}_{table}" '
                f'AFTER {event} ON "{table}" BEGIN UPDATE {COUNTER} '
                f"SET number = number + 1, changed_ms = {MILLISECONDS['sqlite']}; END"
            )


def _install_on_postgresql(cursor, tables):
    cursor.execute(FUNCTION)
    cursor.execute(
        "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE tgname = 'serving_count_change'"
    )
    counted = {name for (name,) in cursor.fetchall()}
    for table in tables:
        if table not in counted:
            cursor.execute(
                f"CREATE CONSTRAINT TRIGGER serving_count_change AFTER {' OR '.join(EVENTS)} "
                f'ON "{table}" DEFERRABLE INITIALLY DEFERRED '
                "FOR EACH ROW EXECUTE FUNCTION serving_count_change()"
            )
