import pytest

from lunar.clients import UNKNOWN, client_address


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "203.0.113.9"),
        (1, "made-up", UNKNOWN),
        (1, "", UNKNOWN),
        (1, "2001:DB8::1", "2001:db8::1"),
    ],
)
def test_the_address_is_what_our_own_outermost_proxy_saw(rf, settings, proxies, forwarded, address):
    settings.PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=forwarded)

    assert client_address(request) == address
