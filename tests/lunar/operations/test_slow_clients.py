"""Clients that send or read a byte at a time keep nobody else from the site.

A form that is sent slowly takes a thread of granian; the proxy has to hold it back
(tests/deploy/test_proxy.py).
"""

import contextlib
import socket
import time

import pytest

from tests.servers import ProductionServer

SLOW = 3 * ProductionServer.THREADS
SOON = 10  # seconds, of a machine that has much to do
HOST = b"Host: 127.0.0.1\r\n"


def sends_headers_slowly(connection):
    connection.sendall(b"GET /missions/ HTTP/1.1\r\n" + HOST + b"X-Slow: ")
    return b"s"


def reads_slowly(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
    for _ in range(4):
        connection.sendall(b"GET /about/gallery/ HTTP/1.1\r\n" + HOST + b"\r\n")
    return b""


@pytest.mark.parametrize(
    "behave",
    [
        sends_headers_slowly,
        reads_slowly,
    ],
)
def test_slow_clients_hold_up_nobody_else(server, behave):
    with contextlib.ExitStack() as stack:
        drips = []
        for _ in range(SLOW):
            connection = stack.enter_context(socket.socket())
            connection.connect(("127.0.0.1", server.port))
            drips.append((connection, behave(connection)))
        took = []
        for _ in range(5):
            for connection, byte in drips:
                with contextlib.suppress(OSError):  # it may have been turned away
                    connection.sendall(byte)
            begun = time.monotonic()
            answer = server.get("/missions/", timeout=SOON)
            took.append(time.monotonic() - begun)
            assert answer is not None, took
            assert answer.status == 200
