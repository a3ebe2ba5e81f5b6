from django.db import migrations

# On PostgreSQL only: the words of an eighth of all entries, in which it is soon seen that many fit.
# They lie in rows, of records that follow each other, so that few blocks of the table are read.
SAMPLE = "search_entry_words_sample"


def make_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE INDEX {SAMPLE} ON search_entry USING gin (words) "
            "WITH (fastupdate = off) WHERE record_id / 512 %% 8 = 0"
        )


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX {SAMPLE}")


class Migration(migrations.Migration):

    dependencies = [("search", "0002_words_of_each_kind")]

    operations = [migrations.RunPython(make_index, drop_index)]
