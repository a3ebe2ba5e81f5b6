#!/usr/bin/env python3
"""Django's command line for Lunar Record; `manage.py demo` sets up and serves everything."""

import os
import sys


def main():
    # Commands typed at a checkout are local work. A server sets LUNAR_ENV=production, and without
    # any value (lunar/wsgi.py) the settings take production's side.
    os.environ.setdefault("LUNAR_ENV", "local")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lunar.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit(
            "Django is not installed for this Python. Run "
            "`python3 -m venv .venv && .venv/bin/pip install -r requirements.txt`, "
            "then use `.venv/bin/python manage.py`."
        )
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
