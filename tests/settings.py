"""Settings of the test suite: those of development, on a separate test server."""

import os
from typing import Any

os.environ.setdefault("DEBUG", "1")

from conflict import settings as ordinary

globals().update({name: getattr(ordinary, name) for name in dir(ordinary) if name.isupper()})

# As the owner, which may create the test database; `public` and `owner` are the same connection (conftest.py).
SERVER: dict[str, Any] = {"folder": ordinary.VAR_DIR / "postgres-test", "durable": False}
OWNER = ordinary.DATABASES["owner"]
LOGINS = ordinary.DATABASES
DATABASES = {
    "default": {**OWNER},
    "owner": {**OWNER, "TEST": {"MIRROR": "default"}},
    "public": {**OWNER, "TEST": {"MIRROR": "default"}},
}
for database in (*DATABASES.values(), *LOGINS.values()):
    if "SERVER" in database:
        database["SERVER"] = SERVER

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast; no real password is ever tested
WHITENOISE_AUTOREFRESH = True  # files are served from where they are written: no test gathers them first
COUNT_VIEWS = False  # it writes in a thread and over a connection of its own
