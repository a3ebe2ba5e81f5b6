import pytest
from django.db import transaction
from django.test import Client

from benchmarks import pages
from benchmarks.filling import fill
from benchmarks.plain import settings as plain
from tests.world import make_world


@pytest.fixture(scope="module")
def found(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        make_world()
        list(fill(300, seed=3))
        yield pages.find()
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_the_site_has_every_page(found, client):
    answers = {path: client.get(path).status_code for page in found for path in page.site}

    assert set(answers.values()) == {200}, answers


@pytest.mark.django_db
def test_plain_has_its_pages(found, settings):
    settings.TEMPLATES = [
        plain.TEMPLATES[0] | {"DIRS": [pages.__file__.replace("pages.py", "plain/templates")]}
    ]
    settings.ROOT_URLCONF, settings.MIDDLEWARE = plain.ROOT_URLCONF, plain.MIDDLEWARE
    client = Client()

    answers = {path: client.get(path).status_code for page in found for path in page.plain}

    assert len(answers) > 10
    assert set(answers.values()) == {200}, answers


@pytest.mark.django_db
def test_queries_of_a_page_are_counted(found, settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    [record] = [page for page in found if page.name == "record: source"]

    assert pages.queries(record) > 1
