"""Uploaded files between preview and confirmation: kept under var/, readable by the software alone."""

import secrets
from pathlib import Path
from typing import Any

from django.conf import settings

from editorial.exchange.refusals import FileRefused, ImportRefused
from editorial.models import ImportRun

LARGEST = 25 * 1024 * 1024  # about 40,000 events: what one request can read and write
FOLDER: Path = settings.VAR_DIR / "imports"


def keep(upload: Any) -> Path:
    """A copy of the upload. Raises FileRefused where it is too large to be read in one request."""
    if upload.size > LARGEST:
        raise FileRefused(
            f"The file has {upload.size // 1_000_000} MB and more than {LARGEST // 1_000_000} MB are not taken here: "
            "import it with manage.py import_dataset on the server, or split it by country or year."
        )
    FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = FOLDER / secrets.token_hex(16)
    kept.touch(mode=0o600)
    with kept.open("wb") as file:
        for chunk in upload.chunks():
            file.write(chunk)
    return kept


def kept(run: ImportRun) -> Path:
    """The copy of what was previewed. Raises ImportRefused where it is gone."""
    path = FOLDER / Path(run.stored_as).name
    if not run.stored_as or not path.is_file():
        raise ImportRefused("The uploaded file is gone: upload and preview it again.")
    return path


def forget(path: Path) -> None:
    path.unlink(missing_ok=True)
