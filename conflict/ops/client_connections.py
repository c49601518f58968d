"""This process's connections with its clients, as the kernel sees them (`TCP_INFO`, Linux only).

The application server does not say which connection a request came over.
"""

import os
import socket
import stat
import struct
from collections.abc import Iterator
from typing import Any, NamedTuple

TCP_INFO = struct.Struct("=B7x24I4Q")  # the beginning of struct tcp_info
ESTABLISHED = 1
LAST_DATA_RECEIVED = 1 + 11  # position in it, after the state
IS_KNOWN = hasattr(socket, "TCP_INFO")


class Connection(NamedTuple):
    """`name` is the addresses of both ends, `number` the file's, `carried` the bytes that came and went so far."""

    name: tuple[Any, ...]
    number: int
    carried: int
    is_open: bool  # at the client's end, too
    silent_for: float  # seconds since the client last sent something

    def shut_down(self) -> None:
        """Close it beneath the server, if the file is still the same connection."""
        try:
            with _copy_of(self.number) as one:
                if (*one.getpeername()[:2], *one.getsockname()[:2]) == self.name:
                    one.shutdown(socket.SHUT_RDWR)
        except OSError:
            return


def connections(port: int) -> Iterator[Connection]:
    """Connections to this port; none where the kernel does not tell."""
    for name in os.listdir("/proc/self/fd") if IS_KNOWN else ():  # noqa: PTH208  # no object per file
        try:
            with _copy_of(int(name)) as one:
                if one.family in (socket.AF_INET, socket.AF_INET6) and one.getsockname()[1] == port:
                    info = TCP_INFO.unpack(one.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, TCP_INFO.size))
                    *_, acknowledged, received = info
                    yield Connection(
                        (*one.getpeername()[:2], *one.getsockname()[:2]),
                        int(name),
                        acknowledged + received,
                        info[0] == ESTABLISHED,
                        info[LAST_DATA_RECEIVED] / 1000,
                    )
        except (OSError, struct.error):
            continue  # no socket, not connected, or closed meanwhile


def _copy_of(number: int) -> socket.socket:
    """Another handle on an open socket. Raises OSError for any other file, and leaves nothing open."""
    if not stat.S_ISSOCK(os.fstat(number).st_mode):
        raise OSError(f"File {number} is no socket.")
    copy = os.dup(number)
    try:
        return socket.socket(fileno=copy)
    except OSError:
        os.close(copy)
        raise
