"""The roles of the desk as groups; what each may do is decided in `lunar.desk.roles`."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

DESK = {
    "Contributor": ["view_revision", "draft"],
    "Editor": ["view_revision", "draft", "edit"],
    "Reviewer": [
        "view_revision", "draft", "edit", "publish", "withdraw", "revert", "merge", "answer",
    ],
    "Administrator": ["view_revision"],
}
ACCOUNTS = ["add_user", "change_user", "delete_user", "view_user", "view_group"]


def make_groups(apps, schema_editor):
    # Permissions are otherwise made only after the last migration.
    for label in ("desk", "auth"):
        config = installed.get_app_config(label)
        config.models_module = config.models_module or True
        create_permissions(config, apps=apps, verbosity=0)
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, codenames in DESK.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(
            *Permission.objects.filter(content_type__app_label="desk", codename__in=codenames)
        )
    administrators = Group.objects.get(name="Administrator")
    administrators.permissions.add(
        *Permission.objects.filter(content_type__app_label="auth", codename__in=ACCOUNTS)
    )


def remove_groups(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=DESK).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_groups, remove_groups)]
