from django.db import migrations, models

# On PostgreSQL only: FTS5 finds the entries of a kind by the range of their numbers, and names that
# begin alike in their order.
KINDS = [
    "mission",
    "programme",
    "country",
    "practice",
    "figure",
    "transferseries",
    "agreement",
    "person",
    "organization",
    "transfer",
    "source",
]


OF_A_KIND = "search_entry_words_{kind}"
OF_NAMES = {
    "search_entry_names": "(kind, squeezed_name text_pattern_ops, id)",
    "search_entry_native_names": (
        "(kind, squeezed_native_name text_pattern_ops, id) WHERE squeezed_native_name <> ''"
    ),
}


def make_indexes(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for kind in KINDS:
        schema_editor.execute(
            f"CREATE INDEX {OF_A_KIND.format(kind=kind)} ON search_entry USING gin (words) "
            f"WITH (fastupdate = off) WHERE kind = '{kind}'"
        )
    for name, definition in OF_NAMES.items():
        schema_editor.execute(f"CREATE INDEX {name} ON search_entry {definition}")
    # Its plans hardly depend on how common a word is, and each looks through what is known of that.
    schema_editor.execute("ALTER TABLE search_entry ALTER COLUMN words SET STATISTICS 10")


def drop_indexes(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for name in (*(OF_A_KIND.format(kind=kind) for kind in KINDS), *OF_NAMES):
        schema_editor.execute(f"DROP INDEX {name}")
    schema_editor.execute("ALTER TABLE search_entry ALTER COLUMN words SET STATISTICS -1")


def add_column(name):
    """Add a text column without making the table anew, by which SQLite would lose its triggers."""
    return migrations.SeparateDatabaseAndState(
        [
            migrations.RunSQL(
                f"ALTER TABLE search_entry ADD COLUMN {name} text NOT NULL DEFAULT ''",
                f"ALTER TABLE search_entry DROP COLUMN {name}",
            )
        ],
        [migrations.AddField("entry", name, models.TextField(blank=True))],
    )


class Migration(migrations.Migration):

    dependencies = [("search", "0001_initial")]

    operations = [
        add_column("squeezed_name"),
        add_column("squeezed_native_name"),
        migrations.RunPython(make_indexes, drop_indexes),
        # Entries made before are no longer up to date, and made afresh after the migration.
        migrations.RunSQL("UPDATE search_entry SET fingerprint = ''", migrations.RunSQL.noop),
    ]
