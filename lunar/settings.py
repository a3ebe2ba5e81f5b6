"""Settings of Lunar Record: one file, values from the environment, production by default.

LUNAR_ENV            "production" (default) or "local"; manage.py sets "local"
LUNAR_SECRET_KEY     production: at least 50 characters
LUNAR_ALLOWED_HOSTS  production: host names, separated by commas
LUNAR_DATA_DIR       where the SQLite database and releases live (default: var/)
LUNAR_STATIC_DIR     where collected static files live (default: static/ in LUNAR_DATA_DIR)
LUNAR_HTTPS          production: "off" only behind nothing but a private network
LUNAR_PROXIES        production: how many proxies of your own pass requests on (default: 1)
LUNAR_LOG_LEVEL      DEBUG, INFO (production), WARNING (local) or ERROR; INFO has a line for each
                     request
LUNAR_METRICS_TOKEN  lets Prometheus see /metrics, which is not there without it: 20 characters
LUNAR_SECURITY_CONTACT  where to report a weakness: mail or web addresses, separated by commas
LUNAR_DEBUG          local only: "on" shows tracebacks in the browser
LUNAR_PAGE_CACHE     "off" makes every public page anew for everybody who asks; for measuring
DATABASE_URL         PostgreSQL instead of SQLite: postgres://user:password@host:5432/name, or with
                     the directory of a socket: postgres://user@/name?host=/run/postgresql
DATABASE_REPLICA_URL  a read replica of DATABASE_URL, which readers' pages are then made from
CACHE_URL            one cache for all processes: redis://user:password@host:6379/0, rediss://… or
                     unix:///run/redis/redis.sock?db=0; without it each process keeps its own
"""

import os
import tempfile
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.management.utils import get_random_secret_key

from lunar.database import postgresql, replica, sqlite
from lunar.operations import caches, logs
from lunar.operations.environment import Environment

environment = Environment(os.environ)  # small letters: values may be secret

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(environment.text("LUNAR_DATA_DIR", BASE_DIR / "var"))

PRODUCTION = environment.choice("LUNAR_ENV", "production", "local") == "production"
DEBUG = environment.is_on("LUNAR_DEBUG", default=False)


def local_secret_key():
    """Return this installation's own key, made at the first start and kept in DATA_DIR."""
    path = DATA_DIR / "secret-key"
    if not path.exists():
        DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)  # it holds password hashes
        # Whole or not at all: another process may start at the same moment, or this one be killed.
        with tempfile.NamedTemporaryFile("w", dir=DATA_DIR, delete=False) as file:
            file.write(get_random_secret_key())
        os.replace(file.name, path)
    return path.read_text()


if PRODUCTION:
    SECRET_KEY = environment.text("LUNAR_SECRET_KEY")
    ALLOWED_HOSTS = environment.words("LUNAR_ALLOWED_HOSTS")
    if len(SECRET_KEY) < 50:
        environment.problems.append("LUNAR_SECRET_KEY needs at least 50 characters, kept secret.")
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        environment.problems.append(
            "LUNAR_ALLOWED_HOSTS needs the site's host names, such as moon.example.org."
        )
    if DEBUG:
        environment.problems.append("LUNAR_DEBUG must be off in production.")
else:
    SECRET_KEY = local_secret_key()
    ALLOWED_HOSTS = ["*"] if DEBUG else ["localhost", "127.0.0.1", "[::1]", ".localhost"]

INSTALLED_APPS = [
    "lunar",
    "lunar.sources",
    "lunar.parties",
    "missions",
    "diplomacy",
    "lunar.canonical",
    "lunar.desk",
    "lunar.search",
    "lunar.serving",
    "lunar.operations",
    "lunar.desk.admin_config.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",  # templates of form widgets
    "django_tables2",
    "django_filters",
    "csp",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
]

