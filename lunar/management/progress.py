"""Progress of long work, told so that neither a terminal nor a log fills up."""

import time


class Progress:
    """Called with what is being done, how much of it is, and of how much.

    A terminal shows one line that changes in place, anything else at most one line a second.
    """

    def __init__(self, stream):
        self.stream = stream
        self.in_place = stream.isatty()
        self.told = time.monotonic()
        self.width = 0

    def __call__(self, what, done, total):
        now = time.monotonic()
        if now - self.told < (0.05 if self.in_place else 1):
            return
        self.told = now
        self._write(f"  {what} {done}/{total}")

    def close(self):
        """Leave the terminal as it was before the first line."""
        if self.width:
            self._write("")
            self.stream.write("\r", ending="")
            self.width = 0

    def _write(self, line):
        if self.in_place:
            self.stream.write("\r" + line.ljust(self.width), ending="")
            self.width = len(line)
        else:
            self.stream.write(line)
        self.stream.flush()
