"""Settings of glibc's allocator for this process and its children: one heap, large blocks apart.

That of Linux (glibc) gives each thread a heap of its own. An answer is made by whichever thread is free, so each heap
grows to the largest answers that its thread ever made, with holes that no other thread may fill. And of large blocks it
learns: once some were given back, those of their size go into the heap as well, and leave holes there. With a bound
that stands, they go back to the system.

Elsewhere (musl, macOS) there is nothing to say.
"""

import ctypes
from contextlib import suppress

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8  # <malloc.h>
# Bytes, above a page of a hundred events: what goes back to the system is fetched from it again, and with glibc's first
# bound of 128 KB that took half as long again as all the rest of such a page.
LARGE = 512 * 1024


def keep_one_heap() -> None:
    """To be called before the first thread: its heap would be found and used by a thread of each process forked."""
    with suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(M_ARENA_MAX, 1)
        mallopt(M_MMAP_THRESHOLD, LARGE)
        mallopt(M_TRIM_THRESHOLD, 2 * LARGE)
