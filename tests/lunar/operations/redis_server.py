"""A Redis server of its own, on a socket in a directory of its own, for tests of the cache."""

import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from tests.tools import tool


class RedisServer:
    """Started and stopped as often as a test likes; what it holds is lost each time."""

    def __init__(self, executable, directory):
        self.executable, self.socket = executable, Path(directory, "redis.sock")
        self.process = None

    @property
    def url(self):
        return f"unix://{self.socket}?db=0"

    def start(self):
        self.process = subprocess.Popen(
            [self.executable, "--port", "0", "--unixsocket", self.socket, "--save", ""],
            cwd=self.socket.parent,
            stdout=subprocess.DEVNULL,
        )
        until = time.monotonic() + 10
        while not self._listens():  # later than the file of its socket is there
            assert self.process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.01)

    def _listens(self):
        with socket.socket(socket.AF_UNIX) as connection:
            return connection.connect_ex(str(self.socket)) == 0

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait(timeout=10)
            self.socket.unlink(missing_ok=True)
            self.process = None


@contextmanager
def redis_server():
    """Yield a RedisServer that has been started; it is stopped at the end."""
    executable = tool("redis-server")
    # Not pytest's own: the path of a socket may have no more than about a hundred characters.
    with tempfile.TemporaryDirectory(prefix="redis-") as directory:
        server = RedisServer(executable, directory)
        try:
            server.start()
            yield server
        finally:
            server.stop()
