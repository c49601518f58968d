"""Our programs in separate processes against the test database, for behaviour that only a real process shows."""

import os
import subprocess
import sys
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connections

LOGINS = {"DATABASE_URL": "default", "OWNER_DATABASE_URL": "owner", "PUBLIC_DATABASE_URL": "public"}


def database_urls(name: str = "") -> dict[str, str]:
    """The three logins on the test database, or on another one of its server."""
    here = connections["default"].get_connection_params()
    urls = {}
    for variable, alias in LOGINS.items():
        login: dict[str, Any] = settings.LOGINS[alias]
        who = quote(login["USER"]) + (f":{quote(login['PASSWORD'])}" if login.get("PASSWORD") else "")
        where = f"{quote(here.get('host') or '127.0.0.1', safe='')}:{here.get('port') or 5432}"
        urls[variable] = f"postgres://{who}@{where}/{name or here['dbname']}"
    return urls


def environment(database: str = "") -> dict[str, str]:
    """The settings of a public site that docs/install.md documents, and no others."""
    return {
        "PATH": os.defpath,
        "SECRET_KEY": "a-long-text-for-the-tests-of-processes-0123456789",
        "ALLOWED_HOSTS": "chronology.example",
        "DJANGO_SETTINGS_MODULE": "conflict.settings",
        **database_urls(database),
    }


def run(*arguments: str, database: str = "", **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run Python as on a public site."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env={**environment(database), **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def program(text: str, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run a short program with Django set up."""
    return run(
        "-c",
        f"import django; django.setup()\n{text}",
        *arguments,
        DJANGO_SETTINGS_MODULE="tests.public_site",
        **variables,
    )
