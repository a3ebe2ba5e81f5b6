import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

RECORD_APPS = ["sources", "parties", "missions", "diplomacy"]


@pytest.fixture
def editor(db):
    """Somebody who may do everything with the record, and nothing with accounts."""
    user = User.objects.create_user("editor", password="far-side-2019", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label__in=RECORD_APPS),
    )
    return user


@pytest.fixture
def editor_client(editor):
    client = Client()
    client.force_login(editor)
    return client