MIDDLEWARE = [
    "lunar.operations.requests.RequestMiddleware",  # first: it tells of all the others
    "lunar.operations.health.HealthMiddleware",  # before what looks at hosts and schemes
    "lunar.serving.pages.PublicPagesMiddleware",
    # What sets headers comes early, so that answers to hosts and schemes refused have them, too.
    "csp.middleware.CSPMiddleware",
    "lunar.middleware.PermissionsPolicyMiddleware",
    "lunar.middleware.AdminMiddleware",
    "lunar.middleware.RefusedMethodMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "lunar.operations.read_only.ReadOnlyMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "lunar.urls"
WSGI_APPLICATION = "lunar.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],  # before the apps, so that admin/base_site.html is ours
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lunar.nav.navigation",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {
    "default": environment.parsed("DATABASE_URL", postgresql) or sqlite(DATA_DIR / "record.sqlite3")
}
if read_from := environment.parsed("DATABASE_REPLICA_URL", replica):
    if "sqlite3" in DATABASES["default"]["ENGINE"]:
        environment.problems.append("DATABASE_REPLICA_URL needs the DATABASE_URL it is a copy of.")
    DATABASES["replica"] = read_from
    DATABASE_ROUTERS = ["lunar.operations.replica.ReplicaRouter"]
    # Outside of whatever looks up of which state a page is.
    place = MIDDLEWARE.index("lunar.serving.pages.PublicPagesMiddleware")
    MIDDLEWARE.insert(place, "lunar.operations.replica.ReplicaMiddleware")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
CACHES = environment.parsed("CACHE_URL", caches.on_server) or caches.in_memory()

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: who is locked out costs no password hash
    "django.contrib.auth.backends.ModelBackend",
]
# Wrong passwords are counted in the database, for all processes together, by user name and
# address: one attacker locks nobody else out, and finds no name by being locked out of it.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "admin/locked_out.html"
AXES_CLIENT_IP_CALLABLE = "lunar.clients.client_address"
AXES_VERBOSE = False
OTP_TOTP_ISSUER = "Lunar Record"
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = False  # one language, plain English; native names are data
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(environment.text("LUNAR_STATIC_DIR", DATA_DIR / "static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_USE_FINDERS = not PRODUCTION  # local work needs no collectstatic
WHITENOISE_AUTOREFRESH = not PRODUCTION

# Public pages are kept whole, and what they count, for the state of the record that they show.
PAGE_CACHE = not DEBUG and environment.is_on("LUNAR_PAGE_CACHE", default=True)
REMEMBER = not DEBUG

# Public pages. AdminMiddleware loosens it for the admin's own widgets.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
HTTPS = PRODUCTION and environment.is_on("LUNAR_HTTPS", default=True)
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
PROXIES = environment.number("LUNAR_PROXIES", 1 if PRODUCTION else 0, most=10)
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"

# For /.well-known/security.txt, which is not there without it.
SECURITY_CONTACTS = [
    contact if ":" in contact else f"mailto:{contact}"
    for contact in environment.words("LUNAR_SECURITY_CONTACT")
]

# The API. Requests are counted for each client, in each process if the cache is its own.
API_RATE_LIMIT = 300  # requests …
API_RATE_SECONDS = 60  # … in as many seconds
API_MOST_PER_PAGE = 500
API_MOST_PAGES = 10_000
API_MAX_AGE = 60  # seconds for which an answer may be kept without asking

READ_ONLY_RETRY_SECONDS = 300  # when to try a change again, while the site takes none

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000  # a transfer with many acts and citations
DATA_UPLOAD_MAX_NUMBER_FILES = 5  # an import is one

LOGGING = logs.configuration(
    environment.choice(
        "LUNAR_LOG_LEVEL",
        *(("INFO", "WARNING") if PRODUCTION else ("WARNING", "INFO")),
        *("DEBUG", "ERROR"),
    ),
    as_json=PRODUCTION,
)

METRICS_TOKEN = environment.text("LUNAR_METRICS_TOKEN")
if METRICS_TOKEN and len(METRICS_TOKEN) < 20:
    environment.problems.append("LUNAR_METRICS_TOKEN needs at least 20 characters, kept secret.")

environment.refuse_problems()
