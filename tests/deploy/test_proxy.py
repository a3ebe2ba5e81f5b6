"""The proxy's configuration, by a real Caddy in front of the real site."""

import json
import re
import socket
import subprocess
from contextlib import ExitStack

import pytest

from tests.deploy.production import DEPLOY, HOST, ask, free_port, production, running
from tests.installation import SERVER
from tests.tools import tool

COOKIE = f"csrftoken={32 * 'a'}"  # without one, the site reads no form
THREADS = 8  # two workers with four each, as deploy/serve starts them


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The port of the proxy, and where the site logs."""
    caddy = tool("caddy")
    directory = tmp_path_factory.mktemp("proxied")
    with production(directory, SERVER) as environment:
        server, proxy = int(environment["GRANIAN_PORT"]), free_port()
        environment |= {
            "SITE_ADDRESS": f"http://moon.example.org:{proxy}",
            "SITE_UPSTREAM": f"127.0.0.1:{server}",
            "STATIC_ROOT": str(directory / "srv"),
            **buffering(caddy),
            "CADDY_ADMIN": f"127.0.0.1:{free_port()}",
            "XDG_CONFIG_HOME": str(directory),
            "XDG_DATA_HOME": str(directory),
        }
        configuration = DEPLOY / "Caddyfile"
        command = [caddy, "run", "--adapter", "caddyfile", "--config", configuration]
        with (
            running([DEPLOY / "serve"], environment, server, directory / "log"),
            running(command, environment, proxy, directory / "proxy-log"),
        ):
            yield proxy, directory


def buffering(caddy):
    """Return the variable that older versions of Caddy need to hold back what is sent slowly."""
    version = subprocess.run([caddy, "version"], capture_output=True, text=True, check=True).stdout
    number = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
    return {"BUFFER_REQUESTS": "buffer_requests"} if number <= (2, 6, 2) else {}


@pytest.fixture
def proxy(site):
    return site[0]


def test_pages_pass_through_and_their_headers_with_them(proxy):
    answer = ask(proxy, "/about/", Accept_Encoding="identity")

    assert answer.status == 200
    assert "default-src 'none'" in answer.getheader("Content-Security-Policy")
    assert "granian" not in str(answer.headers)


def test_a_static_file_is_kept_for_a_year_and_comes_from_the_proxy(proxy, site):
    [sheet] = (site[1] / "srv/static/lunar/css").glob("site.*.css")

    answer = ask(proxy, f"/static/lunar/css/{sheet.name}")

    assert answer.body == sheet.read_text()
    assert answer.getheader("Cache-Control") == "public, max-age=31536000, immutable"
    assert answer.getheader("X-Request-ID") is None
    assert ask(proxy, f"/static/lunar/css/{sheet.name}", Accept_Encoding="br").status == 200


@pytest.mark.parametrize(
    "path", ["/static/none.css", "/static/", "/static/../log", "/static/%2e%2e/log"]
)
def test_what_is_not_collected_is_answered_by_the_site(proxy, path):
    answer = ask(proxy, path)

    assert answer.status == 404
    assert "immutable" not in (answer.getheader("Cache-Control") or "")


def test_nobody_chooses_the_address_or_the_id_that_the_site_sees(proxy, site):
    answer = ask(
        proxy,
        "/about/",
        X_Forwarded_For="192.0.2.1",
        X_Forwarded_Proto="https",
        X_Request_ID="chosen-by-me",
    )

    number = answer.getheader("X-Request-ID")
    assert len(number) == 36
    said = [json.loads(line) for line in (site[1] / "log").read_text().splitlines()]
    assert [one["path"] for one in said if one.get("request_id") == number] == ["/about/"]


@pytest.mark.parametrize(
    ("size", "status"), [(5_999_999, 403), (6_000_000, 413), (10_000_000, 413)]
)
def test_a_body_has_a_limit(proxy, size, status):
    """Below it the site answers: it reads this file, and refuses it for want of a token."""
    start = b'--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n'
    body = start + b"x" * (size - len(start) - 7) + b"\r\n--b--"
    form = {"Content_Type": "multipart/form-data; boundary=b", "Cookie": COOKIE}

    answer = ask(proxy, "/suggest/", "POST", body, **form)

    assert len(body) == size
    assert answer.status == status
    assert ("too large" in answer.body) is (status == 413)


def test_a_body_of_unknown_size_is_cut_off(proxy):
    parts = (b"x" * 100_000 for _ in range(100))

    answer = ask(proxy, "/suggest/", "POST", parts, Transfer_Encoding="chunked")

    assert answer is None or answer.status >= 400


def test_forms_that_are_sent_slowly_hold_up_nobody_else(proxy):
    form = (
        f"POST /admin/login/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 100000\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Cookie: {COOKIE}\r\n\r\n"
    )
    with ExitStack() as stack:
        for _ in range(3 * THREADS):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", proxy)))
            connection.sendall(form.encode() + b"a")

        assert ask(proxy, "/about/").status == 200


@pytest.mark.parametrize(("size", "status"), [(30_000, 200), (40_000, 431)])
def test_headers_have_a_limit(proxy, size, status):
    assert ask(proxy, "/about/", X_Filler="x" * size).status == status


def test_another_host_gets_no_page(proxy):
    answer = ask(proxy, "/", Host="evil.example")

    assert answer.body == ""
