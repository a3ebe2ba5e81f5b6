"""Programs besides Python that some tests need.

Without one its tests say that they are skipped; where LUNAR_REQUIRE_TOOLS is set, as in `.ci/run`,
that is a failure instead.
"""

import os
import shutil

import pytest


def tool(name):
    """Return the path of a program."""
    found = shutil.which(name)
    if found is None and os.environ.get("LUNAR_REQUIRE_TOOLS"):
        pytest.fail(f"{name} is required here, but it is not installed.")
    return found or pytest.skip(f"This test needs {name}.")
