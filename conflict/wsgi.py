"""The entry point for application servers: `manage.py serve` has one, any other of WSGI does."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conflict.settings")

application = get_wsgi_application()
