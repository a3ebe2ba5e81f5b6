"""Roles that need a second factor; administrators choose them, and read who logged in."""

import django.db.models.deletion
from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

ADMINISTRATOR = {
    "desk": ["view", "add", "delete"],  # of the rule below
    "axes": ["view_accesslog", "view_accessattempt", "delete_accessattempt"],
}


def grant(apps, schema_editor):
    for label in ("desk", "axes"):
        config = installed.get_app_config(label)
        create_permissions(config, apps=apps, verbosity=0)
    Permission = apps.get_model("auth", "Permission")
    names = [f"{action}_secondfactorrule" for action in ADMINISTRATOR["desk"]]
    apps.get_model("auth", "Group").objects.get(name="Administrator").permissions.add(
        *Permission.objects.filter(
            content_type__app_label__in=["desk", "axes"],
            codename__in=[*names, *ADMINISTRATOR["axes"]],
        )
    )


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("axes", "0010_accessattemptexpiration"),
        ("desk", "0003_suggestions"),
    ]

    operations = [
        migrations.CreateModel(
            name="SecondFactorRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "group",
                    models.OneToOneField(
                        help_text="Its members set up a second factor when they log in next.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="second_factor_rule",
                        to="auth.group",
                        verbose_name="role",
                    ),
                ),
            ],
            options={
                "verbose_name": "role that needs a second factor",
                "verbose_name_plural": "roles that need a second factor",
            },
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
