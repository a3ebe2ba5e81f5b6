"""Settings for the tests: the local ones, with nothing that only costs time."""

import os
import tempfile

os.environ["LUNAR_ENV"] = "local"
os.environ.setdefault("LUNAR_DATA_DIR", tempfile.mkdtemp(prefix="lunar-record-tests-"))
if os.environ.get("CACHE_URL"):  # a database of the server for each process that runs tests
    number = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw") or "0"
    os.environ["CACHE_URL"] = f"{os.environ['CACHE_URL'].partition('?')[0]}?db={number}"

from lunar.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "localhost"]

# Tests run within one transaction, which PostgreSQL counts as one change at its very end.
PAGE_CACHE = REMEMBER = False
