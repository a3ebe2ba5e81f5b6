from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from django.core.cache import caches

from lunar.serving.memory import MemoryCache, size_of


def cache_of(most):
    return MemoryCache(str(uuid4()), {"OPTIONS": {"MAX_BYTES": most}})


def test_all_threads_share_what_is_kept(kept):
    kept.set("page", b"whole")

    with ThreadPoolExecutor() as threads:
        assert threads.submit(lambda: caches["pages"].get("page")).result() == b"whole"


def test_what_is_kept_is_found():
    cache = cache_of(10_000)
    cache.set("page", b"whole")

    assert cache.get("page") == b"whole"
    assert cache.get("other", "nothing") == "nothing"


def test_no_more_is_kept_than_it_may_take():
    page = bytes(1000)
    cache = cache_of(10 * size_of(page))
    for number in range(100):
        cache.set(str(number), page)

    found = [number for number in range(100) if cache.get(str(number))]

    assert found == list(range(100 - len(found), 100))
    assert 5 < len(found) <= 10


def test_what_is_asked_for_stays():
    page = bytes(1000)
    cache = cache_of(10 * size_of(page))
    for number in range(100):
        cache.set(str(number), page)
        cache.get("0")

    assert cache.get("0") == page


def test_what_would_throw_out_much_is_not_kept():
    cache = cache_of(10_000)
    cache.set("small", b"1")
    cache.set("large", bytes(5_000))

    assert cache.get("large") is None
    assert cache.get("small") == b"1"


def test_replacing_takes_no_more_room():
    cache = cache_of(10_000)
    cache.set("other", b"1")
    for _ in range(100):
        cache.set("page", bytes(1000))

    assert cache.get("other") == b"1"


def test_it_is_a_cache_of_django():
    cache = cache_of(10_000)

    assert cache.add("page", b"first")
    assert not cache.add("page", b"second")
    assert cache.get_or_set("page", b"third") == b"first"
    assert cache.get_many(["page", "other"]) == {"page": b"first"}
    assert cache.delete("page")
    assert not cache.delete("page")
    cache.set("page", b"again")
    cache.clear()
    assert "page" not in cache
