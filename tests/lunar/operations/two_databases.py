"""Settings of a site with a read replica that is a database of its own, both of them SQLite."""

from lunar.settings import *  # noqa: F403
from lunar.settings import DATA_DIR, MIDDLEWARE, sqlite

DATABASES = {
    "default": sqlite(DATA_DIR / "record.sqlite3"),
    "replica": sqlite(DATA_DIR / "replica.sqlite3"),
}
DATABASE_ROUTERS = ["lunar.operations.replica.ReplicaRouter"]
MIDDLEWARE = ["lunar.operations.replica.ReplicaMiddleware", *MIDDLEWARE]
ALLOWED_HOSTS = ["testserver"]
