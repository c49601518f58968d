"""Static files: the favicon's address, and collecting them, only if one of them has changed: hashing and compressing them takes half a minute."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe
from whitenoise.storage import CompressedManifestStaticFilesStorage

GATHERED = Path(str(settings.STATIC_ROOT)).with_name("static-files")


class VersionedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise carries no types
    """Hashed files, in a folder that versions may share: each folder of the software has a manifest of its own.

    So a process of the version before goes on with the files that its templates name.
    """

    manifest_name = f"staticfiles-{hashlib.sha256(str(settings.BASE_DIR).encode()).hexdigest()[:12]}.json"


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """The mark, for browsers that ask for it by its old name before they have read a page."""
    return redirect(staticfiles_storage.url("conflict/mark.svg"))


def gather() -> None:
    now = fingerprint()
    if GATHERED.exists() and GATHERED.read_text() == now and staticfiles_storage.exists(VersionedStorage.manifest_name):
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
