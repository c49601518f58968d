"""WSGI entry point for application servers: the one in `manage.py serve`, or any other."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conflict.settings")

application = get_wsgi_application()
