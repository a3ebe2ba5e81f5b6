"""The site for a server that waits for a lock two seconds only, so that tests need not wait more.

It is longer than PostgreSQL takes to look whether two wait for each other.
"""

from lunar import database

database.LOCK_TIMEOUT = 2

from lunar.wsgi import application  # noqa: E402, F401  (the settings read it)
