"""Servers of the site in processes of their own, and editors who talk to them."""

import http.client
import http.cookiejar
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from tests.webforms import form_fields

TIMEOUT = 120

SET_UP = """
import django, json, sys
django.setup()
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from tests.factories import make_mission, make_transfer, make_user

def logged_in(name):
    user, session = make_user("Editor", username=name), SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key

editors, missions = map(int, sys.argv[1:])
print(json.dumps({
    "sessions": {name: logged_in(name) for name in (f"editor-{n}" for n in range(editors))},
    "missions": [make_mission(slug=f"mission-{n}").pk for n in range(missions)],
    "transfer": make_transfer(slug="transfer").pk,
}))
"""
SERVE = """
import django, sys
django.setup()
from lunar.management.server import DemoServer
server = DemoServer.at(f"127.0.0.1:{sys.argv[1]}")
print(server.server_port, flush=True)
server.serve()
"""


def python(environment, code, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def answer_of(environment, code, *arguments):
    process = python(environment, code, *arguments)
    output, _ = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 0
    return json.loads(output)


@dataclass
class Server:
    """A server process; started again, it answers at the same address."""

    environment: dict
    port: int = 0
    process: subprocess.Popen | None = None

    def start(self):
        self.process = python(self.environment, SERVE, self.port)
        self.port = int(self.process.stdout.readline())

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.communicate(timeout=TIMEOUT)


class ProductionServer(Server):
    """The server that a site runs on in earnest: one process, which keeps its connections."""

    THREADS = 2

    def start(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", self.port))
            self.port = free.getsockname()[1]
        command = ["-m", "granian", "--interface=wsgi", "--no-ws", f"--port={self.port}"]
        command += [f"--blocking-threads={self.THREADS}", "tests.impatient:application"]
        self.process = subprocess.Popen(
            [sys.executable, *command],
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + TIMEOUT
        while self.get("/robots.txt") is None:
            assert self.process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)

    def stop(self, how=signal.SIGTERM):
        for pid in self.processes:  # those that answer outlive the one that started them
            os.kill(pid, how)
        self.process.communicate(timeout=TIMEOUT)

    @property
    def processes(self):
        """The numbers of all its processes."""
        own = self.process.pid
        children = Path(f"/proc/{own}/task/{own}/children").read_text()
        return [own, *map(int, children.split())]

    def get(self, path, timeout=TIMEOUT):
        """Return the Answer to whoever is not logged in, or None if there is none."""
        opener = urllib.request.build_opener(Unredirected)
        try:
            with opener.open(f"http://127.0.0.1:{self.port}{path}", timeout=timeout) as response:
                return Answer(response.status, response.read(), response.headers)
        except (OSError, http.client.HTTPException):
            return None


@dataclass
class Answer:
    status: int
    content: bytes
    headers: http.client.HTTPMessage | None = None


class Unredirected(urllib.request.HTTPErrorProcessor):
    def http_response(self, request, response):
        return response


class Editor:
    """A browser without scripts, logged in, that talks to one server."""

    def __init__(self, name, server, site):
        self.name, self.server = name, server
        self.session = site["sessions"][name]
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.cookies), Unredirected
        )

    def ask(self, path, fields=None):
        """Return the Answer to a form that is sent, or to a page that is opened.

        Raises HTTPException or OSError if the server dies over it.
        """
        data = None if fields is None else urllib.parse.urlencode(fields, doseq=True).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.server.port}{path}", data)
        cookies = [f"{cookie.name}={cookie.value}" for cookie in self.cookies]
        request.add_header("Cookie", "; ".join([f"sessionid={self.session}", *cookies]))
        with self.opener.open(request, timeout=TIMEOUT) as response:
            content = response.read()
            if "Content-Length" not in response.headers:  # cut off among its headers
                raise http.client.IncompleteRead(content)
            return Answer(response.status, content, response.headers)

    def open(self, path):
        answer = self.ask(path)
        assert answer.status == 200
        return form_fields(answer)

    def save(self, path, fields, *, merges):
        """Save a form and, if it `merges`, press “Save the merged version” until it is saved.

        Returns the status of the last answer, which has to be one that an editor understands.
        """
        answer = self.ask(path, fields)
        while answer.status == 409 and merges:
            carried = form_fields(answer) | {"change_reason": fields["change_reason"]}
            carried |= dict.fromkeys(radio_buttons(answer), "mine")
            answer = self.ask(path, carried | {"_save_merged": "1"})
        assert answer.status in {302, 409}, answer.content
        return answer.status


def radio_buttons(answer):
    parts = answer.content.decode().split('type="radio"')[1:]
    return {part.split('name="')[1].split('"')[0] for part in parts}


def change_page(model, pk):
    return f"/admin/{model}/{pk}/change/"
