from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "0004_second_factor")]

    operations = [
        migrations.CreateModel(
            name="CheckRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("findings", models.JSONField()),
            ],
            options={"get_latest_by": "made_at", "default_permissions": []},
        ),
    ]
