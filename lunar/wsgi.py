"""WSGI entry point `lunar.wsgi:application`; production settings unless LUNAR_ENV says else."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lunar.settings")


def in_utf8(application):
    """Let no request choose a character set: addresses and forms are in UTF-8.

    Django 5.2 reads the address in the one that a Content-Type names, and does so while it makes
    the request, before anything looks after errors: `charset=idna` was a bare 500 everywhere.
    """

    def answer(environ, start_response):
        kind, *parameters = environ.get("CONTENT_TYPE", "").split(";")
        kept = [one for one in parameters if not one.strip().lower().startswith("charset")]
        environ["CONTENT_TYPE"] = ";".join([kind, *kept])
        return application(environ, start_response)

    return answer


application = in_utf8(get_wsgi_application())
