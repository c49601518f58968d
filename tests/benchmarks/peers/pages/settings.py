"""Settings of the Wagtail peer: only those its API needs."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from conflict import chronology_file

_database = urlsplit(os.environ["WAGTAIL_DATABASE_URL"])

SECRET_KEY = "a-long-text-for-the-benchmarks-that-keeps-no-secret-0123456789"
ALLOWED_HOSTS = ["127.0.0.1"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": unquote(_database.hostname or ""),
        "USER": _database.username,
        "NAME": _database.path[1:],
        "CONN_MAX_AGE": 60,
    }
}
# The invented world is written in our vocabulary, which asks for the families of actors.
CHRONOLOGY = chronology_file.read(Path(__file__).parents[4] / "fixtures" / "mali-war", [])
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
USE_TZ = True
ROOT_URLCONF = "tests.benchmarks.peers.pages.urls"
STATIC_URL = "static/"
WAGTAIL_SITE_NAME = "Benchmarks"
WAGTAILADMIN_BASE_URL = "http://127.0.0.1"
WAGTAILAPI_LIMIT_MAX = 100
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
INSTALLED_APPS = [
    "tests.benchmarks.peers.pages",
    "wagtail.api.v2",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "rest_framework",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": False}}
