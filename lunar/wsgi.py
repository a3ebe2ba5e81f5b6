"""WSGI entry point `lunar.wsgi:application`; production settings unless LUNAR_ENV says else."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lunar.settings")

application = get_wsgi_application()
