"""Parts of files: `Range: bytes=…` (RFC 9110), so that a download that broke off goes on where it stopped."""

import re
from pathlib import Path
from typing import BinaryIO

from django.http import FileResponse, HttpResponseBase
from rest_framework.request import Request

from conflict.public.exceptions import Refusal

ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class NotSatisfiable(Refusal):
    """A range that lies outside the file."""

    status_code = 416

    def __init__(self, size: int) -> None:
        super().__init__(
            f"The file has {size} bytes: ask for a range that starts within it.", code="range", field="Range"
        )
        self.headers = {"Content-Range": f"bytes */{size}"}


class Part:
    """A stretch of an open file, read like a file."""

    def __init__(self, file: BinaryIO, start: int, length: int) -> None:
        self.file, self.left = file, length
        file.seek(start)

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(self.left if size < 0 else min(size, self.left))
        self.left -= len(piece)
        return piece

    def close(self) -> None:
        self.file.close()


def file_or_part(request: Request, path: Path, etag: str, content_type: str) -> HttpResponseBase:
    """The file, or the one range of it that was asked for. Several ranges, or another unit, get the whole. Raises NotSatisfiable.

    `etag` has to be a strong one, and has to be what `If-Range` names, or the whole file is sent.
    """
    size = path.stat().st_size
    asked = ONE_RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    still_the_same = request.headers.get("If-Range", etag) == etag
    if request.method != "GET" or not asked or not any(asked.groups()) or not still_the_same:
        response = FileResponse(path.open("rb"), as_attachment=True, filename=path.name, content_type=content_type)
        response["Accept-Ranges"] = "bytes"
        return response
    first, last = asked.groups()
    start, end = bounds(first, last, size)
    if start > end or start >= size:
        raise NotSatisfiable(size)
    part = Part(path.open("rb"), start, end - start + 1)
    response = FileResponse(part, status=206, as_attachment=True, filename=path.name, content_type=content_type)
    response["Content-Length"] = str(end - start + 1)
    response["Content-Range"] = f"bytes {start}-{end}/{size}"
    response["Accept-Ranges"] = "bytes"
    return response


def bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """First and last byte, both inclusive; `-500` means the last 500."""
    if not first:
        return (max(0, size - int(last)), size - 1) if int(last) else (size, size)
    return int(first), min(int(last), size - 1) if last else size - 1
