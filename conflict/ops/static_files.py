"""Static files, collected only if one of them has changed: hashing and compressing them takes half a minute."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command

GATHERED = Path(str(settings.STATIC_ROOT)).with_name("static-files")


def gather() -> None:
    now = fingerprint()
    if GATHERED.exists() and GATHERED.read_text() == now and staticfiles_storage.exists("staticfiles.json"):
        return
    GATHERED.unlink(missing_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    GATHERED.write_text(now)


def fingerprint() -> str:
    """Fingerprint that changes when a file is added, removed or modified."""
    digest = hashlib.sha256(str(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in finder.list(ignore_patterns=[]):
            digest.update(f"{path}\0{storage.size(path)}\0{storage.get_modified_time(path)}\n".encode())
    return digest.hexdigest()
