"""A real Chromium on the real demo: the whole record, served as a newcomer gets it.

Without Chromium or the `browser` packages these tests say that they are skipped; where
LUNAR_REQUIRE_BROWSER is set, as in `.ci/run`, that is a failure instead.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from django.conf import settings

from tests.installation import installation

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(os.path.dirname(__file__)):
            item.add_marker(pytest.mark.browser)


def _missing(reason):
    if os.environ.get("LUNAR_REQUIRE_BROWSER"):
        pytest.fail(f"Browser tests are required here, but {reason}.")
    pytest.skip(f"Browser tests need Chromium and the browser group: {reason}.")


@pytest.fixture(scope="package")
def browser():
    """A headless Chromium, started once."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("playwright is not installed")
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if not executable:
        _missing("no chromium was found")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def site(browser, tmp_path_factory):
    """The address of the demo, set up and served in a directory of its own, without a slash."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    data = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "manage.py", "demo", address]
    with installation(data) as environment:
        with open(data / "demo.log", "w") as log:
            server = subprocess.Popen(
                command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log
            )
        try:
            _wait_for(f"http://{address}/", server, data / "demo.log")
            yield Site(f"http://{address}", (data / "demo.log").read_text(), environment)
        finally:
            server.terminate()
            server.wait(timeout=20)


class Site:
    """Where the demo is served, what its command printed, and where its commands run."""

    def __init__(self, url, printed, environment):
        self.url = url
        self.printed = printed
        self.environment = environment

    def manage(self, *arguments):
        """Return what a management command prints."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command,
            cwd=settings.BASE_DIR,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    @property
    def password(self):
        """The demo editor's password, as the command prints it."""
        return re.search(r"(?i)password:?\s+(\S+)", self.printed).group(1)


def _wait_for(url, server, log, seconds=120):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if server.poll() is not None:
            pytest.fail(f"The demo stopped:\n{log.read_text()}")
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.3)
        else:
            return
    pytest.fail(f"The demo did not answer within {seconds} s:\n{log.read_text()}")


@pytest.fixture(params=["light", "dark"])
def scheme(request):
    return request.param


@pytest.fixture
def page(browser, site, request):
    """A page that fails the test on a console message or a request that leaves the site."""
    scheme = request.getfixturevalue("scheme") if "scheme" in request.fixturenames else "light"
    context = browser.new_context(
        base_url=site.url, color_scheme=scheme, viewport={"width": 1280, "height": 900}
    )
    page = context.new_page()
    complaints = []
    page.on(
        "console",
        lambda message: (
            # Chromium's note that the page itself was answered with 400, as a bad filter is.
            None
            if "the server responded with a status of 400" in message.text
            else complaints.append(f"console: {message.text}")
        ),
    )
    page.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
    page.on(
        "request",
        lambda asked: (
            None
            if asked.url.startswith((site.url, "data:"))
            else complaints.append(f"leaves the site: {asked.url}")
        ),
    )
    yield page
    context.close()
    assert complaints == []
