"""Byte ranges of files and of whole lists: `Range: bytes=…` (RFC 9110).

Interrupted downloads can resume, and programs can read selected parts of large files.
"""

import re
import threading
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from django.http import FileResponse, HttpResponse, HttpResponseBase
from rest_framework.request import Request

from conflict.public.exceptions import Refusal

ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
LARGEST = 16 * 1024 * 1024  # bytes; largest list available in ranges
MOST = 32 * 1024 * 1024  # bytes; all lists cached by a process because somebody reads them in ranges


class NotSatisfiable(Refusal):
    """The requested range lies outside the file."""

    status_code = 416

    def __init__(self, size: int) -> None:
        super().__init__(
            f"The file has {size} bytes: ask for a range that starts within it.", code="range", field="Range"
        )
        self.headers = {"Content-Range": f"bytes */{size}"}


class Part:
    """Part of an open file, with the interface of a file."""

    def __init__(self, file: BinaryIO, start: int, length: int) -> None:
        self.file, self.left = file, length
        file.seek(start)

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(self.left if size < 0 else min(size, self.left))
        self.left -= len(piece)
        return piece

    def close(self) -> None:
        self.file.close()


class RecentLists:
    """Cache of whole lists requested in ranges, by ETag: a client that reads one in twenty ranges has it built once."""

    def __init__(self) -> None:
        self.contents: OrderedDict[str, bytes] = OrderedDict()
        self.lock = threading.Lock()

    def find(self, etag: str) -> bytes | None:
        with self.lock:
            return self.contents.get(etag)

    def keep(self, etag: str, content: bytes) -> None:
        with self.lock:
            self.contents[etag] = content
            self.contents.move_to_end(etag)
            while sum(map(len, self.contents.values())) > MOST:
                self.contents.popitem(last=False)


recent = RecentLists()


def read_up_to(most: int, pieces: Iterable[bytes]) -> bytes | None:
    """The whole content; None if it is longer than the limit."""
    read, size = [], 0
    for piece in pieces:
        read.append(piece)
        size += len(piece)
        if size > most:
            return None
    return b"".join(read)


def file_or_part(request: Request, path: Path, etag: str, content_type: str) -> HttpResponseBase:
    """The file, or the requested range of it.

    Several ranges, or another unit, get the whole file. Raises NotSatisfiable.

    `etag` has to be a strong one and equal to `If-Range`, or the whole file is sent.
    """
    size = path.stat().st_size
    wanted = range_of(request, size, etag)
    whole = path.open("rb")
    file = Part(whole, wanted.start, len(wanted)) if wanted else whole
    response = FileResponse(file, as_attachment=True, filename=path.name, content_type=content_type)
    return described(response, wanted, size)


def content_or_part(request: Request, content: bytes, content_type: str) -> HttpResponseBase:
    """Return all or a range of a list's content. The list's ETag is weak, so `If-Range` always gets the whole."""
    wanted = range_of(request, len(content), "")
    part = content[wanted.start : wanted.stop] if wanted else content
    return described(HttpResponse(part, content_type=content_type), wanted, len(content))


def described(response: HttpResponseBase, wanted: range | None, size: int) -> HttpResponseBase:
    response["Accept-Ranges"] = "bytes"
    response["Content-Length"] = str(len(wanted) if wanted else size)
    if wanted:
        response.status_code = 206
        response["Content-Range"] = f"bytes {wanted.start}-{wanted.stop - 1}/{size}"
    return response


def range_of(request: Request, size: int, etag: str) -> range | None:
    """The bytes requested; None for all of them, or if the range is invalid. Raises NotSatisfiable."""
    match = ONE_RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    still_the_same = request.headers.get("If-Range", etag) == etag
    if request.method != "GET" or not match or not any(match.groups()) or not still_the_same:
        return None
    first, last = match.groups()
    if first and last and int(last) < int(first):
        return None  # RFC 9110, 14.1.1: invalid, so the field is ignored
    start, end = bounds(first, last, size)
    if start > end or start >= size:
        raise NotSatisfiable(size)
    return range(start, end + 1)


def bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """First and last byte, both inclusive; `-500` means the last 500."""
    if not first:
        return (max(0, size - int(last)), size - 1) if int(last) else (size, size)
    return int(first), min(int(last), size - 1) if last else size - 1
