"""Settings of glibc's allocator for this process and its children: a single heap, with large blocks kept apart.

By default, glibc gives each thread a heap. Responses are rendered by whichever thread is free, so each heap grows to
the largest responses that its thread ever rendered, with holes that other threads cannot fill. Its threshold for large
blocks also adapts: once some have been freed, new ones of that size go into the heap too, and leave holes there. With a
fixed threshold they return to the system.

On other systems (musl, macOS) this does nothing.
"""

import ctypes
from contextlib import suppress

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8  # <malloc.h>
# Bytes; larger than a page of a hundred events. Memory returned to the system has to be fetched again: with glibc's
# initial threshold of 128 KB, that took half as long as everything else for such a page.
LARGE = 512 * 1024


def keep_one_heap() -> None:
    """Call before the first thread starts: every forked process would inherit a second heap."""
    with suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(M_ARENA_MAX, 1)
        mallopt(M_MMAP_THRESHOLD, LARGE)
        mallopt(M_TRIM_THRESHOLD, 2 * LARGE)
