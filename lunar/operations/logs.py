"""What the site logs: one record a line, whatever is in it, with the id of the request.

Nobody can write a second line into the log, or a secret out of an address: control characters are
escaped, and of an address the path alone is shown, without the part that only one person knows.
"""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

request_id = ContextVar("the id of the request that is being answered", default="")

# The answer to a suggestion is for whoever has its address.
_SECRET = re.compile(r"(?<=^/suggest/)[^/]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
HIDDEN = "…"

_as_json = json.JSONEncoder(default=str).encode  # ASCII alone: nothing in it ends a line


def shown_path(path):
    """Return a path as it may be logged."""
    return _SECRET.sub(HIDDEN, path) if path.startswith("/suggest/") else path


def is_secret(path):
    """Return whether a path holds what only one person knows."""
    return shown_path(path) != path


class JsonFormatter(logging.Formatter):
    """One JSON object a line; a traceback is one of its values.

    `extra={"shown": {…}}` adds values of the record's own.
    """

    def format(self, record):
        said = {
            "time": _moment(record),
            "level": record.levelname,
            "logger": record.name,
            "message": _without_secret(record, record.getMessage()),
        }
        if number := request_id.get():
            said["request_id"] = number
        if shown := getattr(record, "shown", None):
            said |= shown
        if record.exc_info:
            said["traceback"] = _without_secret(record, self.formatException(record.exc_info))
        return _as_json(said)


class TextFormatter(logging.Formatter):
    """One line for people; the lines of a traceback are set in, so that they begin no record."""

    def format(self, record):
        said = _without_secret(record, record.getMessage())
        if shown := getattr(record, "shown", None):
            said += "".join(f" {name}={value}" for name, value in shown.items())
        number = request_id.get()
        line = f"{record.levelname} {record.name}: {said}{f' [{number}]' if number else ''}"
        line = _CONTROL.sub(_escaped, line)
        if record.exc_info:
            traceback = _without_secret(record, self.formatException(record.exc_info))
            for part in traceback.splitlines():
                line += "\n    " + _CONTROL.sub(_escaped, part)
        return line


def configuration(level, *, as_json):
    """Return Django's LOGGING: all that is logged goes to standard output."""
    formatter = JsonFormatter if as_json else TextFormatter
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter}},
        "handlers": {
            "output": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "stream": "ext://sys.stdout" if as_json else "ext://sys.stderr",
            }
        },
        "root": {"handlers": ["output"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level},  # without its mails to nobody
            # A line of the request tells of all that was refused; these would tell it again.
            "django.request": {"level": "ERROR"},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
        },
    }


def _moment(record):
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _without_secret(record, text):
    request = getattr(record, "request", None)
    path = getattr(request, "path_info", "")
    return text.replace(path, shown_path(path)) if is_secret(path) else text


def _escaped(match):
    return match[0].encode("unicode_escape").decode()
