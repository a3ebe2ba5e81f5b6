import django.db.models.deletion
from django.db import migrations, models

import lunar.search.fields

COLUMNS = ("whole", "others", "names", "texts")


def columns_of(row):
    return ", ".join(f"{row}.words ->> '$.{name}'" for name in COLUMNS)


ADD = f"""
    INSERT INTO search_words (rowid, {", ".join(COLUMNS)})
    VALUES (new.id, {columns_of("new")});
"""
REMOVE = f"""
    INSERT INTO search_words (search_words, rowid, {", ".join(COLUMNS)})
    VALUES ('delete', old.id, {columns_of("old")});
"""

# The table keeps words only, no texts: triggers tell it what comes and goes.
SQLITE = [
    f"""
    CREATE VIRTUAL TABLE search_words USING fts5(
        {", ".join(COLUMNS)},
        content='',
        prefix='1 2 3',
        tokenize="unicode61 remove_diacritics 2 categories 'L* N* M*'"
    )
    """,
    f"CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN {ADD} END",
    f"CREATE TRIGGER search_entry_removed AFTER DELETE ON search_entry BEGIN {REMOVE} END",
    f"CREATE TRIGGER search_entry_changed AFTER UPDATE ON search_entry BEGIN {REMOVE} {ADD} END",
]
SQLITE_REVERSED = [
    "DROP TRIGGER search_entry_changed",
    "DROP TRIGGER search_entry_removed",
    "DROP TRIGGER search_entry_added",
    "DROP TABLE search_words",
]
POSTGRESQL = ["CREATE INDEX search_entry_words ON search_entry USING gin (words) WITH (fastupdate = off)"]
POSTGRESQL_REVERSED = ["DROP INDEX search_entry_words"]


def make_index(apps, schema_editor):
    run(schema_editor, SQLITE, POSTGRESQL)


def drop_index(apps, schema_editor):
    run(schema_editor, SQLITE_REVERSED, POSTGRESQL_REVERSED)


def run(schema_editor, on_sqlite, on_postgresql):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in on_postgresql if is_postgresql else on_sqlite:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name='NameWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=80, unique=True)),
            ],
            options={
                'ordering': ['word'],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('kind', models.CharField(help_text='The name of its model: mission.', max_length=20)),
                ('record_id', models.BigIntegerField(help_text='The number of the record among its kind.')),
                ('key', models.CharField(help_text='What names the record in its address.', max_length=120)),
                ('name', models.TextField()),
                ('language', models.CharField(blank=True, help_text='Of the name, unless English.', max_length=12)),
                ('native_name', models.TextField(blank=True)),
                ('native_language', models.CharField(blank=True, max_length=12)),
                ('other_names', models.TextField(blank=True, help_text='One on each line.')),
                ('texts', models.TextField(blank=True, help_text='One on each line, the most telling first.')),
                ('words', lunar.search.fields.IndexedWordsField()),
                ('fingerprint', models.CharField(help_text='Of all that the entry is made from.', max_length=64)),
            ],
            options={
                'verbose_name_plural': 'entries',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'record_id'), name='search_entry_once')],
            },
        ),
        migrations.CreateModel(
            name='Spelling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=82)),
                ('word', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='spellings', to='search.nameword')),
            ],
            options={
                'ordering': ['word', 'key'],
                'indexes': [models.Index(fields=['key'], name='search_spelling_key')],
            },
        ),
        migrations.RunPython(make_index, drop_index),
    ]
