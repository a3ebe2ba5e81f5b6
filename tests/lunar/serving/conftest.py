import pytest
from django.core.cache import caches

from lunar.serving.pages import page_parameters


@pytest.fixture
def kept(settings):
    """Pages are kept, and counts remembered, as on the real site."""
    settings.PAGE_CACHE = settings.REMEMBER = True
    caches["pages"].clear()
    page_parameters.cache_clear()
    yield caches["pages"]
    caches["pages"].clear()
