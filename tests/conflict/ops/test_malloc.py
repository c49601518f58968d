"""Memory freed by one thread of a worker is reused by the others, and large blocks return to the system."""

import platform
import re
import subprocess
import sys

import pytest
from django.conf import settings

from conflict.ops.malloc import LARGE

ALLOCATING = f"""
import ctypes, sys, threading
from conflict.ops.malloc import keep_one_heap

libc = ctypes.CDLL(None)
libc.fopen.restype = libc.malloc.restype = ctypes.c_void_p
libc.fopen.argtypes, libc.malloc.argtypes = [ctypes.c_char_p] * 2, [ctypes.c_size_t]
libc.free.argtypes, libc.malloc_info.argtypes = [ctypes.c_void_p], [ctypes.c_int, ctypes.c_void_p]
libc.fclose.argtypes = [ctypes.c_void_p]
together = threading.Barrier(4)

def ask():
    libc.malloc(1000)
    together.wait()

if "one" in sys.argv:
    keep_one_heap()
libc.free(libc.malloc({LARGE} * 40))
kept = libc.malloc({LARGE} * 20)
threads = [threading.Thread(target=ask) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
out = libc.fopen(b"/dev/stdout", b"w")
libc.malloc_info(0, out)
libc.fclose(out)
"""


def allocated(*arguments):
    """How many heaps there are after four threads asked at once, and bytes in blocks that go back by themselves."""
    said = subprocess.run(
        [sys.executable, "-c", ALLOCATING, *arguments], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    ).stdout  # fmt: skip
    by_themselves = re.findall(r'<total type="mmap" count="\d+" size="(\d+)"', said)
    return said.count("<heap "), int(by_themselves[-1])


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has heaps for threads")
def test_threads_share_a_heap_and_what_is_large_is_given_back():
    heaps, by_themselves = allocated("one")
    heaps_otherwise, by_themselves_otherwise = allocated()

    assert heaps == 1 < heaps_otherwise
    assert by_themselves - by_themselves_otherwise >= LARGE * 20
