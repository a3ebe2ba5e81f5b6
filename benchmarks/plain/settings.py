"""Settings of the plain project; the database is that of the site."""

import os
from pathlib import Path

from lunar.database import postgresql

DEBUG = False
SECRET_KEY = "plain-project-of-the-benchmarks-serves-nothing-secret"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "benchmarks.plain.urls"
WSGI_APPLICATION = "benchmarks.plain.wsgi.application"
INSTALLED_APPS = [
    "benchmarks.plain",
    "lunar.sources",
    "lunar.parties",
    "missions",
    "diplomacy",
    "lunar.canonical",  # these four only because template tags of the apps import them
    "lunar.desk",
    "lunar.search",
    "lunar.serving",
    "django_tables2",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
if os.environ.get("DATABASE_URL"):
    DATABASES = {"default": postgresql(os.environ["DATABASE_URL"])}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": Path(os.environ["LUNAR_DATA_DIR"], "record.sqlite3"),
            "CONN_MAX_AGE": 600,
        }
    }
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
