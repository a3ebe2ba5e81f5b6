"""The units of systemd, as systemd itself reads them."""

import configparser
import os
import re
import shutil
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import get_commands

from tests.deploy.production import DEPLOY, UNITS, command_of_unit
from tests.tools import tool

SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
TIMERS = sorted(path.name for path in UNITS.glob("*.timer"))
MOST_EXPOSED = 20  # of 100, as `systemd-analyze security` counts; without the sandbox it is 92


@pytest.fixture
def analyze(tmp_path):
    """Run systemd-analyze on the units, with the project where it is here."""
    program = tool("systemd-analyze")
    units = shutil.copytree(UNITS, tmp_path / "units")
    for path in [path for path in units.rglob("*") if path.is_file()]:
        text = path.read_text().replace("/opt/lunar-record/.venv/bin/python", sys.executable)
        path.write_text(text.replace("=/opt/lunar-record", f"={settings.BASE_DIR}"))

    def analyze(*arguments):
        return subprocess.run(
            [program, *arguments],
            cwd=units,
            env=os.environ | {"SYSTEMD_UNIT_PATH": f"{units}:"},
            capture_output=True,
            text=True,
            check=False,
        )

    return analyze


@pytest.mark.parametrize("name", [*SERVICES, *TIMERS])
def test_systemd_finds_nothing_wrong(analyze, name):
    process = analyze("verify", "--man=no", f"./{name}")

    assert (process.returncode, process.stderr) == (0, "")


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_may_do_little(analyze, name):
    process = analyze("security", "--offline=yes", f"--threshold={MOST_EXPOSED}", f"./{name}")

    assert process.returncode == 0, process.stdout


@pytest.mark.parametrize("name", TIMERS)
def test_a_timer_has_its_service_and_a_time(analyze, name):
    timer = configparser.ConfigParser()
    timer.read(UNITS / name)

    assert name.replace(".timer", ".service") in SERVICES
    assert analyze("calendar", timer["Timer"]["OnCalendar"]).returncode == 0


@pytest.mark.parametrize("name", ["lunar-record-backup.service", "lunar-record-forget.service"])
def test_jobs_are_commands_of_the_site(name):
    python, manage, command, *_ = command_of_unit(name)

    assert (python, manage) == (sys.executable, "manage.py")
    assert command in get_commands()


def test_the_site_is_stopped_no_sooner_than_it_has_finished():
    finishing = int(re.search(r"--workers-kill-timeout (\d+)", (DEPLOY / "serve").read_text())[1])
    unit = (UNITS / "lunar-record-site.service").read_text()

    assert int(re.search(r"TimeoutStopSec=(\d+)", unit)[1]) > finishing
