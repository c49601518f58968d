"""Uploaded files between preview and confirmation, stored under var/, readable by the software alone."""

import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.utils.translation import gettext as _

from editorial.import_export.exceptions import FileRefused, ImportRefused
from editorial.models import ImportRun

LARGEST = 300 * 1024 * 1024  # well above the whole of UCDP GED
LARGEST_TABLE = 25 * 1024 * 1024  # rows of a table are checked one by one, in memory
FOLDER: Path = settings.VAR_DIR / "imports"


class LimitedUpload(TemporaryFileUploadHandler):
    """Upload handler that writes files straight to disk, in chunks, and discards those of a request that is too large.

    Nobody but people who are signed in uploads anything: of others, the rest of the request is not even read.
    """

    too_large = False

    def handle_raw_input(
        self, input_data: Any, meta: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        self.too_large = content_length > LARGEST

    def new_file(self, *args: Any, **options: Any) -> None:
        if SESSION_KEY not in getattr(self.request, "session", {}):
            raise StopUpload(connection_reset=True)
        if not self.too_large:
            super().new_file(*args, **options)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if not self.too_large:
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> Any:
        return None if self.too_large else super().file_complete(file_size)


def refuse_too_large(size: int, *, is_table: bool = False) -> None:
    """Check the size of an upload, in bytes, before reading it. Raises FileRefused."""
    largest = LARGEST_TABLE if is_table else LARGEST
    if size > largest:
        way_out = (
            _("split it")
            if is_table
            else _("import it with manage.py import_dataset on the server, or split it by country or year")
        )
        raise FileRefused(
            _("The file has %(size)s MB and more than %(largest)s MB are not taken here: %(way_out)s.")
            % {"size": size >> 20, "largest": largest >> 20, "way_out": way_out}
        )


def keep(upload: Any) -> Path:
    """A copy of the upload, readable by the software alone."""
    FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    stored_path = FOLDER / secrets.token_hex(16)
    stored_path.touch(mode=0o600)
    with stored_path.open("wb") as file:
        for chunk in upload.chunks():
            file.write(chunk)
    return stored_path


def stored_path(run: ImportRun) -> Path:
    """The stored copy of the previewed file. Raises ImportRefused if it is gone."""
    path = FOLDER / Path(run.stored_as).name
    if not run.stored_as or not path.is_file():
        raise ImportRefused(_("The uploaded file is gone: upload and preview it again."))
    return path


def size(run: ImportRun) -> int:
    return stored_path(run).stat().st_size


def forget(path: Path) -> None:
    path.unlink(missing_ok=True)
