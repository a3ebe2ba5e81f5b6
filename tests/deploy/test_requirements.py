"""deploy/requirements.lock: what the site runs on is what it is tested with."""

import re

from django.conf import settings

from tests.deploy.production import DEPLOY

LOCK = (DEPLOY / "requirements.lock").read_text()
PIN = re.compile(r"^([\w.-]+)(?:\[\w+\])?==(\S+)", re.MULTILINE)


def pins(text):
    return {name.lower().replace("_", "-"): version for name, version in PIN.findall(text)}


def test_the_lock_has_the_versions_of_the_requirements():
    text = (settings.BASE_DIR / "requirements.txt").read_text()
    to_run = pins(text.partition("# To run")[2].partition("# To test")[0])

    assert to_run.items() <= pins(LOCK).items()
    assert pins(LOCK).items() <= pins(text).items()


def test_every_package_has_hashes_and_no_address():
    blocks = re.split(r"\n(?=\w)", LOCK)[1:]

    assert len(blocks) == len(pins(LOCK))
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in LOCK
    assert "index" not in LOCK
