"""What CACHE_URL may say, and a real Redis that comes and goes."""

import logging
import socket
import time

import pytest
from django.core.cache import caches as django_caches
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from lunar.operations import caches
from lunar.operations.caches import CacheIsGoneError
from lunar.operations.redis_cache import LEFT_ALONE, RedisCache
from tests.lunar.operations.redis_server import redis_server


@pytest.mark.parametrize(
    "url",
    [
        "redis://cache",
        "redis://cache:65535/3",
        "redis://moon:d%40st@[::1]:6379/0",
        "rediss://:dust@cache.example.org:6380/0?ssl_cert_reqs=required",
        "unix:///run/redis/redis.sock?db=2",
        "unix:///run/redis.sock",
    ],
)
def test_what_is_counted_is_on_the_server_named_and_pages_in_memory(url):
    made = caches.on_server(url)

    assert made["default"]["LOCATION"] == [url]
    assert made["pages"] == caches.in_memory()["pages"]


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("cache:6379", "no such address"),
        ("memcached://moon:secret@cache", "no such address"),
        ("redis:/moon:secret@cache", "no such address"),
        ("redis://", "names no host"),
        ("redis://:secret@:6379", "names no host"),
        ("redis://moon:secret@cache:x", "no such address"),
        ("redis://moon:secret@cache:65536", "no such address"),
        ("redis://moon:secret@cache:0", "port is not a number"),
        ("redis://moon:secret/6@cache:6379", "no such address"),
        ("redis://moon:sec@ret@cache", "more than one @"),
        ("redis://moon:secret@[::1", "no such address"),
        ("redis://moon:secret@cache?socket_timeout=secret", "no such address"),
        ("unix://secret", "names no socket"),
        ("unix:///", "names no socket"),
    ],
)
def test_a_wrong_address_is_refused_with_its_form_but_not_its_password(url, reason):
    with pytest.raises(ImproperlyConfigured) as refused:
        caches.on_server(url)

    assert reason in str(refused.value)
    assert "redis://user:password@host:6379/0" in str(refused.value)
    assert "secret" not in str(refused.value)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


def test_memory_keeps_pages_apart(settings):
    settings.CACHES = caches.in_memory()

    django_caches["default"].set("key", "small")

    assert django_caches["pages"].get("key") is None


@pytest.fixture(scope="module")
def server():
    with redis_server() as server:
        yield server


@pytest.fixture
def on_redis(server, settings, monkeypatch):
    monkeypatch.setattr(RedisCache, "_gone_until", 0)
    monkeypatch.setattr(RedisCache, "_tell_after", 0)
    if not server.process:
        server.start()
    settings.CACHES = caches.on_server(server.url)
    django_caches["default"].clear()
    yield server
    django_caches["default"]._cache._get_connection_pool(write=True).disconnect()


def test_a_server_keeps_what_memory_does(on_redis):
    cache = django_caches["default"]

    cache.set("moon", {"phase": "full"}, 60)
    cache.set_many({"a": 1, "b": b"2"})

    assert cache.get("moon") == {"phase": "full"}
    assert cache.get_many(["a", "b", "c"]) == {"a": 1, "b": b"2"}
    assert (cache.add("a", 5), cache.incr("a"), cache.get("a")) == (False, 2, 2)
    assert cache.get_or_set("d", lambda: "new") == "new"
    assert cache.delete("moon")
    assert cache.get("moon", "gone") == "gone"
    assert not cache.has_key("moon")


def test_what_is_kept_ends_in_time(on_redis):
    cache = django_caches["default"]
    cache.set("short", 1, timeout=1)

    time.sleep(1.1)

    assert cache.get("short") is None


def answers(cache):
    return [
        cache.get("key", "default"),
        cache.get_many(["key"]),
        cache.get_or_set("key", lambda: "made"),
        cache.set("key", 1),
        cache.set_many({"key": 1}),
        cache.add("key", 1),
        cache.touch("key"),
        "key" in cache,
        cache.delete("key"),
        cache.delete_many(["key"]),
        cache.clear(),
    ]


def test_a_server_that_is_gone_is_an_empty_cache_and_told_once(on_redis, caplog):
    cache = django_caches["default"]
    cache.set("key", "kept")
    on_redis.stop()

    assert answers(cache) == [
        *("default", {}, "made", None, ["key"]),
        *(False, False, False, False, None, False),
    ]
    with pytest.raises(CacheIsGoneError):
        cache.incr("key")
    assert caplog.messages == ["The cache does not answer (ConnectionError)."]


def test_a_server_that_is_back_is_used_again(on_redis, monkeypatch):
    cache = django_caches["default"]
    on_redis.stop()
    assert cache.get("key") is None
    on_redis.start()

    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + LEFT_ALONE - 1)
    cache.set("key", "too early")
    monkeypatch.setattr(time, "monotonic", lambda: now + LEFT_ALONE + 1)
    assert cache.get("key") is None
    cache.set("key", "kept")

    assert cache.get("key") == "kept"


def test_a_restart_between_two_requests_is_not_noticed(on_redis, caplog):
    cache = django_caches["default"]
    cache.set("key", "before")

    on_redis.stop()
    on_redis.start()
    cache.set("key", "after")

    assert cache.get("key") == "after"
    assert caplog.messages == []


def test_a_server_that_is_silent_holds_one_call_up_and_no_other(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(RedisCache, "_gone_until", 0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.CACHES = caches.on_server(f"redis://127.0.0.1:{silent.getsockname()[1]}")
        begun = time.monotonic()

        found = [django_caches["default"].get("key", "default") for _ in range(100)]

        assert found == ["default"] * 100
        assert time.monotonic() - begun < 3 * caches.ANSWER_TIMEOUT


@pytest.mark.django_db
def test_pages_and_the_api_go_on_without_the_server(on_redis, client, caplog):
    counted = client.get(reverse("api"))
    on_redis.stop()
    caplog.set_level(logging.WARNING)

    uncounted = client.get(reverse("api"))

    assert counted["RateLimit"].startswith('"client";r=')
    assert uncounted.status_code == 200
    assert "RateLimit" not in uncounted
    assert client.get("/").status_code == 200
    assert caplog.messages == ["The cache does not answer (ConnectionError)."]
