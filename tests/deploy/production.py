"""The site in production, started as deploy/ starts it, on free ports of this computer."""

import http.client
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from tests.installation import installation

DEPLOY = settings.BASE_DIR / "deploy"
UNITS = DEPLOY / "systemd"
HOST = "moon.example.org"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def command_of_unit(name):
    """Return the command of a unit, for the project where it is here."""
    [line] = re.findall(r"^ExecStart=(.*)$", (UNITS / name).read_text(), re.MULTILINE)
    return [
        word.replace("/opt/lunar-record/.venv/bin/python", sys.executable).replace(
            "/opt/lunar-record", str(settings.BASE_DIR)
        )
        for word in shlex.split(line)
    ]


def example():
    """Return {variable: value} of environment.example, comments left out."""
    lines = (DEPLOY / "environment.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


@contextmanager
def production(directory, server, **changed):
    """Yield the environment of a new installation, with its tables and collected files."""
    with installation(directory, server) as environment:
        environment |= example() | {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "LUNAR_SECRET_KEY": "a key of fifty characters, made for these tests only",
            "LUNAR_DATA_DIR": str(directory),
            "LUNAR_STATIC_DIR": str(directory / "srv/static"),
            "LUNAR_HTTPS": "off",
            "GRANIAN_PORT": str(free_port()),
            **changed,
        }
        for command in (["migrate"], ["collectstatic", "--noinput"]):
            manage(environment, *command)
        yield environment


def manage(environment, *command):
    subprocess.run(
        [sys.executable, "manage.py", *command, "-v0"],
        cwd=settings.BASE_DIR,
        env=environment,
        check=True,
        timeout=180,
    )


@contextmanager
def running(command, environment, port, log):
    """Yield a process once it accepts connections; what it writes goes to the file `log`."""
    with open(log, "w") as output:
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=environment, stdout=output, stderr=output
        )
    try:
        until = time.monotonic() + 60
        while ask(port, "/healthz/live") is None:
            assert process.poll() is None, Path(log).read_text()
            assert time.monotonic() < until, Path(log).read_text()
            time.sleep(0.1)
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=60)
            finally:
                process.kill()


def ask(port, path, method="GET", body=None, **headers):
    """Return the response, its content as `body`; None if nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        # A server may answer before it has read the whole request, and read no more of it.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.request(method, path, body, {"Host": HOST} | headers)
        response = connection.getresponse()
        response.body = response.read().decode()
        return response
    except OSError:
        return None
    finally:
        connection.close()
