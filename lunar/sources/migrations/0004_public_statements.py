"""How much that is public rests on each source becomes a column: lists select and sort by it."""

from collections import Counter

import django.db.models.functions.comparison
import lunar.edtf.indexes
from django.db import migrations, models

# What must be public for the citations of each table to be.
PUBLIC_WITH = {
    ("parties", "CountryCitation"): ["subject"],
    ("parties", "OrganizationCitation"): ["subject"],
    ("parties", "PersonCitation"): ["subject"],
    ("missions", "ProgrammeCitation"): ["subject"],
    ("missions", "MissionCitation"): ["subject"],
    ("missions", "SpacecraftCitation"): ["subject__mission"],
    ("missions", "LandingCitation"): ["subject__mission"],
    ("missions", "MissionEventCitation"): ["subject__mission"],
    ("missions", "CrewMemberCitation"): ["subject__mission", "subject__person"],
    ("missions", "SampleReturnCitation"): ["subject__mission"],
    ("missions", "FigureCitation"): ["subject"],
    ("diplomacy", "TransferSeriesCitation"): ["subject"],
    ("diplomacy", "TransferCitation"): ["subject"],
    ("diplomacy", "ActCitation"): ["subject__transfer"],
    ("diplomacy", "AgreementCitation"): ["subject"],
    ("diplomacy", "AdherenceCitation"): ["subject__agreement", "subject__country"],
    ("diplomacy", "PracticeCitation"): ["subject"],
}


def count(apps, schema_editor):
    alias = schema_editor.connection.alias
    counted = Counter()
    for name, paths in PUBLIC_WITH.items():
        public = {f"{path}__is_public": True for path in paths}
        rows = apps.get_model(*name).objects.using(alias).filter(**public).order_by()
        counted.update(dict(rows.values_list("source").annotate(number=models.Count("pk"))))
    sources = apps.get_model("sources", "Source").objects.using(alias)
    for source, number in counted.items():
        sources.filter(pk=source).update(cited_by=number)


class Migration(migrations.Migration):
    dependencies = [
        ("sources", "0003_addresses_of_the_web"),
        ("parties", "0002_publication_states"),
        ("missions", "0003_list_indexes"),
        ("diplomacy", "0003_list_indexes"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='source',
            name='source_by_date_first',
        ),
        migrations.RemoveIndex(
            model_name='source',
            name='source_by_date_last',
        ),
        migrations.RemoveIndex(
            model_name='source',
            name='source_by_title',
        ),
        migrations.RemoveIndex(
            model_name='source',
            name='source_by_publisher',
        ),
        migrations.RemoveIndex(
            model_name='source',
            name='source_by_kind',
        ),
        migrations.RemoveIndex(
            model_name='source',
            name='source_by_standing',
        ),
        migrations.AddField(
            model_name='source',
            name='cited_by',
            field=models.PositiveIntegerField(default=0, editable=False, serialize=False, verbose_name='public statements'),
        ),
        migrations.AddField(
            model_name='source',
            name='is_public',
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(cited_by__gt=0, then=models.Value(True)), default=models.Value(False)), output_field=models.BooleanField(), serialize=False),
        ),
        migrations.AddIndex(
            model_name='source',
            index=lunar.edtf.indexes.ChronologicalIndex(models.OrderBy(django.db.models.functions.comparison.Coalesce('published_earliest', 'published_latest'), nulls_last=True), models.OrderBy(django.db.models.functions.comparison.Coalesce('published_latest', 'published_earliest'), nulls_last=True), condition=models.Q(('is_public', True)), name='source_by_date_first'),
        ),
        migrations.AddIndex(
            model_name='source',
            index=lunar.edtf.indexes.ChronologicalIndex(models.OrderBy(django.db.models.functions.comparison.Coalesce('published_earliest', 'published_latest'), descending=True, nulls_last=True), models.OrderBy(django.db.models.functions.comparison.Coalesce('published_latest', 'published_earliest'), descending=True, nulls_last=True), condition=models.Q(('is_public', True)), name='source_by_date_last'),
        ),
        migrations.AddIndex(
            model_name='source',
            index=models.Index(condition=models.Q(('is_public', True)), fields=['title'], name='source_by_title'),
        ),
        migrations.AddIndex(
            model_name='source',
            index=models.Index(condition=models.Q(('is_public', True)), fields=['cited_by'], name='source_by_statements'),
        ),
        migrations.AddIndex(
            model_name='source',
            index=models.Index(condition=models.Q(('is_public', True)), fields=['publisher', 'title'], name='source_by_publisher'),
        ),
        migrations.AddIndex(
            model_name='source',
            index=models.Index(condition=models.Q(('is_public', True)), fields=['kind', 'title'], name='source_by_kind'),
        ),
        migrations.AddIndex(
            model_name='source',
            index=models.Index(condition=models.Q(('is_public', True)), fields=['standing', 'title'], name='source_by_standing'),
        ),
        migrations.RunPython(count, migrations.RunPython.noop, elidable=True),
    ]
