"""Highest head of the log shown to anybody, shared by all processes of the machine, and in the shared cache.

Stored as eight bytes in an anonymous file, mapped before the application server forks (`manage.py serve`), so that its
workers share it. If they are started separately, or on several machines, the shared cache carries it.
"""

import fcntl
import mmap
import os
import struct
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache, caches

NAME = "head of the log that was shown"

_file, _path = tempfile.mkstemp()
Path(_path).unlink()
os.truncate(_file, mmap.PAGESIZE)
_shared = mmap.mmap(_file, mmap.PAGESIZE)
_threads = threading.Lock()


def current() -> int:
    """Return the minimum head: no reader may be shown an older log."""
    (here,) = struct.unpack_from("q", _shared)
    if not settings.CACHE_URL:
        return int(here)
    elsewhere = cache.get(NAME, 0)
    return max(int(here), elsewhere if isinstance(elsewhere, int) else 0)


def raise_to(head: int) -> None:
    """Raise the minimum to a head about to be shown."""
    if head <= current():
        return
    with _alone():
        (here,) = struct.unpack_from("q", _shared)
        if head > here:
            struct.pack_into("q", _shared, 0, head)
    if settings.CACHE_URL:
        shared: Any = caches["default"]
        shared.raise_to(NAME, head)  # another machine may have shown a later one meanwhile


def lower_to(head: int) -> None:
    """Lower the minimum after a loss: no reachable server has what was shown before."""
    with _alone():
        struct.pack_into("q", _shared, 0, head)
    if settings.CACHE_URL:
        cache.set(NAME, head, None)


@contextmanager
def _alone() -> Iterator[None]:
    """Lock against other threads and processes. The kernel releases it if a process is killed."""
    with _threads:
        fcntl.lockf(_file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(_file, fcntl.LOCK_UN)
