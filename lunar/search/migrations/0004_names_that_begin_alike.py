from django.db import migrations

# On PostgreSQL only: names that begin with the same four letters, in the order in which entries are
# shown. Where many begin as was typed, the first of them need not be picked out of all.
INDEX = "search_entry_names_alike"


def make_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE INDEX {INDEX} ON search_entry (kind, left(squeezed_name, 4), id)"
        )


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX {INDEX}")


class Migration(migrations.Migration):

    dependencies = [("search", "0003_sample_of_words")]

    operations = [migrations.RunPython(make_index, drop_index)]
