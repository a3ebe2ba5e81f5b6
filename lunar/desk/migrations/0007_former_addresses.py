import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "0006_check_run")]

    operations = [
        migrations.CreateModel(
            name="FormerAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "label",
                    models.CharField(
                        help_text="Model of the record: sources.source.", max_length=80
                    ),
                ),
                ("key", models.CharField(help_text="The key that is no more.", max_length=120)),
                (
                    "target",
                    models.CharField(
                        help_text="The key of the record in its place.", max_length=120
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "former addresses",
                "ordering": ["label", "key"],
                "default_permissions": [],
                "constraints": [
                    models.UniqueConstraint(fields=("label", "key"), name="former_address_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("key", django.db.models.expressions.F("target")), _negated=True
                        ),
                        name="former_address_leads_elsewhere",
                    ),
                ],
            },
        ),
    ]
